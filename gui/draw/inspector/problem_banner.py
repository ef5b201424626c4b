"""The problem of the selected layer, at the top of the inspector, with its fixes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from engine.network import Problem, Severity
from gui.draw.fix_buttons import FixButtons
from gui.draw.severity import severity_icon
from gui.style.style import role
from gui.widgets.notice import Notice

_ROLES = {Severity.ERROR: "bar-error", Severity.UNFINISHED: "bar-info", Severity.WARNING: "bar-warning"}


class ProblemBanner(Notice):
    """What is wrong, and the buttons that mend it."""

    previewed = Signal(object)  # a Fix or None
    chosen = Signal(object)  # a Fix

    def __init__(self, parent: QWidget | None = None) -> None:
        self.fixes = FixButtons()
        super().__init__(self.fixes, margins=(16, 10, 12, 10), parent=parent)
        self.problem: Problem | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.fixes.previewed.connect(self.previewed)
        self.fixes.chosen.connect(self.chosen)

    def show_problem(self, problem: Problem | None) -> None:
        """Show a problem, or nothing."""
        self.setVisible(problem is not None)
        if problem == self.problem:
            return
        self.problem = problem
        if problem is None:
            return
        role(self, _ROLES[problem.severity])
        hint = problem.fixes[0].effect if problem.fixes else problem.hint
        self.say(partial(severity_icon, problem.severity), problem.message, hint)
        self.fixes.show_fixes(problem.fixes)
