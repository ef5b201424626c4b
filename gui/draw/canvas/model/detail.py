"""How much is drawn at a zoom: four levels, switched with hysteresis so that nothing flickers at a border."""

from __future__ import annotations

from enum import IntEnum

HYSTERESIS = 0.05


class Detail(IntEnum):
    """From bars to everything; a higher level draws more."""

    BARS = 0
    BOXES = 1
    TITLES = 2
    FULL = 3


_BORDERS = (0.20, 0.45, 0.80)  # zoom at which the next level begins


def detail_at(zoom: float, current: Detail = Detail.FULL) -> Detail:
    """The level at ``zoom``; a level is left downwards only 5 % below the zoom at which it began."""
    borders = (border * (1 - HYSTERESIS) if current > level else border for level, border in enumerate(_BORDERS))
    return Detail(sum(zoom >= border - 1e-9 for border in borders))
