"""One training from project to run folder, as the window and the command line both run it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.data.progress import Listener
from engine.errors import LayerloomError
from engine.files import reason_of
from engine.project import Project
from engine.runs.checkpoints import load_checkpoint, load_position
from engine.runs.preparing import prepare
from engine.runs.run_folder import RunFolder
from engine.runs.run_writer import RunWriter
from engine.training.control import Control
from engine.training.events import Event
from engine.training.loop import train
from engine.words import counted


def run_project(
    project: Project,
    path: Path,
    *,
    control: Control | None = None,
    progress: Listener | None = None,
    resume: bool = False,
) -> Iterator[Event]:
    """Train ``project`` and keep the run at ``path``.

    ``resume`` goes on with the run that is there, from its last checkpoint. ``progress`` hears how far loading is.
    Raises `LayerloomError` when it cannot begin.
    """
    if resume:
        _require_epochs_left(path, project)
    prepared = prepare(project, resumed=RunFolder(path) if resume else None, progress=progress)
    resumed = None
    if resume:  # nothing of the run is written before it is known to go on
        resumed = load_checkpoint(RunFolder(path).checkpoint("last"), prepared.model, project.training)
    try:
        if resumed is None:
            writer = RunWriter.create(path, project=project, record=prepared.record, data=prepared.data)
        else:
            writer = RunWriter.resume(RunFolder(path), project=project, position=resumed.position)
    except OSError as error:
        raise LayerloomError(f"The run cannot be kept in {path}: {reason_of(error)}.") from error
    yield from train(
        prepared.model,
        prepared.data,
        project.training,
        task=project.task,
        heads=prepared.heads,
        control=control,
        run=writer,
        resume=resumed,
        notes=prepared.notes,
    )


def _require_epochs_left(path: Path, project: Project) -> None:
    """Raise `LayerloomError` if the run at ``path`` has nothing left to do, before its data are loaded."""
    position = load_position(RunFolder(path).checkpoint("last"))
    if position.epoch > project.training.epochs:
        done = counted(position.epoch - 1, "epoch")
        raise LayerloomError(f"This run has done its {done}: ask for more epochs to go on.")
