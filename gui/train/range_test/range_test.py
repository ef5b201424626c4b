"""The range test of the open project: runs it, keeps what it found, and knows whether that still holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, QTimer, Signal

from engine.data.progress import Progress
from engine.errors import LayerloomError
from engine.network.sameness import same_network
from engine.project import Project
from engine.recipe.changes import changes
from engine.runs.runner import threads_beside_a_window
from engine.training.range_result import BATCHES, COUNTS, RangeResult
from engine.words import counted, power_text
from gui.background import Job, LatestJob
from gui.train.runs.runs import Runs

_EVERY = 100  # ms between two pictures of a test that goes on
_TELLING = 1.0  # s after which the time that is left can be told


@dataclass(slots=True)
class Going:
    """A test that goes on: what is being done before its first batch, then the rates and losses so far."""

    project: Project
    batches: int = BATCHES
    task: str = ""
    began: float = 0.0  # s, when the first batch was done
    rates: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    @property
    def words(self) -> str:
        """How far it is: "Batch 96 of 200, 30 s left"."""
        done = len(self.losses)
        if not done:
            return self.task
        passed = time.monotonic() - self.began
        left = passed / max(1, done - 1) * (self.batches - done)
        more = f", {max(1, round(left))} s left" if passed > _TELLING else ""
        return f"Batch {done} of {self.batches}{more}"


class RangeTest(QObject):
    """One at a time, in a thread, and never beside a run: a run that starts calls it off.

    ``result`` is that of the last one that came to an end, ``failure`` why there is none, ``going`` the one that goes
    on. ``changed`` tells of these and of whether the result still holds, ``progressed`` of new losses, at most ten
    times a second.
    """

    changed = Signal()
    progressed = Signal()

    def __init__(self, runs: Runs) -> None:
        super().__init__(runs)
        self.runs, self.document = runs, runs.document
        self.result: RangeResult | None = None
        self.failure = ""
        self.going: Going | None = None
        self.made_with: Project | None = None
        self.other = ""  # what was other when the result was made: "batch size 32"
        self._job = LatestJob("The range test", self)
        self._beat = QTimer(self, interval=_EVERY)
        self._beat.timeout.connect(self.progressed)
        runs.started.connect(self.cancel)
        runs.state_changed.connect(self.changed)
        runs.readiness.changed.connect(self._follow)
        for signal in (self.document.analysed, self.document.settings_changed):
            signal.connect(self._follow)
        self.document.replaced.connect(self._forget)

    @property
    def suggested(self) -> float | None:
        """The learning rate that is suggested; None without one, or where it is for other settings."""
        return self.result.suggested if self.result is not None and not self.other else None

    @property
    def warning(self) -> str:
        """That the learning rate is one at which the test diverged; "" where it is not, or nobody knows."""
        now, found = self.document.project.training.learning_rate, self.result
        if found is None or self.other or found.diverges is None or now < found.diverges:
            return ""
        return f"{power_text(now)} is above {power_text(found.diverges)}, where the range test diverged."

    @property
    def refusal(self) -> str:
        """Why a test cannot begin now; "" if it can."""
        return "The range test is running." if self.going else self.runs.refusal

    def start(self) -> None:
        """Begin a test of the project as it is now; raises `LayerloomError` if that cannot be."""
        if self.refusal:
            raise LayerloomError(self.refusal)
        now = self.document.project
        going = Going(replace(now, network=now.network.copy()), task="Preparing the range test")
        self.going, self.failure = going, ""
        self._job.start(lambda job: _find(going, job), done=self._take, failed=self._fail)
        self._beat.start()
        self.changed.emit()

    def cancel(self) -> None:
        """Call the test off: what was found before stays."""
        if self.going is not None:
            self._job.cancel()
            self._end()

    def close(self) -> None:
        """End the thread: the window closes."""
        self._beat.stop()
        self._job.close()

    def use(self) -> None:
        """Make the suggested learning rate that of the project, as one undo step."""
        if self.suggested is not None:
            changed = {"learning_rate": self.suggested, "rate_changes": ()}
            settings = self.document.project.training.model_copy(update=changed)
            self.document.change_settings(f"Learning rate {power_text(self.suggested)}", settings)

    def _take(self, found: RangeResult) -> None:
        assert self.going is not None  # who is called off answers nothing
        self.result, self.made_with = found, self.going.project
        self.other = self._what_is_other()
        self._end()

    def _fail(self, error: LayerloomError) -> None:
        self.failure = str(error)
        self._end()

    def _end(self) -> None:
        self.going = None
        self._beat.stop()
        self.changed.emit()

    def _follow(self, *_: object) -> None:
        self.failure, self.other = "", self._what_is_other()
        self.changed.emit()

    def _forget(self) -> None:
        self.result, self.made_with, self.failure, self.other = None, None, "", ""
        self.cancel()
        self.changed.emit()

    def _what_is_other(self) -> str:
        if self.made_with is None:
            return ""
        found = list(_differing(self.made_with, self.document.project))
        return " and ".join(found) if len(found) < 3 else f"{counted(len(found), 'other setting')}"


def range_test_of(runs: Runs) -> RangeTest:
    """The one `RangeTest` of a window's runs."""
    return runs.findChild(RangeTest) or RangeTest(runs)


def _differing(before: Project, now: Project) -> Iterator[str]:
    if not same_network(before.network, now.network):
        yield "another network"
    if before.data != now.data.model_copy(update={"workers": before.data.workers}):
        yield "other data"
    for change in changes(now.training, before.training):
        if change.path.partition(".")[0] in COUNTS:
            title = change.title if change.title[1:2].isdigit() else change.title[0].lower() + change.title[1:]
            yield f"{title} {change.after}"


def _find(going: Going, job: Job) -> RangeResult:
    """Done in a thread: fills the lists of ``going`` on its way."""
    from engine.runs.finding_rate import find_rate
    from engine.training.range_test import RangeStep

    def load(progress: Progress) -> None:
        job.check()
        going.task = progress.words

    def hear(step: RangeStep) -> None:
        job.check()
        going.began = going.began or time.monotonic()
        going.rates.append(step.rate)
        going.losses.append(step.loss)

    threads = threads_beside_a_window()
    return find_rate(going.project, batches=going.batches, progress=load, heard=hear, threads=threads)
