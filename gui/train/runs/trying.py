"""Trying what may help a run in a new one, at once or in the queue."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from engine.errors import LayerloomError
from engine.recipe.recipe import Recipe
from engine.training.advice import Cure
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs


def retry(runs: Runs, run: Run, **changes: object) -> Run:
    """Train the network of ``run`` in a new run with some training settings changed.

    The project's settings follow (as an undo step) where they are still those of ``run``. Raises `LayerloomError` if
    that cannot be.
    """
    settings = _changed(run, changes)
    again = runs.start(project=run.project, settings=settings)
    if runs.document.project.training == run.settings:
        runs.document.change_settings("Change training settings", settings)
    return again


def queue_retry(runs: Runs, run: Run, name: str, **changes: object) -> None:
    """Ask for the network of ``run`` to be queued with some training settings changed."""
    runs.queue_asked.emit(replace(run.project, training=_changed(run, changes)), name)


def queue_cure(runs: Runs, run: Run, cure: Cure) -> None:
    """Ask for the network of ``run`` to be queued with a change; the run and the project stay as they are.

    Why that cannot be is told by ``runs.failed``.
    """
    try:
        cured = cure.applied(run.project)
    except LayerloomError as error:
        runs.failed.emit(str(error))
    else:
        runs.queue_asked.emit(cured, f"Try {cure.label}")


def _changed(run: Run, changes: dict[str, object]) -> Recipe:
    """The settings of a run with some of them changed; another learning rate holds for all of the run."""
    if "learning_rate" in changes:
        changes["rate_changes"] = ()
    return Recipe.model_validate({**run.settings.model_dump(), **changes})


def try_cure(runs: Runs, run: Run, cure: Cure) -> None:
    """Train the network of ``run`` with a change in a new run; a run that trains is stopped first.

    The project follows, as one undo step, where it still is what it was for ``run``. Why that cannot be is told by
    ``runs.failed``.
    """
    project = runs.document.project

    def start() -> None:
        if runs.document.project is not project:  # another one was opened meanwhile
            return
        try:
            runs.start(project=cure.applied(run.project))
        except LayerloomError as error:
            runs.failed.emit(str(error))
        else:
            _take_over(runs, run, cure)

    if runs.active is None:
        start()
    else:
        runs.finished.connect(start, Qt.ConnectionType.SingleShotConnection)
        runs.stop()


def _take_over(runs: Runs, run: Run, cure: Cure) -> None:
    document, before, cured = runs.document, run.project, cure.applied(run.project)
    label = f"Try {cure.label}"
    if cure.edit is not None and document.network == before.network:
        document.edit(label, cure.edit)
    for part in ("data", "training"):
        if getattr(document.project, part) == getattr(before, part):
            document.change_settings(label, getattr(cured, part))
