"""How long the runs of the queue take: worked out in the background, one entry after another."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.data.asking import known_of
from engine.data.source import DataDescription, Source
from engine.errors import LayerloomError
from engine.network import Network
from engine.network.sameness import same_network
from engine.runs.queue import Entry
from gui.background import LatestJob
from gui.train.estimate.calculating import Answer, Question, answered
from gui.train.estimate.paces import paces_of
from gui.train.estimate.words import Length
from gui.train.queue.run_queue import RunQueue
from gui.train.runs.run import Run

if TYPE_CHECKING:
    from engine.training.estimate import Estimator


class QueueTimes(QObject):
    """Goes by measured paces where there are any; an entry whose images nobody has counted has no time.

    `follow` asks about the entries as they are; ``changed`` tells that more is known.
    """

    changed = Signal()

    def __init__(self, queue: RunQueue) -> None:
        super().__init__(queue)
        self._queue, self._runs, self._paces = queue, queue.runs, paces_of(queue.runs)
        self._known: dict[str, tuple[Question, Answer | LayerloomError]] = {}  # by the keys of entries
        self._lengths: dict[str, Length | None] = {}  # of one training of an entry, while paces stay as they are
        self._job = LatestJob("The times of the queue", self)
        self._paces.changed.connect(self._go_by_paces)
        self._runs.closed.connect(self._job.close)

    @property
    def failure(self) -> str:
        """Why the time of an entry could not be worked out; "" where none failed."""
        return next((str(answer) for _, answer in self._known.values() if isinstance(answer, LayerloomError)), "")

    def follow(self) -> None:
        """Find out what is not known of the entries as they are now."""
        asked = {entry.key: self._question(entry) for entry in self._queue.queue.entries}
        self._known = {key: known for key, known in self._known.items() if _same(known[0], asked.get(key))}
        self._lengths = {key: length for key, length in self._lengths.items() if key in self._known}
        missing = next(((key, question) for key, question in asked.items() if key not in self._known), None)
        if missing and not self._job.running:  # who is answered asks again
            key, question = missing
            work = partial(answered, question, self._estimator(question.project.network))
            take = partial(self._take, key, question)
            self._job.start(work, done=take, failed=take)

    def left_of(self, entry: Entry) -> Length | None:
        """How long it takes until an entry is done, its ensemble with it; None where that is not known."""
        each, active = self._length(entry.key), self._runs.active
        if each is None:
            return None
        units = sum(1 - run.fraction if run else 1.0 for run in self._to_do(entry))
        if entry.key != self._queue.active or active is None or active.seconds_left is None:
            return Length(each.seconds * units, each.measured)
        return Length(active.seconds_left + each.seconds * (units - 1 + active.fraction), each.measured)

    def total(self) -> Length | None:
        """How long all entries take that have not failed; None where that is not known."""
        lengths = [self.left_of(entry) for entry in self._queue.queue.entries if not entry.failure]
        known = [length for length in lengths if length]
        if not known or len(known) < len(lengths):
            return None
        return Length(sum(length.seconds for length in known), all(length.measured for length in known))

    def _to_do(self, entry: Entry) -> list[Run | None]:
        """What is to be trained for an entry: runs that go on, None for those that begin."""
        ensembles, begun = self._runs.ensembles, self._queue.begun(entry)
        if entry.key == self._queue.active:
            first, others = self._runs.active, ensembles.coming
        elif begun is not None and (begun.resumable or ensembles.left_of(begun)):
            first, others = begun if begun.resumable else None, ensembles.left_of(begun)
        else:
            return [None] * entry.trainings
        return [*([first] if first else []), *(other if isinstance(other, Run) else None for other in others)]

    def _length(self, key: str) -> Length | None:
        if key not in self._lengths and key in self._known:
            self._lengths[key] = self._measured(*self._known[key])
        return self._lengths.get(key)

    def _measured(self, question: Question, answer: Answer | LayerloomError) -> Length | None:
        """The time of one training, with the best that is known of its pace."""
        if isinstance(answer, LayerloomError):
            return None
        pace, _ = self._paces.of(question.project, answer.calculated)
        return Length.of(answer.calculated.at_pace(pace, question.project.training, answer.images))

    def _question(self, entry: Entry) -> Question:
        return Question(entry.project, self._description(entry.project.data.source))

    def _description(self, source: Source) -> DataDescription | None:
        """What a source holds, as far as that is known without looking."""
        with suppress(LayerloomError):  # of which training tells
            if known := known_of(source):
                return known
        return self._runs.readiness.description if source == self._runs.document.project.data.source else None

    def _estimator(self, network: Network) -> Estimator | None:
        """That of another entry with the same network."""
        known = ((question, answer) for question, answer in self._known.values() if isinstance(answer, Answer))
        return next((a.estimator for q, a in known if same_network(q.project.network, network)), None)

    def _take(self, key: str, question: Question, answer: Answer | LayerloomError) -> None:
        self._known[key] = question, answer
        self.follow()
        self.changed.emit()

    def _go_by_paces(self) -> None:
        self._lengths = {}
        self.changed.emit()


def _same(before: Question, now: Question | None) -> bool:
    """Whether an answer still holds; what data were found to hold is not forgotten again."""
    return now is not None and before.project is now.project and bool(before.description) >= bool(now.description)
