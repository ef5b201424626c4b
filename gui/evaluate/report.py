"""A report of the evaluation as a file, written in a thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.files import is_there, numbered
from gui.background import Job
from gui.evaluate.answer import Answer
from gui.evaluate.answer_bar import AnswerBar
from gui.evaluate.evaluator import Evaluator
from gui.evaluate.page import MARGIN
from gui.style.style import mark, role
from gui.widgets import layouts

_KINDS = "Web page (*.html);;PDF (*.pdf)"


class ReportLine(QWidget):
    """Progress while a report is written, then where it is and "Open"; hidden otherwise."""

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluator = evaluator
        self.report: Answer[Path] = Answer("Writing the report", self)
        self.words, self.open, self.close_button = QLabel(), QPushButton("Open"), QPushButton("Close")
        role(self.words, "ok")
        for button in (self.open, self.close_button):
            mark(button, "scale", "small")
        self._done = QWidget()
        done: QHBoxLayout = layouts.row(self._done, self.words, self.open, self.close_button, spacing=8)
        done.addStretch(1)
        bar = AnswerBar(self.report, "Writing the report")
        layouts.column(self, bar, self._done).setContentsMargins(MARGIN, 8, MARGIN, 6)
        self.open.clicked.connect(self._open)
        self.close_button.clicked.connect(self.report.forget)
        self.report.changed.connect(self._follow)
        self._follow()

    def ask(self) -> None:
        """Ask where it shall be, and write it there."""
        run, split = self._evaluator.run, self._evaluator.split
        if run is None:
            return
        name = f"run-{run.number}-{split}.html"
        chosen, kind = QFileDialog.getSaveFileName(self, "Write report", name, _KINDS)
        if chosen:
            path = Path(chosen)
            ending = ".pdf" if "pdf" in kind else ".html"
            if path.suffix.lower() not in (".html", ".pdf"):  # then nobody was asked whether to write over it
                path = next(one for one in numbered(path.with_name(path.name + ending)) if not is_there(one))
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the report of what is in view into a file."""
        run, split, result = self._evaluator.run, self._evaluator.split, self._evaluator.result
        if run is not None and result is not None:
            folder, looks = run.folder, result.looks
            self.report.forget()
            self.report.ask((path, folder, split), _writing(path, folder, split=split, looks=looks))

    def _follow(self) -> None:
        report = self.report
        self.setVisible(report.busy or bool(report.message) or report.value is not None)
        self._done.setVisible(report.value is not None or bool(report.message))
        for part in (self.words, self.open):
            part.setVisible(report.value is not None)
        if report.value is not None:
            self.words.setText(f"Report written: {report.value.name}")
            self.words.setToolTip(str(report.value))

    def _open(self) -> None:
        if self.report.value is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.report.value)))


def _writing(path: Path, folder: Path, *, split: str, looks: Any) -> Callable[[Job], Path]:
    def write(job: Job) -> Path:
        from engine.evaluation.report.writing import write_report
        from engine.runs.run_folder import RunFolder

        write_report(path, [RunFolder(folder)], split, looks=looks, progress=job.listen)
        return path

    return write
