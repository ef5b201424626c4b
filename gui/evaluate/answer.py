"""Something worked out in a thread because a page asked for it, kept while the question is the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from engine.errors import LayerloomError
from gui.background import Job, LatestJob

T = TypeVar("T")


class _Signals(QObject):
    changed = Signal()
    progressed = Signal(str, float)


class Answer(_Signals, Generic[T]):
    """``value`` is what came of the latest question, None before it has; ``message`` says why nothing did.

    ``changed`` says that it began, came, failed, or was forgotten; an answer to an earlier question never comes.
    """

    def __init__(self, what: str, parent: QObject) -> None:
        """``what`` is the work as the beginning of a sentence: "Reading the images"."""
        super().__init__(parent)
        self.value: T | None = None
        self.message = ""
        self.key: Hashable = None
        self._job = LatestJob(what, self)

    @property
    def busy(self) -> bool:
        """Whether it is being worked out."""
        return self._job.running

    def ask(self, key: Hashable, work: Callable[[Job], T]) -> None:
        """Work out the answer to another question; nothing happens where it is there, or on its way."""
        if key == self.key and (self.value is not None or self.busy):
            return
        if key != self.key:
            self.value = None
        self.key, self.message = key, ""
        self._job.start(work, done=self._take, failed=self._fail, progressed=self.progressed.emit)
        self.changed.emit()

    def forget(self) -> None:
        """Know nothing, and expect nothing."""
        self._job.cancel()
        if self.value is not None or self.message or self.key is not None:
            self.value, self.message, self.key = None, "", None
            self.changed.emit()

    def cancel(self) -> None:
        """Leave off; what was there stays."""
        if self.busy:
            self._job.cancel()
            self.changed.emit()

    def close(self) -> None:
        """End the thread: the window closes."""
        self._job.close()

    def _take(self, value: T) -> None:
        self.value = value
        self.changed.emit()

    def _fail(self, error: LayerloomError) -> None:
        self.message = str(error)
        self.changed.emit()
