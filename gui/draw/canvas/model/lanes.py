"""Which values run side by side: each gets a lane that is free along its whole span."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import NamedTuple

from gui.draw.canvas.model.links import Terminal

_COLUMN = 200.0


class Span(NamedTuple):
    """A value runs beside the column at ``x`` of a block, from ``top`` to ``bottom``."""

    block: str
    x: float
    top: float
    bottom: float


class Lanes:
    """The lane of each value, 0 next to its column."""

    def __init__(self) -> None:
        self._lane: dict[Terminal, int] = {}
        self._spans: dict[Terminal, Span] = {}
        self._beside: defaultdict[tuple[str, int], dict[Terminal, None]] = defaultdict(dict)

    def __getitem__(self, start: Terminal) -> int:
        return self._lane.get(start, 0)

    def drop(self, start: Terminal) -> None:
        """Free the lane of a value; it is kept in mind, to tell a change."""
        span = self._spans.pop(start, None)
        if span is not None:
            self._beside[_place(span)].pop(start, None)

    def take(self, start: Terminal, span: Span) -> bool:
        """Give a value the first free lane; True if that is another than before."""
        block, column = _place(span)
        others = {other for near in (column - 1, column, column + 1) for other in self._beside.get((block, near), ())}
        taken = {self._lane[other] for other in others if _overlap(span, self._spans[other])}
        lane = next(number for number in count() if number not in taken)
        changed = self._lane.get(start, 0) != lane
        self._lane[start] = lane
        self._spans[start] = span
        self._beside[(block, column)][start] = None
        return changed


def _place(span: Span) -> tuple[str, int]:
    return span.block, round(span.x / _COLUMN)


def _overlap(one: Span, other: Span) -> bool:
    return abs(one.x - other.x) < _COLUMN and one.top < other.bottom and other.top < one.bottom
