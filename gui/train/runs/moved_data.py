"""Pointing a run to its images where they are now: asked for, checked in a thread, and kept with the run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QFileDialog

from engine.data.source import Source
from engine.errors import LayerloomError
from gui.background import Job, LatestJob
from gui.train.runs.run import Run

CHOOSE_FOLDER = "Choose folder…"


class Found(NamedTuple):
    """Where images were and where they are, and how many of them."""

    before: Source
    source: Source
    words: str


class MovedData(QObject):
    """Takes the images in another folder for those of a run if they are the same.

    ``looking`` says what is being done and "" when it is over, ``found`` brings the run and what was found, ``failed``
    says why the images are not taken.
    """

    looking = Signal(str)
    found = Signal(object, object)  # Run, Found
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = LatestJob("Looking for the images", self)

    @property
    def busy(self) -> bool:
        """Whether a folder is being looked at."""
        return self._job.running

    def ask(self, run: Run, then: Callable[[], object] | None = None) -> None:
        """Ask for the folder that holds the images of a run now, and go on with ``then`` if they are there."""
        title, before = f"Where are the images of run {run.title} now?", run.project.data.source.folder
        name = QFileDialog.getExistingDirectory(
            QApplication.activeWindow(), title, str(before.parent if before else "")
        )
        if name:
            self.look(run, Path(name), then)

    def look(self, run: Run, folder: Path, then: Callable[[], object] | None = None) -> None:
        """See whether the images of a run are in ``folder``; if so, it has them there from now on."""
        self.looking.emit(f"Looking for the images of run {run.title} in {folder}")
        self._job.start(
            lambda job: _look(run.folder, folder, job), done=partial(self._take, run, then), failed=self._fail
        )

    def close(self) -> None:
        """End the thread: the window closes."""
        self._job.close()

    def _take(self, run: Run, then: Callable[[], object] | None, found: Found) -> None:
        self.looking.emit("")
        run.project.data = run.project.data.from_source(found.source)
        self.found.emit(run, found)
        if then is not None:
            then()

    def _fail(self, error: LayerloomError) -> None:
        self.looking.emit("")
        self.failed.emit(str(error))


def can_have_moved(run: Run | None) -> bool:
    """Whether a run learned from a folder of the user's own, which may be elsewhere now."""
    return run is not None and run.record is not None and run.project.data.source.takes_folder


def _look(path: Path, folder: Path, job: Job) -> Found:
    from engine.runs.run_data import found_words, keep_place, load_run_data
    from engine.runs.run_folder import RunFolder

    run = RunFolder(path)
    before = run.project().data.source
    source = before.moved_to(folder)
    data = load_run_data(run, moved_to=source, progress=job.listen)
    keep_place(run, source)
    return Found(before, source, found_words(data, run))
