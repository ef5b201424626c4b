"""Explanations worked out in a thread, step by step: what is wanted most first, whenever that changes."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from engine.data.progress import Listener
from engine.errors import LayerloomError
from engine.inspection.results import NotShownError, Result
from engine.inspection.sight import Asked
from engine.log import crash_words, log_crash
from gui.background import keep_for
from gui.looker import LoadedLens, Question

if TYPE_CHECKING:
    from engine.inspection.lens import Lens  # it brings torch

_LOOK_EVERY = 10  # ms, while there is something to come


@dataclass(frozen=True, slots=True, eq=False)
class Refused:
    """Why there is nothing to see, and the node that could be asked, or ""."""

    sentence: str
    instead: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Explanations:
    """What there is of one view yet: ``answer`` is a `Result` or `Refused`, ``seconds`` were spent on it.

    ``whole`` says that no more comes.
    """

    question: Question
    asked: Asked
    answer: Result | Refused
    seconds: float
    whole: bool


class Explainer(QObject):
    """Works through the views that are wanted of one question, in their order.

    ``told`` carries a list of `Explanations` after each step or a few, of the newest question alone. A view that is
    slow gives way between its steps to one that is put before it, and goes on later; one that is no longer wanted ends.
    `close` ends the thread.
    """

    told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = threading.Condition()
        self._wanted: tuple[Question | None, tuple[Asked, ...]] = (None, ())
        self._closed = False
        self._thread: threading.Thread | None = None
        self._outbox: queue.SimpleQueue[Explanations] = queue.SimpleQueue()
        self._open: set[Asked] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self._deliver)

    @property
    def busy(self) -> bool:
        """Whether anything is still to come."""
        return bool(self._open)

    def ask(self, question: Question | None, views: Sequence[Asked] = ()) -> None:
        """Want these views of a question, and nothing else; those of the very same question go on where they are."""
        with self._turn:
            self._wanted = question, tuple(views)
            self._turn.notify()
        self._open = set(views)
        if not self._open:
            self._timer.stop()
            return
        self._timer.start()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="layerloom-explainer", daemon=True)
            self._thread.start()
            keep_for(self._thread, self)

    def close(self) -> None:
        """End the thread; nothing is told any more."""
        self.ask(None)
        with self._turn:
            self._closed = True
            self._turn.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _deliver(self) -> None:
        fresh: dict[Asked, Explanations] = {}
        while not self._outbox.empty():
            told = self._outbox.get()
            if told.question is not self._wanted[0]:
                continue  # what is not wanted any more is told too: it may be wanted again, and is done
            if told.whole:
                self._open.discard(told.asked)
            fresh[told.asked] = told
        if not self._open:
            self._timer.stop()
        if fresh:
            self.told.emit([*fresh.values()])

    # In the thread

    def _work(self) -> None:
        work = _Work(lambda _: not self._closed)
        while (asked := self._next(work)) is not None:
            self._outbox.put(work.step(asked))

    def _next(self, work: _Work) -> Asked | None:
        """The first view that is not whole yet, as soon as there is one; None when the explainer is closed."""
        with self._turn:
            while not self._closed:
                question, views = self._wanted
                work.turn_to(question, views)
                if (asked := next((one for one in views if one not in work.done), None)) is not None:
                    return asked
                self._turn.wait()
            return None


class _Work:
    """The views that are being worked out, of one question at a time."""

    def __init__(self, listener: Listener) -> None:
        self.done: set[Asked] = set()
        self._listener = listener
        self._loaded = LoadedLens()
        self._lens: Lens | None = None
        self._question: Question | None = None
        self._begun: dict[Asked, _Begun] = {}

    def turn_to(self, question: Question | None, views: Sequence[Asked]) -> None:
        """Let go of what belongs to another question, or is not wanted any more."""
        if question is not self._question:
            self._question, self._lens = question, None
            self.done.clear()
            self._begun.clear()
        for asked in self._begun.keys() - set(views):
            del self._begun[asked]

    def step(self, asked: Asked) -> Explanations:
        """One step of a view."""
        try:
            return self._step(asked)
        except NotShownError as error:
            refused = Refused(str(error), error.instead)
        except LayerloomError as error:
            refused = Refused(str(error))
        except (RuntimeError, MemoryError) as error:
            log_crash("an explanation failed", error)
            words = (str(error) or type(error).__name__).splitlines()[0]
            refused = Refused(f"{asked.view.title} failed: {words}")
        except BaseException as error:  # noqa: BLE001 - nobody above this thread would hear of it
            refused = Refused(crash_words(asked.view.title, error))
        return self._told(asked, refused, 0.0, whole=True)

    def _step(self, asked: Asked) -> Explanations:
        question = self._question
        assert question is not None  # whose views these are
        began = time.perf_counter()
        if self._lens is None:
            self._lens = self._loaded.lens_for(question, self._listener)
            began = time.perf_counter()  # it took the time, not the method
        if asked not in self._begun:
            self._begun[asked] = _Begun(self._lens.steps(asked, question.pixels))
        one = self._begun[asked]
        result = next(one.steps, None)
        one.seconds += time.perf_counter() - began
        whole, one.last = result is None, result or one.last
        assert one.last is not None  # every view gives something
        return self._told(asked, one.last, one.seconds, whole=whole)

    def _told(self, asked: Asked, answer: Result | Refused, seconds: float, *, whole: bool) -> Explanations:
        assert self._question is not None
        if whole:
            self.done.add(asked)
            self._begun.pop(asked, None)
        return Explanations(self._question, asked, answer, seconds, whole)


@dataclass(slots=True)
class _Begun:
    """A view that is not whole yet."""

    steps: Iterator[Result]
    last: Result | None = None
    seconds: float = 0.0
