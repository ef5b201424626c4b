"""Making blocks of the selection, opening them and taking them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.draw.canvas.declared.base import BLOCK, ENTRY, CanvasCommand, SelectionCommand
from gui.registry.commands import COMMANDS, Spot, Tool
from gui.registry.menus import ARRANGE, Place

if TYPE_CHECKING:
    from gui.draw.canvas.canvas import Canvas


@COMMANDS.register
class Group(SelectionCommand):
    """Make a block of the selection."""

    name = "group"
    text = "Group"
    icon = "mdi6.card-multiple-outline"
    keys = ("Ctrl+G",)
    place = Place(ARRANGE, 2, 1)
    spots = (Spot(ENTRY, 1, 3),)
    tool = Tool(5, "Group")
    in_vain = "Select the layers that should become a block."

    def act(self, subject: Canvas) -> None:
        subject.commands.group()


@COMMANDS.register
class Ungroup(CanvasCommand):
    """Take the selected blocks apart."""

    name = "ungroup"
    text = "Ungroup"
    keys = ("Ctrl+Shift+G",)
    place = Place(ARRANGE, 2, 2)
    spots = (Spot(BLOCK, 1, 2),)
    in_vain = "Select a block to take it apart."

    def possible(self, subject: Canvas) -> bool:
        return any(map(subject.document.network.is_block, subject.document.selection.names))

    def act(self, subject: Canvas) -> None:
        subject.commands.ungroup()


@COMMANDS.register
class ToggleBlock(CanvasCommand):
    """Expand a collapsed block or collapse an expanded one: the selected, or the one around what is selected."""

    name = "toggle_block"
    text = "Expand or collapse"
    icon = "mdi6.arrow-expand-all"
    local_keys = ("E",)
    place = Place(ARRANGE, 2, 3)
    spots = (Spot(BLOCK, 1, 1),)
    in_vain = "Select a block first, or a layer in one."

    def possible(self, subject: Canvas) -> bool:
        return bool(_blocks(subject))

    def act(self, subject: Canvas) -> None:
        subject.commands.toggle_block()

    def face(self, subject: Canvas, part: str) -> tuple[str, str]:
        if any(map(subject.scene.outline.is_frame, _blocks(subject)[:1])):
            return "mdi6.arrow-collapse-all", "Collapse"
        return self.icon, "Expand"


def _blocks(canvas: Canvas) -> list[str]:
    return canvas.commands.blocks_around(canvas.document.selection.names)


@COMMANDS.register
class Repeat(SelectionCommand):
    """Ask how many times the selection shall stand in a row."""

    name = "repeat"
    text = "Repeat…"
    icon = "mdi6.repeat"
    local_keys = ("R",)
    place = Place(ARRANGE, 2, 4)
    spots = (Spot(ENTRY, 1, 4),)

    def act(self, subject: Canvas) -> None:
        subject.repeat()


@COMMANDS.register
class KeepBlock(SelectionCommand):
    """Keep the selection for other networks."""

    name = "keep_block"
    text = "Keep in My blocks"
    icon = "mdi6.bookmark-plus-outline"
    local_keys = ("K",)
    place = Place(ARRANGE, 2, 5)
    spots = (Spot(ENTRY, 1, 5),)

    def act(self, subject: Canvas) -> None:
        subject.keep()
