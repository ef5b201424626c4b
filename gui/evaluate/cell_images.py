"""The images behind a cell of the confusion matrix: read in a thread, as a folder's are decoded one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.errors import LayerloomError
from gui.background import Job, LatestJob

if TYPE_CHECKING:
    from engine.data.images import Pixels
    from engine.data.loaded import Split  # it brings torch

_AT_ONCE = 8  # images between two chances to call the reading off


class CellImages(QObject):
    """The images that were asked for last. ``changed`` says that the state below is another.

    ``pixels`` are uint8 ``(N, C, H, W)``, None while they are read and where there are none; ``message`` says why they
    cannot be read.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pixels: Pixels | None = None
        self.message = ""
        self._reading = LatestJob("Reading the images", self)

    @property
    def busy(self) -> bool:
        """Whether they are being read."""
        return self._reading.running

    def read(self, split: Split, positions: NDArray[np.int64]) -> None:
        """Read the images at some positions of a split in place of those before."""
        self.pixels, self.message = None, ""
        self._reading.start(lambda job: read_images(split, positions, job), done=self._take, failed=self._fail)
        self.changed.emit()

    def clear(self) -> None:
        """Hold none, and read none."""
        self._reading.cancel()
        self.pixels, self.message = None, ""
        self.changed.emit()

    def close(self) -> None:
        """End the thread: the window closes."""
        self._reading.close()

    def _take(self, pixels: Pixels) -> None:
        self.pixels = pixels
        self.changed.emit()

    def _fail(self, error: LayerloomError) -> None:
        self.message = str(error)
        self.changed.emit()


def read_images(split: Split, positions: NDArray[np.int64], job: Job) -> Pixels:
    """Images of a split, uint8 ``(N, C, H, W)``; called in a `Job`, which ends between any few of them if cancelled."""
    found = []
    for begin in range(0, len(positions), _AT_ONCE):
        job.report("Reading images", begin / len(positions))
        found.append(split.images(positions[begin : begin + _AT_ONCE]))
    return np.concatenate(found) if found else np.empty((0, 1, 1, 1), np.uint8)
