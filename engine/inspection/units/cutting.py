"""Cutting what a unit sees out of an image."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.network.reach import Rectangle

Image: TypeAlias = "NDArray[np.float32]"

GREY = 0.5
"""What stands for pixels outside the image, on the scale 0 to 1; of signed values it is 0."""


def cut(image: Image, seen: Rectangle, window: tuple[int, int], *, outside: float) -> Image:
    """What is seen of an image ``(C, H, W)``, in the top left of a ``window`` of rows and columns."""
    found = np.full((len(image), *window), outside, np.float32)
    (top, bottom), (left, right) = seen
    (height, width) = image.shape[1:]
    rows, columns = slice(max(top, 0), min(bottom + 1, height)), slice(max(left, 0), min(right + 1, width))
    part = image[:, rows, columns]
    found[:, rows.start - top : rows.start - top + part.shape[1], columns.start - left :][:, :, : part.shape[2]] = part
    return found
