"""The menus of the window, and where in them something stands."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QMenu

from gui.registry.register import Register, expect
from gui.registry.session import Session


class Menu:
    """A menu of the bar at the top, or with a ``place`` one within another menu.

    A menu that shows what changes fills itself in `fill` when it opens; others are made of the commands whose place
    is in them.
    """

    place: Place | None = None
    order = 0  # in the bar
    on_start_screen = False  # whether it makes sense while no project is open
    fills_itself = False

    def __init__(self, name: str, text: str, *, place: Place | None = None) -> None:
        self.name = name
        self.text = text
        self.place = place

    def fill(self, menu: QMenu, session: Session) -> None:
        """Add what there is now to an empty menu."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command or a menu stands: a line divides the groups of a menu."""

    menu: Menu
    group: int
    order: int


class Menus(Register[Menu]):
    """All menus."""

    def check(self, thing: Menu) -> None:
        expect(thing, name=str, text=str, place=Place | None)
        super().check(thing)
        if thing.fills_itself and type(thing).fill is Menu.fill:
            raise ValueError(f"the menu '{thing.name}' has no fill")


MENUS = Menus("menu", name_of=lambda menu: menu.name)
"""The menus of the bar, and those within them."""


def submenu(name: str, text: str, place: Place) -> Menu:
    """A menu within another."""
    menu = Menu(name, text, place=place)
    MENUS.add(menu)
    return menu


def _top(name: str, text: str, *, on_start_screen: bool = False) -> Menu:
    menu = Menu(name, text)
    menu.order, menu.on_start_screen = len(MENUS), on_start_screen
    MENUS.add(menu)
    return menu


FILE = _top("file", "File", on_start_screen=True)
EDIT = _top("edit", "Edit")
VIEW = _top("view", "View", on_start_screen=True)
INSERT = _top("insert", "Insert")
ARRANGE = _top("arrange", "Arrange")
TRAIN = _top("train", "Train")
LOOK_INSIDE = _top("look_inside", "Look inside")
HELP = _top("help", "Help", on_start_screen=True)
