"""Which runs the charts show, and in which colours."""

from __future__ import annotations

from collections.abc import Mapping

from gui.style.theme import DARK
from gui.train.runs.run import Run

MOST_SHOWN = len(DARK.runs)  # as many as there are colours


def with_colour(shown: Mapping[Run, int], run: Run, *, first: bool = False) -> dict[Run, int]:
    """The runs with the indices of their colours and one more, the newest first; beyond six the oldest gives way.

    The ``first`` colour may be asked for: who had it gets another.
    """
    found = dict(shown)
    if len(found) >= MOST_SHOWN:
        found.pop(min(found, key=lambda other: other.number))
    free = [index for index in range(MOST_SHOWN) if index not in found.values()]
    if first and free[0] != 0:
        holder = next(other for other, index in found.items() if index == 0)
        found[holder] = free[0]
        free[0] = 0
    found[run] = free[0]
    return dict(sorted(found.items(), key=lambda item: -item[0].number))
