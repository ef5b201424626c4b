"""Reads some images of a data set to look at, and says what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from engine.data.asking import is_here, known_of
from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.layers import Shape
from engine.words import memory
from gui.background import Job, LatestJob
from gui.look.pose import Likeness, Pose, pose_of
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.offer import Offer, OfferButton
from gui.widgets.waiting_line import WaitingLine

MOST_IMAGES = 60
_ABOVE = 8  # px above each part that can be seen


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Images of a data set at a network's input shape, uint8 ``(N, C, H, W)``, with their targets.

    ``own`` is the shape that they have by themselves, if all have the same and it is known. ``pose`` is how they stand,
    and ``likeness`` tells what is like them, where they are bright things on a dark ground.
    """

    pixels: NDArray[np.uint8]
    targets: NDArray[np.generic]
    classes: tuple[str, ...]
    own: Shape | None
    pose: Pose | None
    likeness: Likeness | None


@dataclass(frozen=True, slots=True)
class SamplePlace:
    """Where samples come from: a run's own images by its folder, or without one the data of a project."""

    data: DataSettings
    shape: Shape
    folder: Path | None


class SampleReader(QWidget):
    """Reads the samples of one place at a time; a set that must be downloaded first only when its button is clicked.

    ``read`` carries `Samples`, ``failed`` the `LayerloomError`; ``changed`` says that it is `busy` now, or no longer.
    It can be seen while it has something to say.
    """

    read = Signal(object)
    failed = Signal(object)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place: SamplePlace | None = None
        self._job = LatestJob("Reading the images", self)
        self.waiting = WaitingLine()
        self.waiting.cancel.clicked.connect(self._cancel)
        self.message = QLabel()
        self.message.setWordWrap(True)
        role(self.message, "caption")
        self.offer = OfferButton()
        self._words = QWidget()
        layouts.column(self._words, self.message, spacing=_ABOVE).addWidget(self.offer, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (self.waiting, self._words):
            part.setContentsMargins(0, _ABOVE, 0, 0)
        layouts.column(self, self.waiting, self._words)
        self._say("", None)

    @property
    def busy(self) -> bool:
        """Whether it reads."""
        return self._job.running

    def start(self, place: SamplePlace, *, download: bool = False) -> None:
        """Read the samples of a place in place of what was being read."""
        self.place = place
        self._say("", None)
        self._job.start(
            lambda job: _samples(place, job, download=download),
            done=self._take,
            failed=self._fail,
            progressed=self.waiting.show_progress,
        )
        self.waiting.begin("Reading images")
        self.changed.emit()

    def show_offer(self, offer: Offer) -> None:
        """Offer something where nothing could be read."""
        self._say("", offer)

    def forget(self) -> None:
        """There is nothing to read any more."""
        self.place = None
        self._job.cancel()
        self._say("", None)

    def close_job(self) -> None:
        """End the reading: the window closes."""
        self._job.close()

    def _take(self, samples: Samples | None) -> None:
        if samples is None and self.place is not None:
            source = self.place.data.source
            words = f"{source.title} has not been downloaded yet."
            self._say(words, Offer(f"Download {memory(source.download_bytes)}", self._read_again))
        else:
            self._say("", None)
            self.read.emit(samples)

    def _fail(self, error: LayerloomError) -> None:
        self.forget()
        self.failed.emit(error)

    def _cancel(self) -> None:
        self._job.cancel()
        self._say("Reading was cancelled.", Offer("Read again", self._read_again))

    def _read_again(self) -> None:
        if self.place is not None:
            self.start(self.place, download=True)

    def _say(self, text: str, offer: Offer | None) -> None:
        self.waiting.end()
        self.message.setText(text)
        self.offer.show_offer(offer)
        self._words.setVisible(offer is not None)
        self.changed.emit()


def _samples(place: SamplePlace, job: Job, *, download: bool) -> Samples | None:
    """The images and their targets; None where they would have to be downloaded first."""
    from engine.data.loading import load
    from engine.runs.run_data import load_run_data
    from engine.runs.run_folder import RunFolder

    if not (download or is_here(place.data.source)):
        return None
    if place.folder is not None:
        loaded = load_run_data(RunFolder(place.folder), progress=job.listen)
    else:
        loaded = load(place.data, place.shape, progress=job.listen)
    split = loaded.test if len(loaded.test) else loaded.train
    indices = np.arange(min(MOST_IMAGES, len(split)))
    known = known_of(place.data.source)
    own = known.shape if known else None
    pixels = split.images(indices)
    pose = pose_of(pixels)
    likeness = Likeness(pixels) if pose else None
    return Samples(pixels, split.targets.values[indices], loaded.classes, own, pose, likeness)
