"""The runs of an ensemble evaluated together: how good their mean is, and each of them alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from engine.errors import LayerloomError
from gui.background import Job, LatestJob
from gui.evaluate.evaluator import Evaluator
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.train.runs.run import Run
from gui.widgets.figure_table import FactList
from gui.widgets.section import Section

if TYPE_CHECKING:
    from engine.evaluation.ensemble import Together

_EVALUATE = "Evaluate together"
Asked = tuple[str, str, tuple[int, ...]]
"""What an answer is to: the ensemble, the part, and the numbers of the runs."""


class TogetherSection(Section):
    """There while the run in view is one of an ensemble that has several with weights."""

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__("Ensemble", parent)
        self._evaluator = evaluator
        self._asked: Asked | None = None
        self._answer: tuple[Asked, Together] | None = None
        self._evaluating = LatestJob("The evaluation of the ensemble", self)
        self.evaluate, self.facts, self.words = QPushButton(_EVALUATE), FactList(), QLabel()
        mark(self.evaluate, "scale", "small")
        self.evaluate.setIconSize(QSize(16, 16))
        role(self.words, "caption")
        self.words.setWordWrap(True)
        for widget in (self.facts, self.words):
            self.body.addWidget(widget)
        self.body.addSpacing(8)
        self.body.addWidget(self.evaluate, 0, Qt.AlignmentFlag.AlignLeft)
        self.evaluate.clicked.connect(self.start)
        evaluator.changed.connect(self._follow)
        evaluator.runs.listed.connect(self._follow)
        appearance().changed.connect(self._restyle)
        self._restyle()
        self._follow()

    def close_job(self) -> None:
        """End the thread: the window closes."""
        self._evaluating.close()

    def start(self) -> None:
        """Evaluate all runs of the ensemble on the part that is chosen."""
        asked, runs = self._question()
        self._asked, self._answer = asked, None  # its place is where the progress is told, and what went wrong
        folders, split = [run.folder for run in runs], self._evaluator.split
        self._evaluating.start(
            lambda job: _evaluate(folders, split, job),
            done=lambda found: self._take(asked, found),
            failed=self._fail,
            progressed=lambda text, _: self.words.setText(text),
        )
        self._follow()

    def _question(self) -> tuple[Asked, list[Run]]:
        run = self._evaluator.run
        runs = [one for one in self._evaluator.runs.ensembles.runs_of(run) if len(one.epochs)] if run else []
        ensemble = run.member.ensemble if run and run.member else ""
        return (ensemble, self._evaluator.split, tuple(one.number for one in runs)), runs

    def _follow(self) -> None:
        """Show what is known of the ensemble of the run in view; an answer to another question is none."""
        asked, runs = self._question()
        self.setVisible(len(runs) > 1 and self._evaluator.own is None)
        busy = self._evaluating.running
        if busy and asked != self._asked:
            self._evaluating.cancel()
            busy = False
        self.heading.setText(f"Ensemble of {runs[0].member.of if runs and runs[0].member else 0}")
        self.evaluate.setEnabled(not busy)
        answer = self._answer[1] if self._answer is not None and self._answer[0] == asked else None
        self.facts.setVisible(answer is not None)
        if answer is not None:
            title, mean = answer.evaluation.figures()[0]
            single = [(run.title, one.figures()[0][1]) for run, one in zip(runs, answer.members, strict=True)]
            self.facts.show_facts([(f"{title} of the mean", mean), *single])
        self.words.setVisible(answer is None)
        if answer is None and not busy:
            self.words.setText(f"The mean of what its {len(runs)} runs say is usually better than each alone.")

    def _take(self, asked: Asked, found: Together) -> None:
        self._answer = asked, found
        self._follow()

    def _fail(self, error: LayerloomError) -> None:
        self._follow()
        self.words.setText(str(error))

    def _restyle(self) -> None:
        self.evaluate.setIcon(appearance().icon("mdi6.target", "text"))


def _evaluate(folders: Sequence[Path], split: str, job: Job) -> Together:
    from engine.evaluation.ensemble import evaluate_together
    from engine.runs.run_folder import RunFolder

    return evaluate_together([RunFolder(folder) for folder in folders], split, progress=job.listen)
