"""The problem of the selected layer, at the top of the inspector, with its fixes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.network import Problem, Severity
from gui.appearance import appearance
from gui.style import role
from gui.widgets.fix_buttons import FixButtons
from gui.widgets.severity import severity_icon


class ProblemBanner(QWidget):
    """What is wrong, and the buttons that mend it."""

    previewed = Signal(object)  # a Fix or None
    chosen = Signal(object)  # a Fix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem: Problem | None = None
        self.icon, self.message, self.hint = QLabel(), QLabel(), QLabel()
        self.fixes = FixButtons()
        role(self.hint, "caption")
        for label in (self.message, self.hint):
            label.setWordWrap(True)
        self.fixes.previewed.connect(self.previewed)
        self.fixes.chosen.connect(self.chosen)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.message)
        words.addWidget(self.hint)
        words.addSpacing(4)
        words.addWidget(self.fixes, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(8)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        appearance().changed.connect(self._retheme)

    def show_problem(self, problem: Problem | None) -> None:
        """Show a problem, or nothing."""
        self.setVisible(problem is not None)
        if problem == self.problem:
            return
        self.problem = problem
        if problem is None:
            return
        role(self, "bar-error" if problem.severity is Severity.ERROR else "bar-warning")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.message.setText(problem.message)
        hint = problem.fixes[0].effect if problem.fixes else problem.hint
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.fixes.show_fixes(problem.fixes)
        self._retheme()

    def _retheme(self) -> None:
        if self.problem:
            self.icon.setPixmap(severity_icon(self.problem.severity).pixmap(16, 16))
