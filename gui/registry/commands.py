"""Commands: a class says what one is called, where it stands and when it can be used, and does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

from PySide6.QtGui import QKeySequence

from gui.registry.menus import MENUS, Menu, Place
from gui.registry.register import Register, expect, expect_icon
from gui.registry.session import Session

S = TypeVar("S")
W = TypeVar("W", bound="Words")
_NOT_OPEN = "Open a network or begin one first."


def native(keys: str) -> str:
    """Keys as this system writes them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


@dataclass(frozen=True, slots=True)
class Tool:
    """A button of a command in the toolbar: without words its icon alone; the first to use is ``framed``.

    It stands beside the workspace of that name, or beside every one that edits. With ``whole`` its words are those of
    the menu, which may change.
    """

    order: int
    words: str = ""
    shows_key: bool = False
    workspace: str = ""
    framed: bool = False
    whole: bool = False

    def stands_beside(self, workspace: str, *, edits: bool) -> bool:
        """Whether it is there while that workspace is in front."""
        return self.workspace == workspace if self.workspace else edits


class Words:
    """What every command says of itself.

    ``keys`` are bound in the whole window. ``local_keys`` are answered by one widget alone, so that a letter typed
    elsewhere stays a letter; the first of them is shown where there are no others. ``in_vain`` is what is said while
    it cannot be used.
    """

    name: str
    text: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    local_keys: tuple[str, ...] = ()
    in_vain: str = ""

    @property
    def shown_keys(self) -> tuple[str, ...]:
        """The keys that people are told of, as `QKeySequence` reads them."""
        return self.keys or self.local_keys[:1]

    @property
    def key_text(self) -> str:
        """The first of them as this system writes it, "" if there are none."""
        return native(self.shown_keys[0]) if self.shown_keys else ""

    def check(self) -> None:
        """Raises ``ValueError`` if it cannot work as it is declared."""
        expect(self, name=str, text=str, icon=str, keys=tuple, local_keys=tuple, in_vain=str)
        if self.icon:
            expect_icon(self.icon)
        for keys in (*self.keys, *self.local_keys):
            if not QKeySequence(keys).toString():
                raise ValueError(f"'{keys}' of '{self.text}' is no key")


class Command(Words):
    """A command of the whole window: subclass it, and register it in `COMMANDS`.

    A ``switch`` is on or off; those with a ``choice`` are one of several of that name. ``on_start`` is its order
    among the large buttons of the start screen, 0 if it is none of them.
    """

    place: Place | None = None
    tool: Tool | None = None
    on_start = 0
    switch = False
    choice = ""
    needs_project = True

    def run(self, session: Session) -> None:
        """Do it."""
        raise NotImplementedError

    def enabled(self, session: Session) -> bool:
        """Whether it would do something now; a project is open if it needs one."""
        return True

    def checked(self, session: Session) -> bool:
        """Whether a switch is on, or this choice is taken."""
        return False

    def words(self, session: Session) -> str:
        """What it is called now."""
        return self.text

    def usable(self, session: Session) -> bool:
        """Whether it can be used now."""
        return (session.is_open or not self.needs_project) and self.enabled(session)

    def why_not(self, session: Session) -> str:
        """Why it cannot be used now, in a sentence; "" if it can."""
        if self.usable(session):
            return ""
        return self.in_vain if session.is_open or not self.needs_project else _NOT_OPEN

    def check(self) -> None:
        super().check()
        expect(self, place=Place | None, tool=Tool | None, choice=str, on_start=int)
        if type(self).run is Command.run:
            raise ValueError(f"the command '{self.name}' has no run")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a command stands in the context menus of a widget: in the part of that name."""

    part: str
    group: int
    order: int


class LocalCommand(Words, Generic[S]):
    """A command of one widget: its local keys and its context menus call it."""

    spots: tuple[Spot, ...] = ()

    def act(self, subject: S) -> None:
        """Do it."""
        raise NotImplementedError

    def possible(self, subject: S) -> bool:
        """Whether it would do something now."""
        return True

    def offered(self, subject: S) -> bool:
        """Whether a context menu shows it at all."""
        return True

    def face(self, subject: S, part: str) -> tuple[str, str]:
        """Its icon and words in a part of a context menu."""
        return self.icon, self.text

    def check(self) -> None:
        super().check()
        expect(self, spots=tuple)
        if type(self).act is LocalCommand.act:
            raise ValueError(f"the command '{self.name}' has no act")


Entry = Command | Menu


class Commands(Register[W]):
    """Commands of one kind, no two of them on the same key."""

    def check(self, thing: W) -> None:
        thing.check()
        super().check(thing)
        for other in self.values():
            taken = sorted(set(thing.keys) & set(other.keys))
            if taken:
                raise ValueError(f"{taken[0]} is the key of '{other.text}' already")


COMMANDS: Commands[Command] = Commands("command", name_of=lambda command: command.name)
"""All commands of the window."""


def top_menus() -> list[Menu]:
    """The menus of the bar, in their order."""
    return sorted((menu for menu in MENUS.values() if menu.place is None), key=lambda menu: menu.order)


def entries(menu: Menu) -> list[list[Entry]]:
    """What stands in a menu: its groups, which lines divide."""
    declared: list[Entry] = [*COMMANDS.values(), *MENUS.values()]
    found = [(entry.place, entry) for entry in declared if entry.place is not None and entry.place.menu is menu]
    found.sort(key=lambda pair: (pair[0].group, pair[0].order))
    return [[entry for _, entry in group] for _, group in groupby(found, key=lambda pair: pair[0].group)]


def commands_in(menu: Menu) -> Iterator[tuple[str, Command]]:
    """The commands of a menu and of the menus within it, each with the path of menus to it: "View › Theme"."""
    for group in entries(menu):
        for entry in group:
            if isinstance(entry, Command):
                yield menu.text, entry
            else:
                yield from ((f"{menu.text} › {path}", command) for path, command in commands_in(entry))


def commands_in_menus() -> Iterator[tuple[str, Command]]:
    """All commands that menus show, in their order."""
    for menu in top_menus():
        yield from commands_in(menu)


def spots_in(commands: Iterable[LocalCommand[S]], part: str) -> list[list[LocalCommand[S]]]:
    """The commands of a part of a context menu: its groups, which lines divide."""
    found = [(spot, command) for command in commands for spot in command.spots if spot.part == part]
    found.sort(key=lambda pair: (pair[0].group, pair[0].order))
    return [[command for _, command in group] for _, group in groupby(found, key=lambda pair: pair[0].group)]
