"""Reads a data set's figures and some of its images in a thread."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.data.asking import described, thumbnails
from engine.data.progress import Progress
from engine.data.settings import DataSettings
from engine.data.source import DataDescription, Thumbnails
from engine.errors import LayerloomError
from engine.words import thousands
from gui.background import Job

PER_CLASS = 16
_WITHOUT_CLASSES = 160  # pictures of data that have none
EDGE = 48  # px of a picture; twice what is drawn, for dense screens


@dataclass(frozen=True, slots=True)
class Samples:
    """A data set in figures, and some of its images; none while it waits for its download."""

    settings: DataSettings
    description: DataDescription
    thumbnails: Thumbnails | None


class SampleLoader(QObject):
    """One reading at a time; a new one calls off the old."""

    loaded = Signal(object)  # Samples
    failed = Signal(str)
    progressed = Signal(str, float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None

    @property
    def running(self) -> bool:
        """Whether an answer is still to come."""
        return self._job is not None and self._job.running

    def load(self, settings: DataSettings, *, download: bool = False) -> None:
        """Read a data set; one that must be downloaded first only if ``download`` says so."""
        self.cancel()
        self._job = Job(lambda job: _read(settings, job, download=download), self)
        self._job.done.connect(self.loaded)
        self._job.failed.connect(self._fail)
        self._job.progressed.connect(self.progressed)
        self._job.start()

    def cancel(self) -> None:
        """Call the reading off."""
        if self._job is not None:
            self._job.cancel()
            self._job.deleteLater()
            self._job = None

    def _fail(self, error: LayerloomError) -> None:
        self.failed.emit(str(error))


def _read(settings: DataSettings, job: Job, *, download: bool) -> Samples:
    def listen(progress: Progress) -> None:
        of = f" of {thousands(progress.total)}" if progress.total else ""
        fraction = progress.done / progress.total if progress.total else -1.0
        job.report(f"{progress.task} {thousands(progress.done)}{of} {progress.unit}", fraction)

    job.check()
    found = described(settings.source, progress=listen)
    if not (found.ready or download):
        return Samples(settings, found, None)
    most = PER_CLASS if found.classes else _WITHOUT_CLASSES
    pictures = thumbnails(settings.source, classes=len(found.classes), per_class=most, edge=EDGE, progress=listen)
    return Samples(settings, found, pictures)
