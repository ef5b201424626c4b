"""The values that images of more than 8 bits hold, and the range that a data set of them shares.

A few wild values, as dead pixels and marks for "no value" are, must not decide it: they would make all else black.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.intensity import Depth, IntensityRange, Values, by_kind, pieces
from engine.words import counted, thousands

_BITS = (10, 12, 14, 16)  # what cameras and scanners measure with
_LEVELS = 255  # steps between the values that are told apart
_WILD = 100  # times the usual span beyond the usual values
_FEW = 10  # of so many images one may be wild
_NEAR = 1e-6  # of a value: as near as floats of 32 bits tell another one apart
_MARKS = {
    *(float(sign * (10**digits - 1)) for sign in (-1, 1) for digits in range(3, 8)),  # -9999 and the like
    *(-(2.0**15), 1 - 2.0**15, -(2.0**31), 1 - 2.0**31, 2.0**31 - 1),  # the ends of integers
}
"""Integers that programs write where there is no value; a range ends with none of them by chance."""


class Bounds(NamedTuple):
    """The values that count; others are cut."""

    low: float = -math.inf
    high: float = math.inf

    def within(self, other: Bounds) -> Bounds:
        """What is in both."""
        return Bounds(max(self.low, other.low), min(self.high, other.high))


UNBOUNDED = Bounds()

MEASURED = Bounds(-1e15, 1e15)
"""No sensor measures beyond: what programs write there, such as 1e20 and the least float, stands for no value."""


class Extent(NamedTuple):
    """The least and the largest finite value of an image within bounds, and how many are ``below`` and ``above`` them.

    ``inside`` are those within; where there are none, ``low`` is infinite and ``high`` minus infinite.
    """

    low: float
    high: float
    depth: Depth
    inside: int
    below: int = 0
    above: int = 0

    @property
    def is_flat(self) -> bool:
        """Whether it has no two values."""
        return self.low >= self.high


def extent_of(values: Values, bounds: Bounds = UNBOUNDED) -> Extent:
    """The extent of an image."""
    parts = [_of_piece(some, bounds) for some in pieces(values)]
    lows, highs, counts, below, above = zip(*parts, strict=True)
    return Extent(min(lows), max(highs), Depth.of(values), sum(counts), sum(below), sum(above))


def by_own_range(values: Values) -> NDArray[np.uint8]:
    """An image by its own range, where it is only to be seen."""
    found = next((one for bounds in (MEASURED, UNBOUNDED) if (one := extent_of(values, bounds)).inside), None)
    return _spanning([found])(values) if found else by_kind(np.zeros(values.shape, np.uint16))


Measure = Callable[[Iterable[int], Bounds], dict[int, Extent]]
"""The extents of the images at some places within bounds, by place; what cannot be read any more is left out."""


@dataclass(frozen=True, slots=True)
class CommonRange:
    """The range of the images of one depth, with sentences on what it leaves out."""

    depth: Depth
    range: IntensityRange
    images: int
    notes: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """It in short: "16 bit, scaled by 4095", "float, 0 to 1.02"."""
        low, high = f"{self.range.low:.6g}", f"{self.range.high:.6g}"
        ends = f"{low} to {high}" if self.range.low or self.depth is not Depth.SIXTEEN else f"scaled by {high}"
        return f"{self.depth.short}, {ends}"


def common_ranges(places: Iterable[int], measure: Measure) -> tuple[CommonRange, ...]:
    """The range that images share, for each depth that they have.

    It reaches from the least to the largest value; integers of 16 bits begin at 0 and end with the smallest of 10, 12,
    14 and 16 bits that holds them. Values that no sensor measures are cut, unless hardly any other is there; so are
    marks for "no value" that lie apart, as -9999 does, several too; where an image in ten goes a hundred times as far
    as the median image, so is what lies beyond.
    """
    measured = measure(places, MEASURED)
    found = []
    for depth in Depth:
        extents = {place: extent for place, extent in measured.items() if extent.depth is depth}
        if range_ := _common(depth, _tamed(extents, measure)):
            found.append(range_)
    return tuple(found)


def _tamed(extents: dict[int, Extent], measure: Measure) -> list[Extent]:
    """The extents of images of one depth without the values that are cut."""
    bounds = MEASURED
    if _are_all_vast(list(extents.values())):
        bounds = UNBOUNDED
        extents = measure(extents, bounds)
    if not any(extent.depth is Depth.SIXTEEN for extent in extents.values()):
        bounds, extents = _unmarked(extents, measure, bounds)
    usual = _usual(list(extents.values())).within(bounds)
    wild = {place for place, one in extents.items() if one.inside and (one.low < usual.low or one.high > usual.high)}
    if 0 < len(wild) <= max(1, len(extents) // _FEW):
        extents = _without(extents, wild) | measure(wild, usual)
    return list(extents.values())


def _are_all_vast(extents: Sequence[Extent]) -> bool:
    """Whether what stands for no value elsewhere is what was measured: most values are such, others hardly differ."""
    cut, inside = sum(one.below + one.above for one in extents), sum(one.inside for one in extents)
    return cut > inside and sum(not one.is_flat for one in extents) * _FEW < len(extents)


def _unmarked(extents: dict[int, Extent], measure: Measure, bounds: Bounds) -> tuple[Bounds, dict[int, Extent]]:
    """Bounds and extents without the marks for "no value" that lie further from all else than all else reaches."""
    core, inner, marks = extents, bounds, list[tuple[float, Bounds]]()
    while found := _mark_at_an_end(core.values()):
        marks.append(found)
        inner = inner.within(found[1])
        marked = {place for place, one in core.items() if found[0] in (one.low, one.high)}
        core = _without(core, marked) | measure(marked, inner)
    low, high = _ends(core.values())
    for mark, without in reversed(marks):  # from the inner ones out
        if _is_apart(mark, low, high):
            bounds = bounds.within(without)
        else:
            low, high = min(low, mark), max(high, mark)
    cut = {place for place, one in extents.items() if one.low < bounds.low or one.high > bounds.high}
    return bounds, _without(extents, cut) | measure(cut, bounds)


def _without(extents: dict[int, Extent], places: set[int]) -> dict[int, Extent]:
    return {place: one for place, one in extents.items() if place not in places}


def _mark_at_an_end(extents: Iterable[Extent]) -> tuple[float, Bounds] | None:
    """A mark that is the least or the largest value, and the bounds of all else."""
    low, high = _ends(extents)
    if low in _MARKS:
        return low, Bounds(low=low + abs(low) * _NEAR)
    if high in _MARKS:
        return high, Bounds(high=high - abs(high) * _NEAR)
    return None


def _ends(extents: Iterable[Extent]) -> tuple[float, float]:
    filled = [one for one in extents if one.inside]
    return min((one.low for one in filled), default=math.inf), max((one.high for one in filled), default=-math.inf)


def _is_apart(mark: float, low: float, high: float) -> bool:
    """Whether a mark lies further from a range than that is wide."""
    return 0 < high - low < max(low - mark, mark - high)


def _usual(extents: Sequence[Extent]) -> Bounds:
    """How far images may go, by the one in the middle; without bounds where that has no span."""
    filled = [extent for extent in extents if extent.inside]
    if not filled or any(extent.depth is Depth.SIXTEEN for extent in filled):
        return UNBOUNDED
    low = sorted(extent.low for extent in filled)[len(filled) // 2]
    high = sorted(extent.high for extent in filled)[(len(filled) - 1) // 2]
    return Bounds(low - _WILD * (high - low), high + _WILD * (high - low)) if high > low else UNBOUNDED


def _common(depth: Depth, extents: Sequence[Extent]) -> CommonRange | None:
    filled = [extent for extent in extents if extent.inside]
    if not filled:
        return None
    range_ = _spanning(filled)
    return CommonRange(depth, range_, len(extents), (*_cut_words(range_, extents), *_lost_words(range_, filled)))


def _spanning(extents: Iterable[Extent]) -> IntensityRange:
    lows, highs, depths = zip(*((extent.low, extent.high, extent.depth) for extent in extents), strict=True)
    high = max(highs)
    if depths[0] is Depth.SIXTEEN:
        return IntensityRange(0.0, float(next(2**bits - 1 for bits in _BITS if high < 2**bits)))
    return IntensityRange(min(lows), high)


def _cut_words(range_: IntensityRange, extents: Sequence[Extent]) -> tuple[str, ...]:
    """How many values lie too far out to count."""
    below, above = sum(extent.below for extent in extents), sum(extent.above for extent in extents)
    sides = [
        f"{counted(many, 'value')} {side} {end:.6g}"
        for many, side, end in ((below, "below", range_.low), (above, "above", range_.high))
        if many
    ]
    verb = "is" if below + above == 1 else "are"
    return (f"{' and '.join(sides)} {verb} cut, far from all others.",) if sides else ()


def _lost_words(range_: IntensityRange, extents: Sequence[Extent]) -> tuple[str, ...]:
    """How many images become one grey as the range is so much wider than they are, where those are most."""
    level = (range_.high - range_.low) / _LEVELS
    lost = sum(not extent.is_flat and extent.high - extent.low < level for extent in extents)
    if 2 * lost <= len(extents):
        return ()
    return (
        f"{thousands(lost)} of {counted(len(extents), 'image')} become a single grey: together their values reach from "
        f"{range_.low:.6g} to {range_.high:.6g}, each has less than a 255th of that.",
    )


def _of_piece(values: Values, bounds: Bounds) -> tuple[float, float, int, int, int]:
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    below, above = finite < bounds.low, finite > bounds.high
    inside = finite[~(below | above)]
    low, high = (float(inside.min()), float(inside.max())) if inside.size else (math.inf, -math.inf)
    return low, high, inside.size, int(below.sum()), int(above.sum())
