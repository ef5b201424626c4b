"""What can be done with the current entry of a list: its menu and its keys are made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import Commands, LocalCommand, Spot

if TYPE_CHECKING:
    from gui.widgets.ordered_list import OrderedList

ENTRY_PART = "entry"
"""The part of the menu of an entry."""


class ListCommand(LocalCommand["OrderedList"]):
    """A command of the current entry of a list."""

    in_vain = "The list is empty."

    def possible(self, subject: OrderedList) -> bool:
        return subject.current >= 0


LIST_COMMANDS: Commands[ListCommand] = Commands("command of lists", name_of=lambda command: command.name)


@LIST_COMMANDS.register
class Duplicate(ListCommand):
    """Add an entry like the current one after it."""

    name = "duplicate"
    text = "Duplicate"
    icon = "mdi6.content-duplicate"
    local_keys = ("Ctrl+D",)
    spots = (Spot(ENTRY_PART, 1, 1),)

    def act(self, subject: OrderedList) -> None:
        subject.duplicate(subject.current)


@LIST_COMMANDS.register
class SwitchEntry(ListCommand):
    """Switch the current entry on or off."""

    name = "switch"
    text = "Switch on or off"
    icon = "mdi6.toggle-switch-off-outline"
    local_keys = ("B",)
    spots = (Spot(ENTRY_PART, 1, 2),)

    def offered(self, subject: OrderedList) -> bool:
        return subject.current >= 0 and subject.cards[subject.current].switch is not None

    def act(self, subject: OrderedList) -> None:
        subject.cards[subject.current].toggle()


@LIST_COMMANDS.register
class MoveUp(ListCommand):
    """Let the current entry come one place sooner."""

    name = "move_up"
    text = "Move up"
    icon = "mdi6.arrow-up"
    local_keys = ("Alt+Up",)
    spots = (Spot(ENTRY_PART, 2, 1),)
    in_vain = "It is the first already."

    def possible(self, subject: OrderedList) -> bool:
        return subject.current > 0

    def act(self, subject: OrderedList) -> None:
        subject.move_entry(subject.current, subject.current - 1)


@LIST_COMMANDS.register
class MoveDown(ListCommand):
    """Let the current entry come one place later."""

    name = "move_down"
    text = "Move down"
    icon = "mdi6.arrow-down"
    local_keys = ("Alt+Down",)
    spots = (Spot(ENTRY_PART, 2, 2),)
    in_vain = "It is the last already."

    def possible(self, subject: OrderedList) -> bool:
        return 0 <= subject.current < len(subject.cards) - 1

    def act(self, subject: OrderedList) -> None:
        subject.move_entry(subject.current, subject.current + 1)


@LIST_COMMANDS.register
class Delete(ListCommand):
    """Take the current entry out."""

    name = "delete"
    text = "Delete"
    icon = "mdi6.delete-outline"
    local_keys = ("Delete", "Backspace")
    spots = (Spot(ENTRY_PART, 3, 1),)

    def act(self, subject: OrderedList) -> None:
        subject.remove(subject.current)


@LIST_COMMANDS.register
class Add(ListCommand):
    """Choose what to add after the current entry."""

    name = "add"
    text = "Add…"
    icon = "mdi6.plus"
    local_keys = ("A",)
    spots = (Spot(ENTRY_PART, 4, 1),)

    def possible(self, subject: OrderedList) -> bool:
        return True

    def act(self, subject: OrderedList) -> None:
        subject.open_finder()
