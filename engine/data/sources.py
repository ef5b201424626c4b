"""The pixels of the data sets known by name, as they were published; needs no torch unless one must be downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.data.catalogue import data_set
from engine.data.images import Pixels
from engine.data.progress import Listener


@dataclass(frozen=True, slots=True)
class RawImages:
    """Pixels ``(N, C, H, W)`` and labels; the last ``tests`` images are the set's own test images."""

    pixels: Pixels
    labels: NDArray[np.int64]
    tests: int = 0


def raw_images(name: str, *, progress: Listener | None = None) -> RawImages:
    """All images of a data set, downloaded first if need be; raises `LayerloomError`."""
    if data_set(name).download_bytes:
        from engine.data.downloads import downloaded

        return downloaded(name, progress=progress)
    return _digits()


@cache
def _digits() -> RawImages:
    """The 1 797 digits that scikit-learn carries, their grey values 0 to 16 stretched to 0 to 255."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    pixels = (bunch.images * (255 / 16)).round().astype(np.uint8)[:, None]
    return RawImages(pixels, bunch.target.astype(np.int64))
