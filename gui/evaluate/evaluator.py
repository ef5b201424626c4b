"""The evaluation of the run in view: worked out in a thread, kept until the run or the split is another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.errors import LayerloomError
from engine.project import Project
from engine.tasks.class_evaluation import ClassEvaluation
from engine.tasks.evaluation import Evaluation
from gui.background import Job, LatestJob
from gui.evaluate.cell_images import CellImages, read_images
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs

if TYPE_CHECKING:
    from engine.data.images import Pixels
    from engine.data.loaded import Split  # it brings torch


MOST_IMAGES = 200  # of one cell
MOST_MISTAKES = 20


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """What came out: the evaluation, the split it was made on, and where it tells classes apart its worst mistakes.

    ``worst`` are their positions in the split, ``worst_pixels`` their images, uint8 ``(N, C, H, W)``. ``changes`` are
    sentences on how the data differ from those that the run had, and on copies in several parts.
    """

    evaluation: Evaluation
    images: Split
    worst: NDArray[np.int64]
    worst_pixels: Pixels
    changes: tuple[str, ...] = ()

    @property
    def classes(self) -> ClassEvaluation | None:
        """The evaluation where it tells classes apart."""
        return self.evaluation if isinstance(self.evaluation, ClassEvaluation) else None


class Evaluator(QObject):
    """Evaluates the run in view on ``split``. ``changed`` says that the state below is another.

    ``result`` is an `Evaluated` or None, ``message`` says why there is none, ``cell`` is the chosen pair of true and
    predicted class, ``cell_images`` are its images.
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
        self._wanted = False  # whether an evaluation was asked for, and nothing came of it
        self.cell: tuple[int, int] | None = None
        self.cell_images = CellImages(self)
        self._evaluating = LatestJob("The evaluation", self)
        runs.moved_data.found.connect(self._evaluate_found)
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
        return self._evaluating.running

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
        self._wanted = True
        folder, split = run.folder, self.split
        self.message = ""
        self._evaluating.start(
            lambda job: _evaluate(folder, split, job),
            done=self._take,
            failed=self._fail,
            progressed=self.progressed.emit,
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Leave off; what was there before is gone already."""
        self._wanted = False
        self._evaluating.cancel()
        self.changed.emit()

    def choose_cell(self, true: int, predicted: int) -> None:
        """Look at the images of one true class that were taken for another."""
        if self.result is None or self.result.classes is None:
            return
        self.cell = (true, predicted)
        self.cell_changed.emit()
        positions = self.result.classes.predictions.in_cell(true, predicted)[:MOST_IMAGES]
        self.cell_images.read(self.result.images, positions)

    def close(self) -> None:
        """End the threads: the window closes."""
        self._evaluating.close()
        self.cell_images.close()

    def _evaluate_found(self, run: Run) -> None:
        """Go on with what failed because the images of the run in view were elsewhere."""
        if run is self.run and self._wanted:
            self.start()

    def _drop_changed(self, run: Run) -> None:
        if run is self.run:
            self._drop()

    def _drop(self) -> None:
        self._evaluating.cancel()
        self.result, self.cell, self.message = None, None, ""
        self.cell_images.clear()
        self.changed.emit()

    def _take(self, result: Evaluated) -> None:
        self.result, self._wanted = result, False
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
    from engine.runs.run_data import load_run_data, what_changed
    from engine.runs.run_folder import RunFolder

    run = RunFolder(folder)
    data = load_run_data(run, progress=job.listen)
    evaluation, images = evaluate(run, split, data=data, progress=job.listen), split_with_images(data, split)
    found = evaluation if isinstance(evaluation, ClassEvaluation) else None
    worst = found.predictions.worst(MOST_MISTAKES) if found else np.empty(0, np.int64)
    notes = (*what_changed(data, run), *data.copies)
    return Evaluated(evaluation, images, worst, read_images(images, worst, job), notes)
