"""What Look inside looks at: whose weights, which image, which layer; and the answer, worked out in a thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import LayerloomError
from engine.network import Network
from engine.tasks import Task

if TYPE_CHECKING:  # they bring torch
    from engine.inspection.filters import Filters
    from engine.inspection.lens import Lens, Sight
    from engine.inspection.step_through import StepThrough

_LOOK_EVERY = 10  # ms, while an answer is awaited: a pen stroke shows within a frame or two


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Where weights come from: a run's folder with "last", "best" or an epoch, or (no folder) a drawing's initial ones.

    ``network`` is the one they belong to, ``task`` what it is for.
    """

    network: Network
    task: Task
    folder: Path | None = None
    which: str | int = "last"

    @property
    def same_lens(self) -> tuple[object, ...]:
        """What must be equal for a compiled network to serve again."""
        return (self.folder,) if self.folder else (self.network, self.task)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One look: these weights, this image ``(C, H, W)`` uint8, these nodes.

    ``convolution`` asks for that node's kernels too, and ``value`` (map, row, column) for one of its values step by
    step.
    """

    weights: Weights
    pixels: NDArray[np.uint8]
    nodes: tuple[str, ...]
    convolution: str = ""
    value: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What was asked for: a `Sight`, the `Filters` of the convolution and a `StepThrough`, where they exist."""

    sight: Sight
    filters: Filters | None = None
    step: StepThrough | None = None


class Looker(QObject):
    """Answers the latest question; those it has no time for are dropped.

    ``answered`` carries the question and its `Answer`, ``failed`` a sentence. `close` ends the thread.
    """

    answered = Signal(object, object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions: queue.SimpleQueue[Question | None] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[tuple[str, tuple[Any, ...]]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._open = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self._deliver)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._open > 0

    def ask(self, question: Question) -> None:
        """Look; the answer comes by signal."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="layerloom-looker", daemon=True)
            self._thread.start()
        self._open += 1
        self._questions.put(question)
        self._timer.start()

    def close(self) -> None:
        """End the thread; nothing is answered any more."""
        self._timer.stop()
        if self._thread is not None:
            self._questions.put(None)
            self._thread.join()
            self._thread = None

    def _deliver(self) -> None:
        while not self._outbox.empty():
            name, values = self._outbox.get()
            self._open -= 1
            if name != "dropped":
                getattr(self, name).emit(*values)
        if not self._open:
            self._timer.stop()

    # In the thread

    def _work(self) -> None:
        loaded = _LoadedLens()
        while (question := self._questions.get()) is not None:
            while not self._questions.empty():
                self._outbox.put(("dropped", ()))
                newer = self._questions.get()
                if newer is None:
                    return
                question = newer
            self._outbox.put(_answer(loaded.answer, question))


class _LoadedLens:
    """Keeps the last compiled network and its weights, so that only what is new is loaded."""

    def __init__(self) -> None:
        self._lens: Lens | None = None
        self._key: tuple[object, ...] = ()
        self._version: tuple[str | int, float] | None = None

    def answer(self, question: Question) -> Answer:
        """The answer to a question; raises `LayerloomError`."""
        lens = self._lens_with(question.weights)
        sight = lens.look(question.pixels, question.nodes)
        if not question.convolution:
            return Answer(sight)
        kernels = lens.filters(question.convolution)
        if question.value is None:
            return Answer(sight, kernels)
        channel, row, column = question.value
        step = lens.step_through(question.pixels, question.convolution, channel=channel, row=row, column=column)
        return Answer(sight, kernels, step)

    def _lens_with(self, weights: Weights) -> Lens:
        from engine.inspection.lens import Lens
        from engine.runs.run_folder import RunFolder

        folder = RunFolder(weights.folder) if weights.folder else None
        if self._lens is None or self._key != weights.same_lens:
            self._lens = Lens.of_run(folder) if folder else Lens(weights.network, task=weights.task)
            self._key, self._version = weights.same_lens, None
        if folder:
            which = folder.newest(weights.which)
            version = (which, folder.checkpoint(which).stat().st_mtime) if folder.checkpoint(which).exists() else None
            if version is None or version != self._version:
                self._lens.load(folder.weights(which))
                self._version = version
        return self._lens


def _answer(look: Callable[[Question], Answer], question: Question) -> tuple[str, tuple[Any, ...]]:
    try:
        return "answered", (question, look(question))
    except LayerloomError as error:
        return "failed", (str(error),)
    except (RuntimeError, MemoryError) as error:
        return "failed", (f"The forward pass failed: {str(error).splitlines()[0]}",)
