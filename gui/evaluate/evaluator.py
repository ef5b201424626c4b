"""The evaluation of the run in view: worked out in a thread, kept until the run or the part is another."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.data.images import UnreadableImageError
from engine.data.listing import FilePictures, thumbnail
from engine.errors import LayerloomError
from engine.files import readable
from engine.project import Project
from engine.tasks.class_evaluation import ClassEvaluation
from engine.tasks.evaluation import Evaluation
from engine.words import counted
from gui.background import Job, LatestJob
from gui.evaluate.answer import Answer
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs

if TYPE_CHECKING:
    from engine.data.images import Pixels
    from engine.data.loaded import LoadedData, Split  # it brings torch
    from engine.data.looks import Looks
    from engine.data.source import Source


@dataclass(frozen=True, eq=False)
class Evaluated:
    """What came out: the evaluation, the data that it was made on with their source, and how long it took, s.

    ``looks`` is how each image was looked at, None as the run says. ``changes`` are sentences on how the data differ
    from those that the run had, and on copies in several parts. ``own`` is the folder of images of the user's own.
    """

    evaluation: Evaluation
    data: LoadedData
    source: Source
    changes: tuple[str, ...] = ()
    seconds: float = 0.0
    looks: Looks | None = None
    own: Path | None = None

    @property
    def what(self) -> str:
        """Which images they are: "72 test images", "24 images of new-leaves"."""
        count = len(self.images)
        part = self.evaluation.split
        return (
            f"{counted(count, 'image')} of {readable(self.own.name)}" if self.own else counted(count, f"{part} image")
        )

    @cached_property
    def images(self) -> Split:
        """The images of the part, in the order of the predictions."""
        return self.data.splits[self.evaluation.split]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What they are called: paths below the folder, or numbers in a published set."""
        named = [self.data.names[place] for place in self.images.indices]
        return tuple(f"image {name}" if isinstance(name, int) else name for name in named)

    @property
    def folder(self) -> Path | None:
        """Where the names are files; None where images are no files."""
        return self.source.folder if self.data.fingerprints else None

    @property
    def classes(self) -> ClassEvaluation | None:
        """The evaluation where it tells classes apart."""
        return self.evaluation if isinstance(self.evaluation, ClassEvaluation) else None

    def thumbnail(self, place: int, edge: int) -> Pixels:
        """An image by its position: its file as a tile of ``edge`` px, or the pixels that the network gets."""
        if self.folder is not None:
            return thumbnail(FilePictures([self.folder / self.names[place]]), 0, edge)
        pixels: Pixels = self.images.images([place])[0]
        return pixels

    def named(self, name: str, edge: int) -> Pixels:
        """An image of any part by its name, as a tile of ``edge`` px."""
        if self.folder is not None:
            return thumbnail(FilePictures([self.folder / name]), 0, edge)
        index = next(index for index, one in enumerate(self.data.names) if f"image {one}" == name)
        for split in self.data.splits.values():
            if index in split.indices:
                pixels: Pixels = split.images(np.flatnonzero(split.indices == index))[0]
                return pixels
        raise UnreadableImageError(name, "it belongs to no part of the run")

    def about(self, place: int) -> str:
        """An image in words: "scab 99.4 %, is leaf spot, leaves/0871.png"."""
        found = self.classes
        assert found is not None  # only images that are told apart are shown
        taken, true = found.predictions.predicted[place], found.classes[found.predictions.labels[place]]
        said = f"{found.classes[taken]} {100 * found.predictions.confidence[place]:.1f} %"
        return f"{said}, is {true}, {readable(self.names[place])}"


