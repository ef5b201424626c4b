"""Ensembles in the window: their runs are trained one after another, and those that are left go on later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from engine.runs.ensembles import Training, missing
from gui.guard import border
from gui.train.runs.run import Run
from gui.train.runs.status import RunStatus

if TYPE_CHECKING:
    from gui.train.runs.runs import Runs


class Ensembles(QObject):
    """Begins what is ``coming``: runs that stopped, and those of an ensemble that were not begun yet.

    A run that is stopped ends that, as does one that could not begin; where one fails later the others have their turn.
    """

    def __init__(self, runs: Runs) -> None:
        super().__init__(runs)
        self._runs = runs
        self.coming: tuple[Run | Training, ...] = ()
        self._name = ""
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(lambda: border().do(self._go_on))
        runs.finished.connect(self._follow)
        runs.listed.connect(self._wake)

    def follow(self, run: Run, others: Sequence[Run | Training]) -> None:
        """Let others follow a run, by its name."""
        self.coming, self._name = tuple(others), run.name

    def forget(self) -> None:
        """Let nothing follow."""
        self.coming = ()
        self._timer.stop()

    def runs_of(self, run: Run) -> list[Run]:
        """All runs of the ensemble of a run in their order; none for a run of its own."""
        if run.member is None:
            return []
        pairs = [(one.member, one) for one in self._runs.all if one.member]
        found = [(member.number, one) for member, one in pairs if member.ensemble == run.member.ensemble]
        return [one for _, one in sorted(found, key=lambda pair: pair[0])]

    def left_of(self, run: Run) -> tuple[Run | Training, ...]:
        """What is left to do of the ensemble of a run beside itself: runs that stopped, and those not begun yet."""
        there = self.runs_of(run)
        stopped = [other for other in there if other is not run and other.status is RunStatus.STOPPED]
        return (*stopped, *missing(Training(run.project, run.member), [other.member for other in there]))

    def complete(self, run: Run) -> Run:
        """Train what is left of the ensemble of a run; raises `LayerloomError` while another run trains."""
        first, *others = self.left_of(run)
        begun = self._begin(first, run.name)
        self.follow(run, others)
        return begun

    def _begin(self, what: Run | Training, name: str) -> Run:
        if isinstance(what, Training):
            return self._runs.begin(what, name=name)
        self._runs.continue_run(what)
        return what

    def _follow(self, run: Run) -> None:
        if run.status is RunStatus.STOPPED or (run.status is RunStatus.FAILED and run.started is None):
            self.forget()
        self._wake()

    def _wake(self) -> None:
        if self.coming:
            self._timer.start()

    def _go_on(self) -> None:
        if self.coming and not self._runs.busy_with:
            first, *others = self.coming
            self.follow(self._begin(first, self._name), others)
