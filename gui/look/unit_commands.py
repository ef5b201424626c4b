"""What can be done to a map or a value that is looked at: its context menu and its keys are made from it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from engine.inspection.interventions import Intervention, Off, Scale
from gui.look.alterations import Alterations
from gui.registry.commands import Commands, LocalCommand, Spot
from gui.widgets.context_menu import context_menu

UNIT_PART = "unit"
"""The part of the menu of a unit."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One of the ``count`` maps, or values, that a layer gives."""

    alterations: Alterations
    node: str
    number: int
    count: int
    is_map: bool

    @property
    def title(self) -> str:
        """What it is called: "map 3"."""
        return f"{'map' if self.is_map else 'unit'} {self.number}"

    @property
    def changed(self) -> bool:
        """Whether something is done to it."""
        return self.alterations.value.changing(self.node, self.number) is not None

    def intervene(self, by: Intervention, words: str) -> None:
        """Do something to it besides what is done already."""
        self.alterations.put(self.alterations.value.with_units(by), words)


class UnitCommand(LocalCommand[Unit]):
    """A command of one unit."""

    def words(self, subject: Unit) -> str:
        """What it is called, of this unit."""
        return f"{self.text} {subject.title}"

    def face(self, subject: Unit, part: str) -> tuple[str, str]:
        return self.icon, self.words(subject)


UNIT_COMMANDS: Commands[UnitCommand] = Commands("command of units", name_of=lambda command: command.name)


@UNIT_COMMANDS.register
class SwitchUnitOff(UnitCommand):
    """Let the unit give 0."""

    name = "switch_off"
    text = "Switch off"
    icon = Off.icon
    local_keys = ("Del",)
    spots = (Spot(UNIT_PART, 1, 1),)

    def offered(self, subject: Unit) -> bool:
        return not subject.changed

    def act(self, subject: Unit) -> None:
        subject.intervene(Off(node=subject.node, units=(subject.number,)), self.words(subject))


@UNIT_COMMANDS.register
class ScaleUnit(UnitCommand):
    """Let the unit give more or less."""

    name = "scale"
    text = "Double"
    icon = Scale.icon
    spots = (Spot(UNIT_PART, 1, 2),)

    def offered(self, subject: Unit) -> bool:
        return not subject.changed

    def act(self, subject: Unit) -> None:
        subject.intervene(Scale(node=subject.node, units=(subject.number,)), self.words(subject))


@UNIT_COMMANDS.register
class SwitchOthersOff(UnitCommand):
    """Let all other units of the layer give 0."""

    name = "switch_others_off"
    text = "Switch off all but"
    icon = "mdi6.power-off"
    spots = (Spot(UNIT_PART, 1, 3),)
    in_vain = "There is no other."

    def possible(self, subject: Unit) -> bool:
        return subject.count > 1

    def act(self, subject: Unit) -> None:
        others = tuple(number for number in range(subject.count) if number != subject.number)
        subject.intervene(Off(node=subject.node, units=others), self.words(subject))


@UNIT_COMMANDS.register
class LetUnitBe(UnitCommand):
    """Do nothing to the unit any more."""

    name = "let_be"
    text = "Do nothing to"
    icon = "mdi6.restore"
    spots = (Spot(UNIT_PART, 1, 4),)

    def offered(self, subject: Unit) -> bool:
        return subject.changed

    def act(self, subject: Unit) -> None:
        value = subject.alterations.value
        without = (one.without(subject.node, subject.number, subject.count) for one in value.units)
        left = tuple(one for one in without if one is not None)
        subject.alterations.put(value.model_copy(update={"units": left}), self.words(subject))


def open_menu(parent: QWidget, unit: Unit, where: QPoint) -> None:
    """Open the menu of a unit at a point of the screen."""
    menu = context_menu(parent, unit, list(UNIT_COMMANDS.values()), UNIT_PART)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(where)


def command_of(keys: QKeySequence, unit: Unit) -> UnitCommand | None:
    """The command that keys stand for, as far as it can be used on a unit."""
    usable = (one for one in UNIT_COMMANDS.values() if one.offered(unit) and one.possible(unit))
    return next((one for one in usable if keys in map(QKeySequence, one.local_keys)), None)
