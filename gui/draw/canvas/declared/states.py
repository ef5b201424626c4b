"""What is said of the selection: passed by, frozen, its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.draw.canvas.declared.base import ENTRY, SelectionCommand
from gui.registry.commands import COMMANDS, Spot
from gui.registry.menus import ARRANGE, Place

if TYPE_CHECKING:
    from gui.draw.canvas.canvas import Canvas


@COMMANDS.register
class Bypass(SelectionCommand):
    """Let the selection be passed by, or no longer."""

    name = "bypass"
    text = "Bypass"
    menu_icon = "mdi6.debug-step-over"
    local_keys = ("B",)
    place = Place(ARRANGE, 3, 1)
    spots = (Spot(ENTRY, 2, 1),)

    def act(self, subject: Canvas) -> None:
        subject.commands.bypass()


@COMMANDS.register
class Freeze(SelectionCommand):
    """Keep the selection's weights from training, or let them train again."""

    name = "freeze"
    text = "Freeze"
    icon = "mdi6.snowflake"
    local_keys = ("Z",)
    place = Place(ARRANGE, 3, 2)
    spots = (Spot(ENTRY, 2, 2),)

    def act(self, subject: Canvas) -> None:
        subject.commands.freeze()


@COMMANDS.register
class Rename(SelectionCommand):
    """Edit the name of the last that was selected, in place."""

    name = "rename"
    text = "Rename"
    menu_icon = "mdi6.form-textbox"
    local_keys = ("F2",)
    place = Place(ARRANGE, 3, 3)
    spots = (Spot(ENTRY, 2, 3),)

    def act(self, subject: Canvas) -> None:
        subject.rename()
