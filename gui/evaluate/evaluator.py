"""The evaluation of the run in view: worked out in a thread, kept until the run or the split is another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.data.progress import Progress
from engine.errors import LayerloomError
from engine.project import Project
from engine.tasks.class_evaluation import ClassEvaluation
from engine.tasks.evaluation import Evaluation
from gui.background import Job
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs

if TYPE_CHECKING:
    from engine.data.loaded import Split  # it brings torch


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """What came out: the evaluation, and the split whose images can be shown."""

    evaluation: Evaluation
    images: Split

    @property
    def classes(self) -> ClassEvaluation | None:
        """The evaluation where it tells classes apart."""
        return self.evaluation if isinstance(self.evaluation, ClassEvaluation) else None

    def pixels(self, positions: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Images ``(N, C, H, W)``, uint8, by their position in the split."""
        return self.images.images(positions)


class Evaluator(QObject):
    """Evaluates the run in view on ``split``. ``changed`` says that the state below is another.

    ``result`` is an `Evaluated` or None, ``message`` says why there is none, ``cell`` is the chosen pair of true and
    predicted class.
    """

    changed = Signal()
    cell_changed = Signal()
    progressed = Signal(str, float)

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs = runs
        self.split = "test"
        self.result: Evaluated | None = None
        self.message = ""
        self.cell: tuple[int, int] | None = None
        self._job: Job | None = None
        runs.viewed.connect(self._drop)
        runs.state_changed.connect(self._drop_changed)

    @property
    def run(self) -> Run | None:
        """The run in view."""
        return self.runs.current

    @property
    def project(self) -> Project:
        """The project of the run in view, or without a run the one that is open."""
        return self.run.project if self.run else self.runs.document.project

    @property
    def busy(self) -> bool:
        """Whether an evaluation is being worked out."""
        return self._job is not None and self._job.running

    @property
    def ready(self) -> bool:
        """Whether there is a run with weights."""
        return self.run is not None and bool(len(self.run.epochs))

    def choose_split(self, split: str) -> None:
        """Evaluate on "validation" or "test" images."""
        if split != self.split:
            self.split = split
            again = self.result is not None or self.busy
            self._drop()
            if again:
                self.start()

    def start(self) -> None:
        """Evaluate; `changed` tells when that is done."""
        run = self.run
        if run is None or self.busy:
            return
        folder, split = run.folder, self.split
        self.message = ""
        self._job = Job(lambda job: _evaluate(folder, split, job), self)
        self._job.done.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.progressed.connect(self.progressed)
        self._job.start()
        self.changed.emit()

    def cancel(self) -> None:
        """Leave off; what was there before is gone already."""
        if self._job is not None:
            self._job.cancel()
        self.changed.emit()

    def choose_cell(self, true: int, predicted: int) -> None:
        """Look at the images of one true class that were taken for another."""
        self.cell = (true, predicted)
        self.cell_changed.emit()

    def close(self) -> None:
        """End the thread: the window closes."""
        if self._job is not None:
            self._job.cancel()
            self._job.join()

    def _drop_changed(self, run: Run) -> None:
        if run is self.run:
            self._drop()

    def _drop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self.result, self.cell, self.message = None, None, ""
        self.changed.emit()

    def _take(self, result: Evaluated) -> None:
        self.result = result
        self.changed.emit()
        if result.classes is None:
            return
        mistakes = result.classes.confusion.copy()
        np.fill_diagonal(mistakes, 0)
        if mistakes.any():
            true, predicted = np.unravel_index(int(mistakes.argmax()), mistakes.shape)
            self.choose_cell(int(true), int(predicted))

    def _fail(self, error: LayerloomError) -> None:
        self.message = str(error)
        self.changed.emit()


def _evaluate(folder: Path, split: str, job: Job) -> Evaluated:
    from engine.evaluation.evaluating import evaluate, split_with_images
    from engine.runs.run_data import load_run_data
    from engine.runs.run_folder import RunFolder

    def listen(progress: Progress) -> None:
        job.report(progress.task, progress.done / progress.total if progress.total else -1.0)

    run = RunFolder(folder)
    data = load_run_data(run, progress=listen)
    return Evaluated(evaluate(run, split, data=data, progress=listen), split_with_images(data, split))
