"""Panels: a widget's class says what its tab is called, where it stands, and how it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar, get_args

from PySide6.QtWidgets import QWidget

from gui.registry.register import Register, expect, expect_icon
from gui.registry.session import Session

Side = Literal["left", "right", "bottom"]
SIDES: tuple[Side, ...] = get_args(Side)
EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class DockPlace:
    """A side of a workspace, or of every workspace, and how far back among the panels there; the first is in front."""

    workspace: str
    side: Side
    order: int


@dataclass(frozen=True, slots=True)
class Room:
    """What a panel needs while it is in front: the width of its dock, px, and panels that come up at other sides.

    In a narrow and in a small window the widths are others; a dock that would be folded there is open. For a panel at
    the right whose centre needs the width, the dock at the left is a rail in a window narrower than ``rail_below``, and
    its own folded in one narrower than ``folds_below``.
    """

    width: int
    narrow_width: int
    small_width: int
    beside: tuple[str, ...] = ()
    rail_below: int = 0
    folds_below: int = 0


@dataclass(frozen=True, slots=True)
class Tab:
    """What docks show of a panel, and where: its name in code, words, icon; ``room`` if it needs its own."""

    name: str
    title: str
    icon: str
    places: tuple[DockPlace, ...]
    room: Room | None = None


class PanelKind(Protocol):
    """The class of a panel."""

    tab: Tab

    def make(self, session: Session, /) -> QWidget:
        """Make the one panel of a window."""


P = TypeVar("P", bound=PanelKind)


class Panels(Register[PanelKind]):
    """All panels of the window, by name."""

    def register(self, kind: P) -> P:  # type: ignore[override]  # the class itself is what makes the panel
        """Add a panel's class; raises ``ValueError`` if its name is taken, or it cannot work."""
        self.add(kind)
        return kind

    def check(self, thing: PanelKind) -> None:
        expect(thing, tab=Tab)
        expect(thing.tab, name=str, title=str, icon=str, places=tuple, room=Room | None)
        expect_icon(thing.tab.icon)
        super().check(thing)
        if not any(place.side in SIDES for place in thing.tab.places):
            raise ValueError(f"the panel '{thing.tab.name}' stands at no side of a workspace")
        if getattr(thing, "make", None) is None:
            raise ValueError(f"the panel '{thing.tab.name}' has no make")

    def at(self, workspace: str, side: Side) -> tuple[str, ...]:
        """The panels at a side of a workspace, the one in front first."""
        found = [
            (place.order, name)
            for name, kind in self.items()
            for place in kind.tab.places
            if place.side == side and place.workspace in (EVERYWHERE, workspace)
        ]
        return tuple(name for _, name in sorted(found, key=lambda pair: pair[0]))


PANELS = Panels("panel", name_of=lambda kind: kind.tab.name)
