"""The files of a data set that hold more than 8 bits, which wait for the range that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.data.decoding import extents, scaled
from engine.data.images import Pixels, UnreadableImageError
from engine.data.intensity import IntensityRange, common_range
from engine.data.loaded import Images
from engine.data.progress import Listener
from engine.layers.shape import Shape


@dataclass(frozen=True, slots=True)
class DeepFiles:
    """``files`` are the deep ones by their places in the set; ``on`` gives all images of the set, those on a range."""

    files: Mapping[int, Path]
    on: Callable[[IntensityRange], Images]

    def range_of(self, indices: NDArray[np.int64], *, progress: Listener | None) -> IntensityRange | None:
        """The range of some images of the set; None where none of them is deep."""
        return common_range(extents([self.files[i] for i in indices.tolist() if i in self.files], progress=progress))


def rescale(
    pixels: Pixels, files: Mapping[int, Path], intensities: IntensityRange, *, progress: Listener | None
) -> None:
    """Read the deep ``files`` again and put them on a range, in their places of ``pixels`` ``(N, C, H, W)``."""
    again = scaled(list(files.values()), Shape(*pixels.shape[1:]), intensities, progress=progress)
    for place, image in zip(files, again, strict=True):
        if not isinstance(image, UnreadableImageError):  # it was read a moment ago
            pixels[place] = image
