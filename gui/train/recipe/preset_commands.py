"""What can be done with a preset of one's own: the menu of its card and its keys are made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import Commands, LocalCommand, Spot

if TYPE_CHECKING:
    from gui.train.recipe.keeping import Keeping
    from gui.train.recipe.preset_card import PresetCard

PRESET_PART = "preset"
"""The part of the menu of a preset."""


class PresetCommand(LocalCommand["PresetCard"]):
    """A command of an own preset: its card asks for it, who keeps the presets does it."""

    def act(self, subject: PresetCard) -> None:
        subject.asked.emit(self)

    def do(self, keeping: Keeping, name: str) -> None:
        """Do it to the preset of that name."""
        raise NotImplementedError


PRESET_COMMANDS: Commands[PresetCommand] = Commands("command of presets", name_of=lambda command: command.name)


@PRESET_COMMANDS.register
class Rename(PresetCommand):
    """Call it something else."""

    name = "rename_preset"
    text = "Rename…"
    icon = "mdi6.pencil-outline"
    local_keys = ("F2",)
    spots = (Spot(PRESET_PART, 1, 1),)

    def do(self, keeping: Keeping, name: str) -> None:
        keeping.rename(name)


@PRESET_COMMANDS.register
class Delete(PresetCommand):
    """Remove it; the foot of the form takes that back."""

    name = "delete_preset"
    text = "Delete"
    icon = "mdi6.delete-outline"
    local_keys = ("Del",)
    spots = (Spot(PRESET_PART, 2, 1),)

    def do(self, keeping: Keeping, name: str) -> None:
        keeping.delete(name)
