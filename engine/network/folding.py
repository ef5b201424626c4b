"""Folding one long column into several, for a picture that fits the window."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

ASPECT = 16 / 10


def fold(
    heights: Sequence[float],
    lefts: Sequence[float],
    rights: Sequence[float],
    breaks: Iterable[Sequence[bool]],
    *,
    gutter: float,
) -> list[int]:
    """Where columns end (row numbers, exclusive), for a width to height near 16:10.

    ``heights`` of rows with their gaps, their ``lefts`` and ``rights`` measured from one axis, and below which rows
    a column may end: the best ``breaks`` first, others for when those leave a shape far from that.
    """
    width = max(rights) - min(lefts) + gutter
    count = max(1, round(math.sqrt(ASPECT * sum(heights) / width)))
    found = []
    for allowed in breaks:
        for columns in range(max(1, count - 2), count + 4):
            ends = _balanced(heights, allowed, columns)
            found.append((_misfit(ends, heights, lefts, rights, gutter), ends))
        best = min(found)
        if best[0] < math.log(2):  # within a factor of two of the aspect
            break
    return best[1]


def _balanced(heights: Sequence[float], breaks: Sequence[bool], columns: int) -> list[int]:
    """At most ``columns`` columns, the longest as short as breaks allow."""
    low, high = _longest_run(heights, breaks), sum(heights)
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_fill(heights, breaks, middle)) <= columns else (middle, high)
    return _fill(heights, breaks, high)


def _longest_run(heights: Sequence[float], breaks: Sequence[bool]) -> float:
    """The height of the longest part in which no column may end."""
    longest = run = 0.0
    for height, may_end in zip(heights, breaks, strict=True):
        run += height
        longest = max(longest, run)
        run = 0.0 if may_end else run
    return longest


def _fill(heights: Sequence[float], breaks: Sequence[bool], limit: float) -> list[int]:
    """Fill columns up to ``limit``; one that finds no place to break goes beyond it."""
    ends: list[int] = []
    used = since = 0.0  # height of the open column, and of its part after the last place to break
    place = 0
    for row, height in enumerate(heights):
        if used + height > limit and place > (ends[-1] if ends else 0):
            ends.append(place)
            used = since
        used += height
        since += height
        if breaks[row]:
            place, since = row + 1, 0.0
    return [*ends, len(heights)]


def _misfit(
    ends: Sequence[int], heights: Sequence[float], lefts: Sequence[float], rights: Sequence[float], gutter: float
) -> float:
    columns = [range(start, end) for start, end in itertools.pairwise((0, *ends))]
    height = max(sum(heights[row] for row in rows) for rows in columns)
    width = sum(max(rights[row] for row in rows) - min(lefts[row] for row in rows) for rows in columns)
    return abs(math.log((width + gutter * (len(columns) - 1)) / height / ASPECT))
