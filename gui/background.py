"""Work that takes longer than a frame: done in a thread, answered in the window."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import LayerloomError

_THREAD = "layerloom-job"
_LOOK_EVERY = 30  # ms; an answer shows at the next frame but one


class Cancelled(Exception):  # noqa: N818 - it is no fault
    """The window no longer wants the answer."""


def wait_for_jobs() -> None:
    """Wait until all jobs have ended, those that nobody listens to any more too; the last thing that a program does.

    One that is cut off while it loads PyTorch or computes with it prints a traceback into the terminal, or takes the
    interpreter down ("terminate called without an active exception").
    """
    for thread in threading.enumerate():
        if thread.name == _THREAD:
            thread.join()


class Job(QObject):
    """One call in a thread of its own, which never touches Qt: a timer fetches what it has to say.

    ``work`` gets the job, for `report` and `check`. What it returns arrives as ``done``, a `LayerloomError` as
    ``failed``. A cancelled job answers nothing.
    """

    done = Signal(object)
    failed = Signal(object)  # the LayerloomError
    progressed = Signal(str, float)  # what is being done, and the fraction of it, negative where it is not known

    def __init__(self, work: Callable[[Job], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._outbox: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, name=_THREAD)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self._deliver)

    def start(self) -> Job:
        """Begin, and return the job."""
        self._thread.start()
        self._timer.start()
        return self

    @property
    def running(self) -> bool:
        """Whether an answer is still to come."""
        return self._timer.isActive()

    def cancel(self) -> None:
        """Ask the work to end at its next `check`; nothing is answered any more."""
        self._cancelled.set()
        self._timer.stop()

    def join(self, timeout: float | None = None) -> bool:
        """Wait up to ``timeout`` seconds for the thread to end; False if it has not."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def check(self) -> None:
        """Called by the work: raises `Cancelled` if the window no longer wants the answer."""
        if self._cancelled.is_set():
            raise Cancelled

    def report(self, text: str, fraction: float = -1.0) -> None:
        """Called by the work: say what is being done; raises `Cancelled` like `check`."""
        self.check()
        self._outbox.put(("progressed", text, fraction))

    def _run(self) -> None:
        try:
            self._outbox.put(("done", self._work(self)))
        except Cancelled:
            return
        except LayerloomError as error:
            self._outbox.put(("failed", error))

    def _deliver(self) -> None:
        ended = not self._thread.is_alive()
        while self.running and not self._outbox.empty():
            signal, *values = self._outbox.get()
            getattr(self, signal).emit(*values)
        if ended:
            self._timer.stop()
