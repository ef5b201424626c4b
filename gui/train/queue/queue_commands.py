"""What can be done with the entry in view: its menu and the keys of the list are made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import Commands, LocalCommand, Spot

if TYPE_CHECKING:
    from gui.train.queue.panel import QueuePanel

ENTRY_PART = "queued run"
"""The part of the menu of an entry."""


class EntryCommand(LocalCommand["QueuePanel"]):
    """A command of the chosen entry."""

    in_vain = "Nothing is queued."

    def possible(self, subject: QueuePanel) -> bool:
        return subject.chosen is not None


class _NotTraining(EntryCommand):
    in_vain = "It is training: stop it first."

    def possible(self, subject: QueuePanel) -> bool:
        return subject.chosen is not None and subject.chosen.key != subject.queue.active


ENTRY_COMMANDS: Commands[EntryCommand] = Commands("command of queued runs", name_of=lambda command: command.name)


@ENTRY_COMMANDS.register
class FillForm(EntryCommand):
    """Let the form show the settings of the entry."""

    name = "fill_form"
    text = "Show in the form"
    icon = "mdi6.form-select"
    local_keys = ("Return", "Enter")
    spots = (Spot(ENTRY_PART, 1, 1),)

    def act(self, subject: QueuePanel) -> None:
        subject.fill_form()


@ENTRY_COMMANDS.register
class Update(_NotTraining):
    """Give the entry the settings of the form."""

    name = "update"
    text = "Take the form's settings"
    icon = "mdi6.content-save-edit-outline"
    local_keys = ("U",)
    spots = (Spot(ENTRY_PART, 1, 2),)

    def possible(self, subject: QueuePanel) -> bool:
        return super().possible(subject) and not (subject.chosen and subject.queue.is_form(subject.chosen))

    def act(self, subject: QueuePanel) -> None:
        subject.update_entry()


@ENTRY_COMMANDS.register
class TryAgain(EntryCommand):
    """Let an entry that failed have its turn again."""

    name = "try_again"
    text = "Try again"
    icon = "mdi6.restart"
    spots = (Spot(ENTRY_PART, 1, 3),)

    def offered(self, subject: QueuePanel) -> bool:
        return subject.chosen is not None and bool(subject.chosen.failure)

    def act(self, subject: QueuePanel) -> None:
        subject.try_again()


@ENTRY_COMMANDS.register
class Duplicate(EntryCommand):
    """Queue the same once more after the entry."""

    name = "duplicate"
    text = "Duplicate"
    icon = "mdi6.content-duplicate"
    local_keys = ("Ctrl+D",)
    spots = (Spot(ENTRY_PART, 2, 1),)

    def act(self, subject: QueuePanel) -> None:
        subject.duplicate_entry()


@ENTRY_COMMANDS.register
class Vary(EntryCommand):
    """Queue it once for each of several values of a setting."""

    name = "vary"
    text = "Vary a setting…"
    icon = "mdi6.tune-variant"
    spots = (Spot(ENTRY_PART, 2, 2),)

    def act(self, subject: QueuePanel) -> None:
        subject.vary_setting()


@ENTRY_COMMANDS.register
class Rename(EntryCommand):
    """Edit the name of the entry in place."""

    name = "rename"
    text = "Rename"
    icon = "mdi6.pencil-outline"
    local_keys = ("F2",)
    spots = (Spot(ENTRY_PART, 2, 3),)

    def act(self, subject: QueuePanel) -> None:
        subject.rename_entry()


@ENTRY_COMMANDS.register
class MoveUp(_NotTraining):
    """Let the entry have its turn sooner."""

    name = "move_up"
    text = "Move up"
    icon = "mdi6.arrow-up"
    local_keys = ("Alt+Up",)
    spots = (Spot(ENTRY_PART, 3, 1),)
    in_vain = "It is the first already."

    def possible(self, subject: QueuePanel) -> bool:
        return super().possible(subject) and subject.place > subject.first_place

    def act(self, subject: QueuePanel) -> None:
        subject.move_entry(subject.place - 1)


@ENTRY_COMMANDS.register
class MoveDown(_NotTraining):
    """Let the entry have its turn later."""

    name = "move_down"
    text = "Move down"
    icon = "mdi6.arrow-down"
    local_keys = ("Alt+Down",)
    spots = (Spot(ENTRY_PART, 3, 2),)
    in_vain = "It is the last already."

    def possible(self, subject: QueuePanel) -> bool:
        return super().possible(subject) and subject.place < len(subject.queue.queue.entries) - 1

    def act(self, subject: QueuePanel) -> None:
        subject.move_entry(subject.place + 1)


@ENTRY_COMMANDS.register
class Remove(_NotTraining):
    """Take the entry out of the queue."""

    name = "remove"
    text = "Remove"
    icon = "mdi6.delete-outline"
    local_keys = ("Delete",)
    spots = (Spot(ENTRY_PART, 4, 1),)

    def act(self, subject: QueuePanel) -> None:
        subject.remove_entry()
