"""A training in a thread of its own."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.data.progress import CancelledError, Progress
from engine.errors import LayerloomError
from engine.log import crash_words
from engine.machine.turn import TURNS
from engine.project import Project
from engine.runs.event_queue import EventQueue
from engine.runs.record import Member
from engine.tasks.refusal import NotTrainableError
from engine.training.control import Control
from engine.training.events import Failed, Finished, Preparing


class Runner:
    """Trains a project in a thread and puts its events into ``events``.

    The last event is `Finished` or `Failed`, whatever happens. Pause and stop answer within one batch. The thread
    ends by itself once the program's main thread has; torch loads in it, so that making a runner costs nothing.
    """

    def __init__(
        self,
        project: Project,
        path: Path,
        *,
        resume: bool = False,
        threads: int | None = None,
        member: Member | None = None,
    ) -> None:
        """``path`` is the run folder, new or (``resume``) to go on with; ``threads`` are for torch on the CPU.

        ``project`` must not change any more: hand in a copy. A new run may be a ``member`` of an ensemble.
        """
        self.path = path
        self.events = EventQueue()
        self._project = project
        self._resume = resume
        self._threads = threads
        self._member = member
        self._control = Control()
        self._thread = threading.Thread(target=self._run, name=f"training {path.name}")

    def start(self) -> None:
        """Begin; once only."""
        self._thread.start()

    def pause(self) -> None:
        """Wait after the current batch."""
        self._control.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        self._control.resume()

    def stop(self) -> None:
        """End after the current batch; the run can be resumed."""
        self._control.stop()

    def set_learning_rate(self, rate: float) -> None:
        """Go on at another learning rate from the next batch on; raises `LayerloomError` for one that cannot be."""
        self._control.set_learning_rate(rate)

    def watch(self, node: str, image: NDArray[np.uint8]) -> None:
        """Send the output of ``node`` for ``image``, uint8 ``(C, H, W)``, now and after each epoch."""
        self._control.watch(node, image)

    def unwatch(self) -> None:
        """Send no outputs any more."""
        self._control.unwatch()

    @property
    def paused(self) -> bool:
        """Whether training waits, or will after its current batch."""
        return self._control.paused

    def join(self, timeout: float | None = None) -> bool:
        """Wait until the thread has ended, at most ``timeout`` seconds; whether it has."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._train()
        except CancelledError:
            self.events.put(Finished(0, stopped=True, best_epoch=None, seconds=0.0))
        except NotTrainableError as error:
            self.events.put(Failed(error.code, error.message, hint=error.hint, changes=error.changes))
        except LayerloomError as error:
            self.events.put(Failed("data", str(error)))
        except BaseException as error:  # noqa: BLE001 - nobody above this thread would hear of it
            self.events.put(Failed("crashed", crash_words("Training", error)))

    def _train(self) -> None:
        from engine.runs.session import run_project

        use_threads(self._threads or threads_beside_a_window())
        with TURNS.to_train():
            for event in run_project(
                self._project,
                self.path,
                control=self._control,
                progress=self._report,
                resume=self._resume,
                member=self._member,
            ):
                self.events.put(event)

    def _report(self, progress: Progress) -> bool:
        self.events.put(Preparing(progress.task, progress.done, progress.total, progress.unit))
        return not self._control.stopped


def threads_beside_a_window() -> int:
    """CPU threads for torch that leave the window one core of its own, where there is one to spare."""
    return max(1, (os.cpu_count() or 2) - 1)


def use_threads(threads: int) -> None:
    """Let torch reckon with so many CPU threads in the thread that calls this."""
    import torch

    torch.set_num_threads(threads)
