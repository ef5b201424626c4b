"""What Look inside looks at: whose weights, which image, which views; and the answer, worked out in a thread."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from engine.data.progress import Listener, Progress
from engine.errors import LayerloomError
from engine.inspection import Alteration
from engine.inspection.sight import Asked, Sight
from engine.log import crash_words, log_crash
from engine.network import Network
from engine.recipe.recipe import Recipe
from engine.runs.run_folder import RunFolder
from engine.tasks import Task
from gui.background import keep_for

if TYPE_CHECKING:
    from engine.inspection.lens import Lens  # it brings torch

_LOOK_EVERY = 10  # ms, while an answer is awaited: a pen stroke shows within a frame or two
_TELL_EVERY = 0.05  # s between two reports of progress


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Where weights come from: a run's folder with "last", "best" or an epoch, or (no folder) a drawing's initial ones.

    ``network`` is the one they belong to, ``task`` what it is for; by ``recipe`` initial weights are drawn.
    """

    network: Network
    task: Task
    folder: Path | None = None
    which: str | int = "last"
    recipe: Recipe = field(default_factory=Recipe)

    @property
    def same_lens(self) -> tuple[object, ...]:
        """What must be equal for a compiled network to serve again."""
        recipe = self.recipe
        return (self.folder,) if self.folder else (self.network, self.task, recipe.loss, recipe.initialisation)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One look: these weights, this image ``(C, H, W)`` uint8, these views of these nodes.

    ``alteration`` is what is done to the network and the image first; ``pictures`` are the images that it takes values
    of by a name.
    """

    weights: Weights
    pixels: NDArray[np.uint8]
    views: tuple[Asked, ...] = ()
    alteration: Alteration = field(default_factory=Alteration)
    pictures: Mapping[str, NDArray[np.uint8]] = field(default_factory=dict)

    def alters_like(self, other: Question) -> bool:
        """Whether both alter the network alike."""
        return self.alteration == other.alteration and self.pictures is other.pictures


class Looker(QObject):
    """Answers the latest question; those it has no time for are dropped, and one that takes long for a newer one.

    ``answered`` carries the question and its `Sight`, ``failed`` the question and a sentence, whatever went wrong.
    ``progressed`` tells of what takes long: the question, what is being done, and the fraction of it, negative where
    that is not known.
    While one question is worked out another may be asked: who shows an answer compares its question with the last one.
    `close` ends the thread.
    """

    answered = Signal(object, object)
    failed = Signal(object, str)
    progressed = Signal(object, str, float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions: queue.SimpleQueue[Question | None] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[tuple[Question, Sight | str | Progress | None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._open = 0
        self._called_off = threading.Event()
        self._told = 0.0  # when the thread last told of its progress, s
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
            keep_for(self._thread, self)
        self._open += 1
        self._called_off.clear()
        self._questions.put(question)
        self._timer.start()

    def call_off(self) -> None:
        """Give up what takes long."""
        self._called_off.set()

    def close(self) -> None:
        """End the thread; nothing is answered any more."""
        self._timer.stop()
        self._called_off.set()
        if self._thread is not None:
            self._questions.put(None)
            self._thread.join()
            self._thread = None
        self._outbox = queue.SimpleQueue()
        self._open = 0

    def _deliver(self) -> None:
        while not self._outbox.empty():
            question, answer = self._outbox.get()
            if isinstance(answer, Progress):
                self.progressed.emit(question, answer.words, answer.done / answer.total if answer.total else -1.0)
                continue
            self._open -= 1
            if isinstance(answer, Sight):
                self.answered.emit(question, answer)
            elif answer is not None:
                self.failed.emit(question, answer)
        if not self._open:
            self._timer.stop()

    # In the thread

    def _work(self) -> None:
        loaded = LoadedLens()
        while (question := self._newest()) is not None:
            self._outbox.put((question, _answer(loaded, question, partial(self._hear, question))))

    def _hear(self, question: Question, progress: Progress) -> bool:
        """Pass on how far the answer to a question is; False calls it off, as there is a newer one."""
        now = time.monotonic()
        if now - self._told >= _TELL_EVERY:  # or the window would have to do with nothing else
            self._told = now
            self._outbox.put((question, progress))
        return self._questions.empty() and not self._called_off.is_set()

    def _newest(self) -> Question | None:
        """The question that was asked last, as soon as there is one; None when the looker is closed."""
        question = self._questions.get()
        while question is not None and not self._questions.empty():
            self._outbox.put((question, None))
            question = self._questions.get()
        return question


class LoadedLens:
    """Keeps the last compiled network, its weights and how it is altered, so that only what is new is loaded."""

    def __init__(self) -> None:
        self._lens: Lens | None = None
        self._altered: tuple[Question, Lens] | None = None  # for which it was made
        self._key: tuple[object, ...] = ()
        self._version: tuple[str | int, float] | None = None

    def lens_with(self, weights: Weights) -> Lens:
        """The network with these weights; raises `LayerloomError`."""
        folder = RunFolder(weights.folder) if weights.folder else None
        began = folder.record_file.stat().st_mtime_ns if folder else 0  # another run may stand in the folder by now
        lens, key = self._lens, (*weights.same_lens, began)
        if lens is None or self._key != key:
            lens = _lens(weights, folder)
            self._lens, self._key, self._version = lens, key, None
        if folder:
            self._load(lens, folder, folder.newest(weights.which))
        return lens

    def lens_for(self, question: Question, listener: Listener) -> Lens:
        """The network that a question asks about; ``listener`` hears of what takes long. Raises `LayerloomError`."""
        lens = self.lens_with(question.weights)
        lens.pictures = question.pictures
        lens.listener = listener
        made = self._altered
        if made is None or made[1].own is not lens or not question.alters_like(made[0]):
            made = self._altered = question, lens.altered(question.alteration)
        return made[1]

    def _load(self, lens: Lens, folder: RunFolder, which: str | int) -> None:
        file = folder.checkpoint(which)
        version = (which, file.stat().st_mtime) if file.exists() else None
        if version is None or version != self._version:
            self._altered = None  # it may hold values that the old weights gave
            self._version = None  # while they are loaded, and if that fails, they are neither the old nor the new ones
            lens.load(folder.weights(which))
            self._version = version


def _lens(weights: Weights, folder: RunFolder | None) -> Lens:
    from engine.inspection.lens import Lens

    return Lens.of_run(folder) if folder else Lens(weights.network, task=weights.task, recipe=weights.recipe)


def _answer(loaded: LoadedLens, question: Question, listener: Listener) -> Sight | str:
    """What is seen, or why nothing is, in a sentence."""
    try:
        return loaded.lens_for(question, listener).look(question.pixels, question.views)
    except LayerloomError as error:
        return str(error)
    except (RuntimeError, MemoryError) as error:
        log_crash("a forward pass failed", error)
        return f"The forward pass failed: {(str(error) or type(error).__name__).splitlines()[0]}"
    except BaseException as error:  # noqa: BLE001 - nobody above this thread would hear of it
        return crash_words("Looking inside", error)
