"""What the commands of the canvas share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import COMMANDS, Command, LocalCommand
from gui.registry.session import Session

if TYPE_CHECKING:
    from gui.draw.canvas.canvas import Canvas

CANVAS, BLOCK, ENTRY = "canvas", "block", "entry"
"""The parts of the context menus: of empty canvas; of a block; of a node or block."""


class CanvasCommand(Command, LocalCommand["Canvas"]):
    """A command of the canvas in Draw; every canvas answers its keys for itself.

    Those with ``changes`` change the drawing: a canvas that is read-only does not answer them.
    """

    changes = True
    menu_icon = ""  # in context menus, where it has another there than in the menus of the window

    def enabled(self, session: Session) -> bool:
        return self.possible(canvas_of(session))

    def run(self, session: Session) -> None:
        canvas = canvas_of(session)
        if self.local_keys and not self.keys:
            canvas.setFocus()  # as though its key had been pressed there
        self.act(canvas)

    def face(self, subject: Canvas, part: str) -> tuple[str, str]:
        return self.menu_icon or self.icon, self.text


class SelectionCommand(CanvasCommand):
    """A command that needs something selected."""

    in_vain = "Select a layer first."

    def possible(self, subject: Canvas) -> bool:
        return bool(subject.document.selection.names)


def canvas_of(session: Session) -> Canvas:
    """The canvas of Draw."""
    from gui.draw.canvas.canvas import Canvas  # the first paint does without it

    return session.part(Canvas)


def canvas_commands() -> list[CanvasCommand]:
    """The commands of the canvas."""
    return [command for command in COMMANDS.values() if isinstance(command, CanvasCommand)]
