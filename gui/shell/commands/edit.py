"""The menu Edit, as far as it is not about the drawing."""

from __future__ import annotations

from gui.registry.commands import COMMANDS, Command, Tool
from gui.registry.menus import EDIT, Place
from gui.registry.session import Session
from gui.shell.session import window_of


@COMMANDS.register
class Undo(Command):
    """Take the last step back."""

    name = "undo"
    text = "Undo"
    icon = "mdi6.undo"
    keys = ("Ctrl+Z",)
    place = Place(EDIT, 1, 1)
    tool = Tool(1)
    in_vain = "There is nothing to undo."

    def enabled(self, session: Session) -> bool:
        return session.document.undo_stack.canUndo()

    def words(self, session: Session) -> str:
        return _with_step(self.text, session.document.undo_stack.undoText())

    def run(self, session: Session) -> None:
        session.document.undo_stack.undo()


@COMMANDS.register
class Redo(Command):
    """Make the last step again that was taken back."""

    name = "redo"
    text = "Redo"
    icon = "mdi6.redo"
    keys = ("Ctrl+Shift+Z", "Ctrl+Y")
    place = Place(EDIT, 1, 2)
    tool = Tool(2)
    in_vain = "There is nothing to make again."

    def enabled(self, session: Session) -> bool:
        return session.document.undo_stack.canRedo()

    def words(self, session: Session) -> str:
        return _with_step(self.text, session.document.undo_stack.redoText())

    def run(self, session: Session) -> None:
        session.document.undo_stack.redo()


def _with_step(verb: str, step: str) -> str:
    return f"{verb} {step[:1].lower()}{step[1:]}" if step else verb


@COMMANDS.register
class FindCommand(Command):
    """Open the command palette."""

    name = "find_command"
    text = "Find command…"
    keys = ("Ctrl+Shift+P",)
    place = Place(EDIT, 3, 3)
    needs_project = False

    def run(self, session: Session) -> None:
        window_of(session).find_command()


@COMMANDS.register
class WheelZooms(Command):
    """Let the plain wheel zoom, or pan."""

    name = "wheel_zooms"
    text = "Wheel zooms"
    place = Place(EDIT, 4, 1)
    switch = True
    needs_project = False

    def checked(self, session: Session) -> bool:
        return session.preferences.wheel_zooms

    def run(self, session: Session) -> None:
        session.preferences.wheel_zooms = not session.preferences.wheel_zooms
        window_of(session).apply_preferences()
