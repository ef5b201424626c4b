"""Copying, removing and selecting what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.draw.canvas.declared.base import CANVAS, ENTRY, CanvasCommand, SelectionCommand
from gui.registry.commands import COMMANDS, Spot
from gui.registry.menus import EDIT, Place

if TYPE_CHECKING:
    from gui.draw.canvas.canvas import Canvas


@COMMANDS.register
class Cut(SelectionCommand):
    """Put the selection on the clipboard and close the gap."""

    name = "cut"
    text = "Cut"
    local_keys = ("Ctrl+X",)
    place = Place(EDIT, 2, 1)
    spots = (Spot(ENTRY, 3, 1),)

    def act(self, subject: Canvas) -> None:
        subject.commands.cut()


@COMMANDS.register
class Copy(SelectionCommand):
    """Put the selection on the clipboard."""

    name = "copy"
    text = "Copy"
    local_keys = ("Ctrl+C",)
    place = Place(EDIT, 2, 2)
    spots = (Spot(ENTRY, 3, 2),)
    changes = False

    def act(self, subject: Canvas) -> None:
        subject.commands.copy()


@COMMANDS.register
class Paste(CanvasCommand):
    """Add what was copied; what the clipboard lacks is said when it is asked for."""

    name = "paste"
    text = "Paste"
    local_keys = ("Ctrl+V",)
    place = Place(EDIT, 2, 3)
    spots = (Spot(CANVAS, 1, 2),)

    def act(self, subject: Canvas) -> None:
        subject.commands.paste()


@COMMANDS.register
class Duplicate(SelectionCommand):
    """Copy the selection with the wires into it."""

    name = "duplicate"
    text = "Duplicate with wires"
    local_keys = ("Ctrl+D",)
    place = Place(EDIT, 2, 4)
    spots = (Spot(ENTRY, 3, 3),)

    def act(self, subject: Canvas) -> None:
        subject.commands.duplicate()


class _Removal(CanvasCommand):
    in_vain = "Select a layer or a wire first."

    def possible(self, subject: Canvas) -> bool:
        selection = subject.document.selection
        return bool(selection.names) or selection.edge is not None


@COMMANDS.register
class Delete(_Removal):
    """Remove the selection and close the gap, or disconnect the selected wire."""

    name = "delete"
    text = "Delete and close the gap"
    local_keys = ("Delete", "Backspace")
    place = Place(EDIT, 2, 5)
    spots = (Spot(ENTRY, 3, 4),)
    menu_icon = "mdi6.delete-outline"

    def act(self, subject: Canvas) -> None:
        subject.commands.delete()


@COMMANDS.register
class DeleteLeaveGap(_Removal):
    """Remove the selection with its wires."""

    name = "delete_leave_gap"
    text = "Delete, leave the gap"
    local_keys = ("Shift+Delete",)
    place = Place(EDIT, 2, 6)
    spots = (Spot(ENTRY, 3, 5),)

    def act(self, subject: Canvas) -> None:
        subject.commands.delete_leave_gap()


@COMMANDS.register
class SelectAll(CanvasCommand):
    """Select everything at the top level."""

    name = "select_all"
    text = "Select all"
    local_keys = ("Ctrl+A",)
    place = Place(EDIT, 2, 7)
    spots = (Spot(CANVAS, 2, 1),)
    changes = False
    in_vain = "There is no layer yet."

    def possible(self, subject: Canvas) -> bool:
        return len(subject.document.network) > 0

    def act(self, subject: Canvas) -> None:
        subject.commands.select_all()
