"""How far the confidence of the run in view can be believed, before and after a temperature."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QWidget

from engine.evaluation.calibration import Tempered
from engine.tasks.class_evaluation import ClassEvaluation
from gui.background import Job
from gui.evaluate.answer import Answer
from gui.evaluate.evaluator import Evaluated, Evaluator
from gui.evaluate.reliability_view import ReliabilityView
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.section import Section
from gui.widgets.switch import Switch

_AXES = "Confidence (%) and how many are right; dashed is perfect; images below"


class CalibrationSection(Section):
    """The diagram, and a switch that shows what temperature scaling, fitted on the validation images, does to it."""

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__("Calibration", parent, caption=" ")
        self._evaluator = evaluator
        self.bins, self.words, self.note = ReliabilityView(), QLabel(_AXES), QLabel("Temperature scaling")
        self.scaled = Switch("Temperature scaling", bare=True)
        self.tempered: Answer[Tempered] = Answer("Temperature scaling", self)
        for label in (self.words, self.note):
            role(label, "caption")
            label.setWordWrap(True)
        row = layouts.row(None, self.scaled, spacing=6)
        row.addWidget(self.note, 1)
        self.body.addWidget(self.bins)
        self.body.addWidget(self.words)
        self.body.addSpacing(6)
        self.body.addLayout(row)
        self.bins.pointed.connect(lambda words: self.words.setText(words or _AXES))
        self.scaled.clicked.connect(self._ask)
        self.tempered.changed.connect(self._show)
        evaluator.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        if self._evaluator.result is None:
            self.tempered.forget()
            self.scaled.set_value(False)
        self._ask()

    def _show(self) -> None:
        found = self._found()
        self.setVisible(found is not None)
        if found is None:
            return
        asked = self.scaled.isChecked()
        tempered = self.tempered.value if asked else None
        shown = tempered.after if tempered else found.reliability
        self.bins.show_bins(shown)
        self.caption.setText(f"expected error {100 * shown.expected_error:.1f} %")
        self.note.setText(self._note(tempered, asked=asked))

    def _note(self, tempered: Tempered | None, *, asked: bool) -> str:
        if asked and self.tempered.message:
            return self.tempered.message
        if tempered is not None:
            return f"After temperature {tempered.temperature:.2f} (fitted on validation)"
        return "Fitting the temperature on validation" if asked else "Temperature scaling"

    def _found(self) -> ClassEvaluation | None:
        result = self._evaluator.result
        return result.classes if result is not None else None

    def _ask(self) -> None:
        run, result, found = self._evaluator.run, self._evaluator.result, self._found()
        if self.scaled.isChecked() and run is not None and result is not None and found is not None:
            folder = run.folder
            self.tempered.ask((folder, found), lambda job: _tempered(folder, result, found, job))
        self._show()


def _tempered(folder: Path, result: Evaluated, found: ClassEvaluation, job: Job) -> Tempered:
    from engine.evaluation.tempering import tempered_by_validation
    from engine.runs.run_folder import RunFolder

    return tempered_by_validation([RunFolder(folder)], found, data=result.data, looks=result.looks, progress=job.listen)
