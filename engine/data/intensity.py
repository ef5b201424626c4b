"""How values of more than 8 bits become pixels from 0 to 255: one range of intensities for a whole data set.

Pixels are kept in 8 bits, so that of a wide range only 256 levels remain: a 255th of it is the least difference that a
network sees.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
"""What a file says of each pixel, integers or floats of any size, rows first; of colours red, green, blue last."""

Scaling = Callable[[Values], NDArray[np.uint8]]
"""Brings values to 0 to 255, uint8, in the same shape."""

_AT_ONCE = 2**20  # values, of which some are held as floats of 64 bits


class Depth(StrEnum):
    """What kind of values an image of more than 8 bits has."""

    SIXTEEN = "16 bits"
    INTEGERS = "32 bits"
    FLOATS = "floats"

    @property
    def short(self) -> str:
        """As one image of it is spoken of: "16 bit"."""
        return self.value.removesuffix("s")

    @classmethod
    def of(cls, values: Values) -> Depth:
        """The depth of some values."""
        if values.dtype.itemsize == 2:
            return cls.SIXTEEN
        return cls.FLOATS if values.dtype.kind == "f" else cls.INTEGERS


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
        return _piecewise(values, self._scaled)

    def _scaled(self, values: Values) -> NDArray[np.float64]:
        wide = np.nan_to_num(values.astype(np.float64), nan=self.low, posinf=self.high, neginf=self.low)
        span = self.high - self.low
        inside: NDArray[np.float64] = (wide - self.low).clip(0, span) / (span or 1.0)
        return inside * 255


@dataclass(frozen=True, slots=True)
class Intensities:
    """The ranges of a data set, one for each depth that its images have; those of another depth go by their kind."""

    ranges: Mapping[Depth, IntensityRange]

    @classmethod
    def of_all(cls, every: IntensityRange) -> Intensities:
        """One range for images of any depth, as runs had it at first."""
        return cls(dict.fromkeys(Depth, every))

    def __call__(self, values: Values) -> NDArray[np.uint8]:
        """The values of an image as pixels, uint8."""
        return self.ranges.get(Depth.of(values), by_kind)(values)


def by_kind(values: Values) -> NDArray[np.uint8]:
    """An image by the kind of its values: 16-bit integers by their full range, floats in 0 to 1 by theirs.

    So go runs whose images have no common range: those that began before there was one, or have 8 bits. Colours of 16
    bits are what those runs took them for, their upper 8 bits.
    """
    if values.ndim == 3:
        return (values >> 8).astype(np.uint8)
    highest = max(_wide(some).max(initial=0) for some in pieces(values))
    if Depth.of(values) is Depth.FLOATS and highest <= 1:
        return _piecewise(values, lambda some: _wide(some) * 255)
    if Depth.of(values) is Depth.SIXTEEN or highest > 255:
        return _piecewise(values, lambda some: _wide(some) / 257)
    return _piecewise(values, _wide)


def pieces(values: Values) -> Iterator[Values]:
    """The rows of an image, or a line of values, some at a time, at least once."""
    step = max(1, _AT_ONCE // max(1, values[:1].size))
    for start in range(0, max(1, len(values)), step):
        yield values[start : start + step]


def _wide(values: Values) -> NDArray[np.float64]:
    return np.nan_to_num(values.astype(np.float64))


def _piecewise(values: Values, scaled: Callable[[Values], NDArray[np.float64]]) -> NDArray[np.uint8]:
    """What ``scaled`` gives for an image, rounded and within 0 to 255, without holding all of it as floats."""
    return np.concatenate([scaled(some).round().clip(0, 255).astype(np.uint8) for some in pieces(values)])
