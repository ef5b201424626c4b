"""How fast the steps of a training really are: measured on request, or as runs have made the same ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.errors import LayerloomError
from engine.network.sameness import same_network
from engine.project import Project
from gui.background import Job, LatestJob
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs

if TYPE_CHECKING:
    from engine.runs.measuring import MeasuredSteps
    from engine.training.estimate import Estimate
    from engine.training.pace import Pace

_OF_THE_PACE = {"batch_size", "accumulate", "optimiser", "device", "precision", "channels_last", "compile"}


class Paces(QObject):
    """Measures steps in the background while nothing trains; ``failure`` is why it could not, ``progress`` 0 to 1."""

    changed = Signal()

    def __init__(self, runs: Runs) -> None:
        super().__init__(runs)
        self._runs = runs
        self.failure, self.progress = "", 0.0
        self._measured: tuple[Project, MeasuredSteps] | None = None
        self._job = LatestJob("Measuring the steps", self)
        runs.started.connect(self.stop)
        runs.closed.connect(self._job.close)
        for signal in (runs.listed, runs.finished, runs.chips_due):
            signal.connect(self.changed)

    @property
    def measuring(self) -> bool:
        """Whether steps are being made."""
        return self._job.running

    @property
    def refusal(self) -> str:
        """Why no steps can be made now; "" if they can."""
        return self._runs.refusal

    def measure(self, project: Project) -> None:
        """Make some real steps of a project, which does not change any more, on a copy of its weights."""
        self.failure, self.progress = "", 0.0
        self._job.start(
            lambda job: _steps(project, job),
            done=lambda steps: self._take(project, steps),
            failed=self._fail,
            progressed=self._take_progress,
        )
        self.changed.emit()

    def stop(self) -> None:
        """Make no more steps."""
        if self.measuring:
            self._job.cancel()
            self.changed.emit()

    def of(self, project: Project, found: Estimate) -> tuple[Pace, str]:
        """The best that is known of a project's pace, which ``found`` has calculated, and which run it is from."""
        if self._measured and _same_pace(self._measured[0], project):
            return found.pace.measured(*self._measured[1]), ""
        for run in self._runs.all:
            there = run.started is not None and run.started.device == found.device
            if there and run.epoch_seconds and _same_pace(run.project, project):
                return _pace_of(run, found.pace), run.title
        return found.pace, ""

    def _take(self, project: Project, steps: MeasuredSteps) -> None:
        self._measured = project, steps
        self.changed.emit()

    def _fail(self, error: LayerloomError) -> None:
        self.failure = str(error)
        self.changed.emit()

    def _take_progress(self, _: str, fraction: float) -> None:
        self.progress = max(0.0, fraction)
        self.changed.emit()


def paces_of(runs: Runs) -> Paces:
    """The one `Paces` of a window's runs."""
    return runs.findChild(Paces) or Paces(runs)


def _pace_of(run: Run, calculated: Pace) -> Pace:
    """That of a run which has come to the end of an epoch."""
    validation = run.started.validation_images if run.started else 0
    return calculated.measured_in_epochs(run.epoch_seconds, run.steps_per_epoch, validation)


def _same_pace(one: Project, other: Project) -> bool:
    """Whether the steps of two projects take as long: what decides that is the same."""
    settings = [project.training.model_dump(include=_OF_THE_PACE) for project in (one, other)]
    return settings[0] == settings[1] and one.data == other.data and same_network(one.network, other.network)


def _steps(project: Project, job: Job) -> MeasuredSteps:
    from engine.runs.measuring import measure_steps
    from engine.runs.runner import threads_beside_a_window, use_threads

    use_threads(threads_beside_a_window())
    return measure_steps(project, progress=job.listen)
