"""Workspaces: what fills the centre of the window, and how large the docks around it are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from gui.registry.commands import COMMANDS, Command
from gui.registry.menus import VIEW, Place
from gui.registry.register import Register, expect, expect_icon
from gui.registry.session import Session


def _ignore(_: bool) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Centre:
    """A page, and in its middle the widget that has the keyboard while nothing else wants it.

    ``set_active`` hears whether the workspace can be seen.
    """

    page: QWidget
    middle: QWidget
    set_active: Callable[[bool], None] = _ignore


class Workspace:
    """One of the ways to look at the project: subclass it, and register it in `WORKSPACES`.

    Sizes of the docks are in px, in a narrow window the same where 0 stands for them; ``folds_bottom`` says that the
    bottom dock is folded until it is asked for, ``hides_bottom`` that it is not even there.
    The status bar says how many classes there are beside one that ``tells_classes``.
    The toolbar has its tools beside a workspace that ``edits``, and all figures of the run that trains beside one
    that ``follows_run``, which says by itself why a run failed.
    """

    name: str
    title: str
    icon: str
    keys: tuple[str, ...] = ()
    order = 0
    left_width, right_width, bottom_height = 240, 304, 200
    narrow_left_width, narrow_right_width = 0, 0
    folds_bottom = True
    hides_bottom = False
    tells_classes = False
    edits = False
    follows_run = False
    command = ""  # the name of its command, where another command has its own name

    def make(self, session: Session) -> Centre:
        """Make what fills the centre, before the panels are made, and share what they need."""
        raise NotImplementedError

    def join(self, session: Session) -> None:
        """Connect it with the panels, when they are there."""


class ShowWorkspace(Command):
    """Go to a workspace."""

    choice = "workspace"

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace.name
        self.name = workspace.command or workspace.name
        self.text, self.icon, self.keys = workspace.title, workspace.icon, workspace.keys
        self.place = Place(VIEW, 1, workspace.order)

    def checked(self, session: Session) -> bool:
        return session.workspace == self._workspace

    def run(self, session: Session) -> None:
        session.show_workspace(self._workspace)


class Workspaces(Register[Workspace]):
    """All workspaces, each with the command that goes there."""

    def add(self, thing: Workspace) -> None:
        """Add a workspace; raises ``ValueError`` if its name or a key of it is taken, or it cannot work."""
        super().add(thing)
        COMMANDS.add(ShowWorkspace(thing))

    def check(self, thing: Workspace) -> None:
        expect(thing, name=str, title=str, icon=str, keys=tuple, order=int)
        expect(thing, left_width=int, right_width=int, bottom_height=int)
        expect_icon(thing.icon)
        super().check(thing)
        if type(thing).make is Workspace.make:
            raise ValueError(f"the workspace '{thing.name}' has no make")
        COMMANDS.check(ShowWorkspace(thing))

    def remove(self, name: str) -> None:
        """Take one out again, as a test does with what it added."""
        COMMANDS.remove(self[name].command or name)
        super().remove(name)

    def ordered(self) -> list[Workspace]:
        """The workspaces as menu and toolbar list them; the first comes up with a project."""
        return sorted(self.values(), key=lambda workspace: workspace.order)


WORKSPACES = Workspaces("workspace", name_of=lambda workspace: workspace.name)
