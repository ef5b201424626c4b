"""How values of more than 8 bits become pixels from 0 to 255: one range of intensities for a whole data set.

Pixels are kept in 8 bits, so that of a wide range only 256 levels remain: a 255th of it is the least difference that a
network sees.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
"""What a file says of each pixel, integers or floats of any size."""

Scaling = Callable[[Values], NDArray[np.uint8]]
"""Brings values to 0 to 255, uint8, in the same shape."""

_BITS = (10, 12, 14, 16)  # what cameras and scanners measure with


@dataclass(frozen=True, slots=True)
class IntensityRange:
    """The values that become black and white; all others are clipped to them, and what is no number is black.

    Raises ``ValueError`` for what is no range of finite values.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not -math.inf < self.low <= self.high < math.inf:
            raise ValueError("is no range of finite values")

    def __call__(self, values: Values) -> NDArray[np.uint8]:
        """The values as pixels, uint8."""
        wide = np.nan_to_num(values.astype(np.float64), nan=self.low, posinf=self.high, neginf=self.low)
        span = self.high - self.low
        inside = (wide - self.low).clip(0, span) / (span or 1.0)
        return (inside * 255).round().astype(np.uint8)


class Extent(NamedTuple):
    """The least and the largest finite value of an image; ``sixteen`` says that they are integers of 16 bits."""

    low: float
    high: float
    sixteen: bool


def extent_of(values: Values) -> Extent | None:
    """The extent of an image; None where it has no finite value."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    return Extent(float(finite.min()), float(finite.max()), _is_sixteen(values))


def common_range(extents: Sequence[Extent]) -> IntensityRange | None:
    """The range of a set: from its least to its largest value, None where there is none.

    Integers of 16 bits begin at 0 and end with the smallest of 10, 12, 14 and 16 bits that holds them.
    """
    if not extents:
        return None
    high = max(extent.high for extent in extents)
    if all(extent.sixteen for extent in extents):
        return IntensityRange(0.0, float(next(2**bits - 1 for bits in _BITS if high < 2**bits)))
    return IntensityRange(min(extent.low for extent in extents), high)


def by_own_range(values: Values) -> NDArray[np.uint8]:
    """An image by its own range, where it is only to be seen."""
    extent = extent_of(values)
    own = common_range([extent]) if extent else None
    return (own or IntensityRange(0.0, 0.0))(values)


def by_kind(values: Values) -> NDArray[np.uint8]:
    """An image by the kind of its values: 16-bit integers by their full range, floats in 0 to 1 by theirs.

    So go runs whose images have no common range: those that began before there was one, or have 8 bits.
    """
    wide = np.nan_to_num(values.astype(np.float64))
    if values.dtype.kind == "f" and wide.max(initial=0) <= 1:
        wide = wide * 255
    elif _is_sixteen(values) or wide.max(initial=0) > 255:
        wide = wide / 257
    return wide.round().clip(0, 255).astype(np.uint8)


def _is_sixteen(values: Values) -> bool:
    return values.dtype.itemsize == 2
