"""Work that takes longer than a frame: done in a thread, answered in the window."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from engine.data.progress import Progress
from engine.errors import LayerloomError
from engine.log import crash_words

Answer = TypeVar("Answer")

_THREAD = "layerloom-job"
_kept: list[tuple[threading.Thread, QObject]] = []
_LOOK_EVERY = 30  # ms; an answer shows at the next frame but one


class Cancelled(BaseException):
    """The window no longer wants the answer; no `Exception`, as nobody on its way may take it for a fault."""


def keep_for(thread: threading.Thread, worker: QObject) -> None:
    """Keep what a thread works for until it has ended and the GUI thread calls `let_go`.

    Else the thread may be the last that knows of it, and of all that its work refers to: Qt does not survive it if
    widgets and timers are deleted in another thread than theirs.
    """
    _kept.append((thread, worker))


def let_go() -> None:
    """Let go of what is kept for threads that have ended."""
    _kept[:] = [kept for kept in _kept if kept[0].is_alive()]


def wait_for_jobs() -> None:
    """Wait until all jobs have ended, those that nobody listens to any more too; the last thing that a program does.

    One that is cut off while it loads PyTorch or computes with it prints a traceback into the terminal, or takes the
    interpreter down ("terminate called without an active exception").
    """
    for thread in threading.enumerate():
        if thread.name == _THREAD:
            thread.join()
    let_go()


class Job(QObject):
    """One call in a thread of its own, which never touches Qt: a timer fetches what it has to say.

    ``work`` gets the job, for `report` and `check`. A job that was started ends once: what ``work`` returns arrives as
    ``done``, a `LayerloomError` as ``failed``, and anything else that it raises goes to the log and arrives as
    ``failed`` too, in a sentence about ``what``. A cancelled job answers nothing. Whoever hears of the end finds the
    job no longer running.
    """

    done = Signal(object)
    failed = Signal(object)  # the LayerloomError
    progressed = Signal(str, float)  # what is being done, and the fraction of it, negative where it is not known

    def __init__(
        self, work: Callable[[Job], Any], parent: QObject | None = None, *, what: str = "Work in the background"
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._what = what
        self._outbox: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, name=_THREAD)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self._deliver)

    def start(self) -> Job:
        """Begin, and return the job."""
        self._thread.start()
        keep_for(self._thread, self)
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

    def listen(self, progress: Progress) -> None:
        """Called by the work, as the `Listener` of a long task: `report` it, without its numbers."""
        self.report(progress.task, progress.done / progress.total if progress.total else -1.0)

    def _run(self) -> None:
        try:
            self._outbox.put(("done", self._work(self)))
        except Cancelled:
            return
        except LayerloomError as error:
            self._outbox.put(("failed", error))
        except BaseException as error:  # noqa: BLE001 - nobody above this thread would hear of it
            self._outbox.put(("failed", LayerloomError(crash_words(self._what, error))))

    def _deliver(self) -> None:
        while self.running and not self._outbox.empty():
            signal, *values = self._outbox.get()
            if signal != "progressed":
                self._timer.stop()
            getattr(self, signal).emit(*values)


class LatestJob(QObject):
    """At most one job that is waited for: the next calls off the one before, whose answer then never comes."""

    def __init__(self, what: str, parent: QObject) -> None:
        """``what`` is the work as the beginning of a sentence: "Reading the images"."""
        super().__init__(parent)
        self._what = what
        self._job: Job | None = None

    @property
    def running(self) -> bool:
        """Whether an answer is still to come."""
        return self._job is not None and self._job.running

    def start(
        self,
        work: Callable[[Job], Answer],
        *,
        done: Callable[[Answer], object],
        failed: Callable[[LayerloomError], object],
        progressed: Callable[[str, float], object] | None = None,
    ) -> None:
        """Do ``work`` in place of what was being done; unless it is cancelled, ``done`` or ``failed`` is called."""
        self.cancel()
        self._job = Job(work, self, what=self._what)
        self._job.done.connect(done)
        self._job.failed.connect(failed)
        if progressed is not None:
            self._job.progressed.connect(progressed)
        self._job.start()

    def cancel(self) -> None:
        """Expect no answer any more."""
        if self._job is not None:
            self._job.cancel()
            self._job.deleteLater()
            self._job = None

    def close(self) -> None:
        """Cancel, and wait for the thread: the window closes."""
        job = self._job
        self.cancel()
        if job is not None:
            job.join()
