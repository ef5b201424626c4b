"""One training from project to run folder, as the window and the command line both run it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.data.progress import Listener
from engine.errors import LayerloomError
from engine.project import Project
from engine.training.checkpoints import load_position
from engine.training.control import Control
from engine.training.events import Event
from engine.training.loop import train
from engine.training.preparing import prepare
from engine.training.run_folder import RunFolder
from engine.training.run_writer import RunWriter


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
    prepared = prepare(project, progress=progress)
    checkpoint = None
    try:
        if resume:
            folder = RunFolder(path)
            checkpoint = folder.checkpoint("last")
            position = load_position(checkpoint)
            if position.epoch > project.training.epochs:
                done = position.epoch - 1
                raise LayerloomError(f"All {done} epochs of this run are done: ask for more epochs to go on.")
            writer = RunWriter.resume(folder, project=project, position=position)
        else:
            writer = RunWriter.create(path, project=project, record=prepared.record)
    except OSError as error:
        raise LayerloomError(f"The run cannot be kept in {path}: {error.strerror or error}.") from error
    yield from train(
        prepared.model,
        prepared.data,
        project.training,
        heads=prepared.heads,
        control=control,
        run=writer,
        resume=checkpoint,
        notes=prepared.notes,
    )
