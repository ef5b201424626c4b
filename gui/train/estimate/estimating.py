"""The estimate of the next run, worked out in the background after every change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from engine.data.asking import known_of
from engine.errors import LayerloomError
from engine.network import Network
from engine.network.sameness import same_network
from engine.project import Project, ViewSettings
from engine.recipe.recipe import Precision, Recipe
from gui.background import Job, LatestJob
from gui.train.estimate.calculating import Answer, Question, answered
from gui.train.estimate.paces import paces_of
from gui.train.runs.runs import Runs

if TYPE_CHECKING:
    from engine.training.estimate import Estimate

_DEBOUNCE = 80  # ms from the last key


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The same training with one setting changed: what is other, in a word or two, and what it takes."""

    label: str
    found: Estimate


class Estimating(QObject):
    """Follows the project when it is asked to; what was found stays until the next answer.

    ``found`` is the estimate of ``project`` with the best that is known of its pace, ``measured_in`` the run whose
    steps that is from; ``others`` is what if one setting were another, ``failure`` why nothing new was found, and
    ``others_failure`` why there are no others.
    """

    changed = Signal()

    def __init__(self, runs: Runs) -> None:
        super().__init__(runs)
        self._document, self._runs = runs.document, runs
        self.paces = paces_of(runs)
        self.found: Estimate | None = None
        self.project: Project | None = None
        self.others: tuple[Otherwise, ...] = ()
        self.failure = self.others_failure = self.measured_in = ""
        self._asked: Question | None = None
        self._answer: Answer | None = None
        self._network: Network | None = None  # as it was copied last
        self._job = LatestJob("The estimate", self)
        self._comparing = LatestJob("The comparison with other settings", self)
        self._delay = QTimer(self, singleShot=True, interval=_DEBOUNCE)
        self._delay.timeout.connect(self._begin)
        self.paces.changed.connect(self._go_by_paces)
        runs.closed.connect(self.close)

    @property
    def busy(self) -> bool:
        """Whether the estimate of the project as it is now is still to come."""
        return self._delay.isActive() or self._job.running or self._comparing.running

    @property
    def slower(self) -> float:
        """How many times as long as calculated a step has been found to take; 1 where nothing was found."""
        return self.found.pace.step / self._answer.calculated.pace.step if self.found and self._answer else 1.0

    def ask(self) -> None:
        """Estimate the project as it is now, unless that is known or being done, or there is nothing to train."""
        if not (len(self._document.network) and self._document.analysis.ok):
            self.forget()
            return
        question = self._question()
        if question != self._asked:
            self._asked = question
            self._call_off()
            self._delay.start()

    def forget(self) -> None:
        """Have no estimate, as there is nothing to train."""
        self._call_off()
        self._asked = self._answer = self.found = self.project = None
        self.others = ()

    def measure(self) -> None:
        """Make some real steps of what was asked about last, and go by the time that they take."""
        if self._asked is not None:
            self.paces.measure(self._asked.project)

    def close(self) -> None:
        """End the threads: the window closes."""
        self._delay.stop()
        for job in (self._job, self._comparing):
            job.close()

    def _call_off(self) -> None:
        self._delay.stop()
        self._job.cancel()
        self._comparing.cancel()
        self.paces.stop()

    def _question(self) -> Question:
        project, network, ready = self._document.project, self._document.network, self._runs.readiness
        if self._network is None or not same_network(self._network, network):
            self._network = network.copy()
        known = known_of(project.data.source) if ready.usable else None
        return Question(replace(project, network=self._network, view=ViewSettings()), ready.description or known)

    def _begin(self) -> None:
        assert self._asked is not None  # the timer stops with it
        same = self.project is not None and self.project.network is self._asked.project.network
        estimator = self._answer.estimator if self._answer and same else None
        work = partial(answered, self._asked, estimator)
        self._job.start(work, done=self._take, failed=self._fail)

    def _take(self, answer: Answer) -> None:
        assert self._asked is not None
        self._answer, self.project, self.failure = answer, self._asked.project, ""
        recipe = self.project.training
        self._comparing.start(
            lambda job: tuple(_others(answer, recipe, job)),
            done=self._take_others,
            failed=lambda error: self._take_others((), str(error)),
        )
        self._go_by_paces()

    def _take_others(self, others: tuple[Otherwise, ...], failure: str = "") -> None:
        self.others, self.others_failure = others, failure
        self.changed.emit()

    def _fail(self, error: LayerloomError) -> None:
        self.failure, self.others = str(error), ()
        self._answer = self.found = None  # paces would bring an older answer back
        self.changed.emit()

    def _go_by_paces(self) -> None:
        """Put measured times in place of calculated ones, where there are any."""
        if self._answer is not None and self.project is not None:
            pace, self.measured_in = self.paces.of(self.project, self._answer.calculated)
            self.found = self._answer.calculated.at_pace(pace, self.project.training, self._answer.images)
        self.changed.emit()


def estimating_of(runs: Runs) -> Estimating:
    """The one `Estimating` of a window's runs."""
    return runs.findChild(Estimating) or Estimating(runs)


def _others(answer: Answer, recipe: Recipe, job: Job) -> tuple[Otherwise, ...]:
    """What if: another number format, batches that are added up, batches half as large."""
    wide = answer.calculated.precision == Precision.FLOAT32
    precision = Precision.BFLOAT16 if wide else Precision.FLOAT32
    changes: dict[str, Mapping[str, Any]] = {
        precision.value: {"precision": precision},
        f"accumulate {2 * recipe.accumulate}": {"accumulate": 2 * recipe.accumulate},
    }
    if recipe.batch_size > 1:
        changes[f"batch {recipe.batch_size // 2}"] = {"batch_size": recipe.batch_size // 2}
    held = next((part.bytes for part in answer.calculated.parts if part.name == "program"), 0)
    found = []
    for label, change in changes.items():
        job.check()
        other = recipe.model_copy(update=change)
        found.append(Otherwise(label, answer.estimator.estimate(other, answer.images, program=held)))
    return tuple(found)
