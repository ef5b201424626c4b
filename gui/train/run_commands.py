"""What can be done with the run in view: the context menu of the list of runs and its keys are made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.registry.commands import Commands, LocalCommand, Spot
from gui.train.runs.status import RunStatus
from gui.train.runs.words import RESUME

if TYPE_CHECKING:
    from gui.train.runs_panel import RunsPanel

RUN_PART = "run"
"""The part of the context menu of a run."""


class RunCommand(LocalCommand["RunsPanel"]):
    """A command of the run in view."""

    in_vain = "There is no run yet."

    def possible(self, subject: RunsPanel) -> bool:
        return subject.runs.current is not None


RUN_COMMANDS: Commands[RunCommand] = Commands("command of runs", name_of=lambda command: command.name)


class _Starting(RunCommand):
    in_vain = "A run is training: stop it first."

    def possible(self, subject: RunsPanel) -> bool:
        return super().possible(subject) and subject.runs.active is None


@RUN_COMMANDS.register
class Resume(_Starting):
    """Go on with a run that stopped."""

    name = "resume"
    text = RESUME
    spots = (Spot(RUN_PART, 1, 1),)

    def offered(self, subject: RunsPanel) -> bool:
        return subject.runs.current is not None and subject.runs.current.resumable

    def act(self, subject: RunsPanel) -> None:
        subject.resume_run()


@RUN_COMMANDS.register
class CompleteEnsemble(_Starting):
    """Train what is left of the ensemble of the run: runs that stopped, and those not begun yet."""

    name = "complete_ensemble"
    text = "Train the rest of the ensemble"
    spots = (Spot(RUN_PART, 1, 1),)

    def offered(self, subject: RunsPanel) -> bool:
        run = subject.runs.current
        return run is not None and run.member is not None and bool(subject.runs.ensembles.left_of(run))

    def act(self, subject: RunsPanel) -> None:
        subject.complete_ensemble()


@RUN_COMMANDS.register
class TrainLonger(_Starting):
    """Go on with a run that has done all its epochs."""

    name = "train_longer"
    text = "Train longer…"
    spots = (Spot(RUN_PART, 1, 1),)

    def offered(self, subject: RunsPanel) -> bool:
        run = subject.runs.current
        return run is not None and run.status is RunStatus.FINISHED

    def act(self, subject: RunsPanel) -> None:
        subject.train_longer()


@RUN_COMMANDS.register
class ChangeRate(RunCommand):
    """Go on at another learning rate; the run keeps it, and can be repeated with it."""

    name = "change_rate"
    text = "Change learning rate…"
    spots = (Spot(RUN_PART, 1, 1),)

    def offered(self, subject: RunsPanel) -> bool:
        run = subject.runs.current
        return run is not None and run.status in (RunStatus.RUNNING, RunStatus.PAUSED)

    def act(self, subject: RunsPanel) -> None:
        subject.change_rate()


@RUN_COMMANDS.register
class Duplicate(_Starting):
    """Train the same network with the same settings again."""

    name = "duplicate"
    text = "Duplicate run"
    spots = (Spot(RUN_PART, 1, 2),)

    def act(self, subject: RunsPanel) -> None:
        subject.duplicate_run()


@RUN_COMMANDS.register
class Rename(RunCommand):
    """Edit the name of the run in place."""

    name = "rename"
    text = "Rename"
    spots = (Spot(RUN_PART, 1, 3),)

    def act(self, subject: RunsPanel) -> None:
        subject.rename_run()


@RUN_COMMANDS.register
class OpenFolder(RunCommand):
    """Show where the run is kept."""

    name = "open_folder"
    text = "Open its folder"
    spots = (Spot(RUN_PART, 1, 4),)

    def act(self, subject: RunsPanel) -> None:
        subject.open_folder()


@RUN_COMMANDS.register
class Delete(RunCommand):
    """Ask, and delete the run with its weights."""

    name = "delete"
    text = "Delete run…"
    local_keys = ("Delete",)
    spots = (Spot(RUN_PART, 2, 1),)
    in_vain = "A run that is training cannot be deleted: stop it first."

    def possible(self, subject: RunsPanel) -> bool:
        return super().possible(subject) and subject.runs.current is not subject.runs.active

    def act(self, subject: RunsPanel) -> None:
        subject.delete_run()
