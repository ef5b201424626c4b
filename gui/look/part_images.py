"""Single images of a part of a run's data, read when they are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gui.background import Job, LatestJob

if TYPE_CHECKING:
    from engine.data.loaded import LoadedData  # it brings torch

_KEPT = 256  # images


class PartImages(QObject):
    """Reads one image after the other, of several that wait the last one alone.

    ``read`` carries its part, its position there and its pixels.
    """

    read = Signal(str, int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = LatestJob("Reading an image", self)
        self._folder = Path()
        self._data: LoadedData | None = None
        self._kept: dict[tuple[str, int], NDArray[np.uint8]] = {}
        self._waiting: tuple[Path, str, int] | None = None

    def ask(self, folder: Path, part: str, position: int) -> None:
        """Read the image at a position of a part of a run; what cannot be read is not told."""
        if folder != self._folder:
            self._job.cancel()
            self._folder, self._data, self._kept = folder, None, {}
        if self._job.running:  # the data may be loading, which is not begun again with every point
            self._waiting = folder, part, position
            return
        if (part, position) in self._kept:
            self.read.emit(part, position, self._kept[part, position])
            return
        data = self._data
        self._job.start(
            lambda job: _pixels(job, folder, data, part, position),
            done=lambda found: self._take(part, position, *found),
            failed=lambda _: self._go_on(),
        )

    def close_job(self) -> None:
        """End the reading: the window closes."""
        self._job.close()

    def _take(self, part: str, position: int, data: LoadedData, pixels: NDArray[np.uint8]) -> None:
        self._data = data
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[part, position] = pixels
        self.read.emit(part, position, pixels)
        self._go_on()

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.ask(*waiting)


def _pixels(
    job: Job, folder: Path, data: LoadedData | None, part: str, position: int
) -> tuple[LoadedData, NDArray[np.uint8]]:
    from engine.runs.run_data import load_run_data
    from engine.runs.run_folder import RunFolder

    data = data or load_run_data(RunFolder(folder), progress=job.listen)
    return data, data.splits[part].images([position])[0]
