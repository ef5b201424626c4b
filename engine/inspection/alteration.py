"""How the network or the image that is looked at differs from the run's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Self

from engine.errors import LayerloomError
from engine.inspection.damages import Damage
from engine.inspection.interventions import INTERVENTIONS, Intervention
from engine.settings import Settings
from engine.words import counted, path_text

_MOST_NAMED = 4  # runs of unit numbers that a sentence lists
_MOST_UNITS = 1_000_000


class Intervened(Settings):
    """Some units of a layer, and what is done to them; without ``units`` all of them."""

    node: str
    units: tuple[int, ...] = ()
    by: Annotated[Intervention, INTERVENTIONS] = INTERVENTIONS["off"]()

    @property
    def said(self) -> str:
        """What is done, in a few words: "conv2 3, 7: off"."""
        return f"{path_text(self.node)} {units_text(self.units)}: {self.by.summary()}"

    def concerns(self, node: str, unit: int) -> bool:
        """Whether it changes what a unit of a node gives."""
        return node == self.node and (not self.units or unit in self.units)


@dataclass(frozen=True, slots=True)
class Alteration:
    """All that is done to the units of a network, in this order where it is to the same, and to the image."""

    units: tuple[Intervened, ...] = ()
    damages: tuple[Damage, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.units or self.damages)

    @property
    def said(self) -> str:
        """What differs, in a line: "2 maps of conv2 are changed, noise 20 %"; "" if nothing does."""
        return "; ".join([*(one.said for one in self.units), *(damage.summary() for damage in self.damages)])

    def changing(self, node: str, unit: int) -> Intervened | None:
        """What is done to a unit of a node, the last of several; None if nothing is."""
        return next((one for one in reversed(self.units) if one.concerns(node, unit)), None)

    def with_units(self, *units: Intervened) -> Self:
        """The same, and more is done to units."""
        return replace(self, units=(*self.units, *units))


def units_text(units: Sequence[int]) -> str:
    """The numbers of units, those in a row by their ends: "3, 7, 9–12"; "all" of none."""
    if not units:
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


def units_of(texts: Sequence[str]) -> tuple[int, ...]:
    """The units that texts name: "3", "9..12", or "all" alone, which is (). Raises `LayerloomError`."""
    if list(texts) == ["all"]:
        return ()
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


def require_units(one: Intervened, count: int, *, maps: bool) -> None:
    """Raise `LayerloomError` if a layer with so many maps, or values of a vector, lacks a unit."""
    beyond = [unit for unit in one.units if not 0 <= unit < count]
    if beyond:
        kind = "map" if maps else "unit"
        raise LayerloomError(
            f"{path_text(one.node)} has {counted(count, kind)}, counted from 0 to {count - 1}: "
            f"there is no {kind} {beyond[0]}."
        )