class Evaluator(QObject):
    """Evaluates the run in view on ``split``. ``changed`` says that the state below is another.

    ``result`` is an `Evaluated` or None, ``message`` says why there is none or no newer one, ``cell`` is the chosen
    pair of true and predicted class. ``looked_at`` brings pixels and label of an image that shall be looked into.
    """

    changed = Signal()
    cell_changed = Signal()
    progressed = Signal(str, float)
    looked_at = Signal(object, int)

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs = runs
        self.split = "test"
        self.looks: Looks | None = None  # how each image is looked at; None leaves it to the run
        self.own: Path | None = None  # a folder of the user's own that is evaluated on, instead of a part
        self.result: Evaluated | None = None
        self.message = ""
        self._wanted = False  # whether an evaluation was asked for, and nothing came of it
        self.cell: tuple[int, int] | None = None
        self._going_to: tuple[int, int] | None = None  # the cell to choose when there is a result
        self.image: Answer[Pixels] = Answer("Reading the image", self)
        self._evaluating = LatestJob("The evaluation", self)
        self.image.changed.connect(self._look)
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
        if split != self.split or self.own is not None:
            self.split = split
            again = self.result is not None or self.busy
            self._drop()
            if again:
                self.start()

    def choose_own(self, folder: Path) -> None:
        """Evaluate on a folder of the user's own, in which there is one for each class."""
        self._drop()
        self.split, self.own = "test", folder
        self.start()

    def choose_looks(self, looks: Looks | None) -> None:
        """Look at each image in another way; what was found is found anew."""
        if looks != self.looks:
            self.looks = looks
            if self.result is not None or self.busy or self.message:
                self._evaluating.cancel()
                self.start()
            else:
                self.changed.emit()

    def start(self) -> None:
        """Evaluate; `changed` tells when that is done. What was there before stays until then."""
        run = self.run
        if run is None or self.busy:
            return
        self._wanted = True
        folder, split, looks, own = run.folder, self.split, self.looks, self.own
        self.message = ""
        self._evaluating.start(
            lambda job: evaluated(folder, split, job, looks=looks, own=own),
            done=self._take,
            failed=self._fail,
            progressed=self.progressed.emit,
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Leave off; what was there before stays."""
        self._wanted = False
        self._evaluating.cancel()
        self.changed.emit()

    def choose_cell(self, true: int, predicted: int) -> None:
        """Look at the images of one true class that were taken for another."""
        if self.result is not None and self.result.classes is not None:
            self.cell = (true, predicted)
            self.cell_changed.emit()

    def go_to(self, split: str, true: int, predicted: int) -> None:
        """Look at a cell of the matrix of a split, which is evaluated first if it has not been."""
        self.choose_split(split)
        if self.result is not None:
            self.choose_cell(true, predicted)
            return
        self._going_to = (true, predicted)
        self.start()

    def choose_class(self, index: int) -> None:
        """Look at what a class is most often taken for."""
        if self.result is not None and self.result.classes is not None:
            row = mistakes_of(self.result.classes.confusion)[index]
            self.choose_cell(index, int(np.argmax(row)) if row.any() else index)

    def close_cell(self) -> None:
        """Look at no cell."""
        self.cell = None
        self.cell_changed.emit()

    def look_at(self, place: int) -> None:
        """Read an image by its position, to be looked into."""
        result = self.result
        if result is not None:
            self.image.forget()
            self.image.ask(place, lambda _: result.images.images([place]))

    def close(self) -> None:
        """End the threads: the window closes."""
        self._evaluating.close()
        self.image.close()

    def _look(self) -> None:
        if self.image.value is not None and self.result is not None and self.result.classes is not None:
            place = self.image.key
            assert isinstance(place, int)  # look_at asks for no other
            self.looked_at.emit(self.image.value[0], int(self.result.classes.predictions.labels[place]))

    def _evaluate_found(self, run: Run) -> None:
        """Go on with what failed because the images of the run in view were elsewhere."""
        if run is self.run and self._wanted:
            self.start()

    def _drop_changed(self, run: Run) -> None:
        if run is self.run:
            self._drop()

    def _drop(self) -> None:
        self._evaluating.cancel()
        self.image.forget()
        self.result, self.cell, self._going_to, self.message, self.own = None, None, None, "", None
        self.changed.emit()
        self.cell_changed.emit()

    def _take(self, result: Evaluated) -> None:
        self.result, self.cell, self._wanted = result, None, False
        going_to, self._going_to = self._going_to, None
        self.changed.emit()
        if going_to is not None:
            self.choose_cell(*going_to)
            return
        mistakes = mistakes_of(result.classes.confusion) if result.classes is not None else np.zeros((1, 1), np.int64)
        if not mistakes.any():
            self.close_cell()
        else:
            true, predicted = np.unravel_index(int(mistakes.argmax()), mistakes.shape)
            self.choose_cell(int(true), int(predicted))

    def _fail(self, error: LayerloomError) -> None:
        self.message = str(error)
        self.changed.emit()


def evaluated(place: Path, split: str, job: Job, *, looks: Looks | None, own: Path | None = None) -> Evaluated:
    """Evaluate the run in a folder on a part, or on ``own`` images, looked at in a way; called in a `Job`."""
    from engine.data.user_folder import source_of
    from engine.evaluation.evaluating import evaluate
    from engine.runs.own_images import load_own
    from engine.runs.run_data import load_run_data, what_changed
    from engine.runs.run_folder import RunFolder

    run = RunFolder(place)
    if own is not None:
        data, source = load_own(run, own, looks=looks, progress=job.listen), source_of(own)
    else:
        data, source = load_run_data(run, looks=looks, progress=job.listen), run.project().data.source
    began = time.monotonic()
    evaluation = evaluate(run, split, data=data, looks=looks, progress=job.listen)
    notes = data.notes if own else (*what_changed(data, run), *data.copies)
    return Evaluated(_shown(evaluation), data, source, notes, time.monotonic() - began, looks, own)


def _shown(evaluation: Evaluation) -> Evaluation:
    """The same with names of classes that can be shown on a line each, whatever folders are called."""
    if not isinstance(evaluation, ClassEvaluation):
        return evaluation
    scores = tuple(replace(score, name=readable(score.name)) for score in evaluation.per_class)
    return replace(evaluation, classes=tuple(map(readable, evaluation.classes)), per_class=scores)


def mistakes_of(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """A confusion matrix without its hits."""
    found = counts.copy()
    np.fill_diagonal(found, 0)
    return found
