"""One training from project to run folder, as the window and the command line both run it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from engine.data.progress import Listener
from engine.errors import LayerloomError
from engine.files import is_there, reason_of
from engine.project import Project
from engine.recipe.resuming import require_same_course
from engine.recipe.schedules import SCHEDULES
from engine.runs.checkpoints import load_checkpoint, load_position
from engine.runs.preparing import Prepared, prepare
from engine.runs.record import Member
from engine.runs.run_folder import RunFolder, free_for_run
from engine.runs.run_writer import RunWriter
from engine.runs.sole_writer import sole_writer
from engine.training.control import Control
from engine.training.events import Event
from engine.training.keeping import Checkpoint
from engine.training.loop import train
from engine.training.position import Position
from engine.words import counted


def run_project(
    project: Project,
    path: Path,
    *,
    control: Control | None = None,
    progress: Listener | None = None,
    resume: bool = False,
    member: Member | None = None,
) -> Iterator[Event]:
    """Train ``project`` and keep the run at ``path``, perhaps as a ``member`` of an ensemble.

    ``resume`` goes on with the run that is there, from its last checkpoint, or from the start if it came to none.
    ``progress`` hears how far loading is. Raises `LayerloomError` when it cannot begin.
    """
    before = RunFolder(path) if resume else None
    with ExitStack() as held:
        if before is not None:
            _hold(path, held)
            _require_epochs_left(before, project)
            require_same_course(before.project().training, project.training)
        prepared = prepare(project, resumed=before, progress=progress, member=member)
        resumed = None if before is None else _checkpoint(before, prepared, project)
        if before is None:
            _hold(free_for_run(path), held)
            free_for_run(path)  # another one may have begun there meanwhile
        yield from train(
            prepared.model,
            prepared.data,
            project.training,
            task=project.task,
            heads=prepared.heads,
            control=control,
            run=_writer(path, project, prepared=prepared, resumed=resumed),
            resume=resumed,
            notes=prepared.notes,
        )


def _hold(path: Path, held: ExitStack) -> None:
    """Be the only one who writes at ``path`` until ``held`` ends."""
    try:
        if not is_there(path):
            path.mkdir(parents=True)
            held.callback(_remove_empty, path)
        held.enter_context(sole_writer(path))
    except OSError as error:
        raise _cannot_be_kept(path, error) from error


def _remove_empty(path: Path) -> None:
    """Remove the folder of a run that did not come to begin."""
    with suppress(OSError):
        path.rmdir()


def _writer(path: Path, project: Project, *, prepared: Prepared, resumed: Checkpoint | None) -> RunWriter:
    """What keeps the run; nothing of an old one is written before it is known to go on."""
    try:
        if RunFolder.is_run(path):
            position = resumed.position if resumed else Position()
            return RunWriter.resume(RunFolder(path), project=project, position=position)
        return RunWriter.create(path, project=project, record=prepared.record, data=prepared.data)
    except OSError as error:
        raise _cannot_be_kept(path, error) from error


def _cannot_be_kept(path: Path, error: OSError) -> LayerloomError:
    return LayerloomError(f"The run cannot be kept in {path}: {reason_of(error)}.")


def _checkpoint(run: RunFolder, prepared: Prepared, project: Project) -> Checkpoint | None:
    """Where a run goes on from; None at its start."""
    if run.is_untrained():
        return None
    checkpoint = load_checkpoint(run.checkpoint("last"), prepared.model, project.training)
    return replace(checkpoint, position=_watching(checkpoint.position, run, project), ended=run.end() is not None)


def _watching(position: Position, run: RunFolder, project: Project) -> Position:
    """The same where the figure that is watched is the same; else its schedule compares with no earlier figures."""
    recipe, task = project.training, project.task
    if task.watched(run.project().training).name == task.watched(recipe).name:
        return position
    with SCHEDULES.blaming(recipe.schedule):
        return replace(position, schedule=dict(recipe.schedule.without_figures(position.schedule)))


def _require_epochs_left(run: RunFolder, project: Project) -> None:
    """Raise `LayerloomError` if a run has nothing left to do, not even to say so, before its data are loaded."""
    done = epochs_done(run, project)
    if done:
        raise LayerloomError(f"This run has done its {counted(done, 'epoch')}: ask for more epochs to go on.")


def epochs_done(run: RunFolder, project: Project) -> int:
    """How many epochs a run has done that has nothing left to do of those that ``project`` asks for; 0 if it has."""
    if run.is_untrained() or run.end() is None:
        return 0
    position = load_position(run.checkpoint("last"))
    return position.epoch - 1 if position.epoch > project.training.epochs else 0
