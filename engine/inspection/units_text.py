"""The units of a layer in words, and out of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from engine.errors import LayerloomError

Units: TypeAlias = tuple[int, ...] | Literal["all"]

_MOST_NAMED = 4  # runs of unit numbers that a sentence lists
_MOST_UNITS = 1_000_000


def units_text(units: Units) -> str:
    """The numbers of units, those in a row by their ends: "3, 7, 9–12"; or "all"."""
    if units == "all":
        return "all"
    runs: list[list[int]] = []
    for unit in sorted(set(units)):
        if runs and unit == runs[-1][-1] + 1:
            runs[-1].append(unit)
        else:
            runs.append([unit])
    named = [_run_text(run) for run in runs[:_MOST_NAMED]]
    left = sum(len(run) for run in runs[_MOST_NAMED:])
    return ", ".join(named) + (f" and {left} more" if left else "")


def _run_text(run: Sequence[int]) -> str:
    if len(run) <= 2:
        return ", ".join(map(str, run))
    return f"{run[0]}–{run[-1]}"


def units_of(texts: Sequence[str]) -> Units:
    """The units that texts name: "3", "9..12", or "all" alone. Raises `LayerloomError`."""
    if list(texts) == ["all"]:
        return "all"
    units: list[int] = []
    for text in texts:
        ends = [end.strip() for end in text.split("..")]
        if len(ends) > 2 or not all(end.isascii() and end.isdecimal() and int(end) < _MOST_UNITS for end in ends):
            raise LayerloomError(f"Units are numbers from 0, as 3 or 9..12, or all; '{text}' is none of these.")
        low, high = int(ends[0]), int(ends[-1])
        if low > high:
            raise LayerloomError(f"Units from {low} to {high}: the smaller number stands first.")
        units += range(low, high + 1)
    return tuple(dict.fromkeys(units))
