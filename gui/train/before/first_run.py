"""How to start a run, or why none can start: a strip above all else that is said before a run."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.style.appearance import appearance
from gui.style.style import role
from gui.train.runs.runs import Runs
from gui.train.runs.words import to_train
from gui.widgets import layouts
from gui.widgets.live import LiveWidget


class FirstRun(LiveWidget):
    """The line and the button, until a run was made; an obstacle with its fix whenever there is one."""

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self.heading, self.reason = QLabel(), QLabel()
        role(self.heading, "heading")
        role(self.reason, "warning")
        self.fix, self.train = QPushButton(), QPushButton("Train")
        role(self.fix, "fix")
        role(self.train, "primary")
        self.train.setIconSize(QSize(18, 18))
        for label in (self.heading, self.reason):
            label.setWordWrap(True)
        words = layouts.column(None, self.heading, self.reason, spacing=4)
        row = layouts.row(self, words, self.fix, self.train, spacing=12)
        row.setStretch(0, 1)
        row.setContentsMargins(16, 12, 16, 12)
        self.train.clicked.connect(self._start)
        self.fix.clicked.connect(self._apply_fix)
        for signal in (runs.readiness.changed, runs.listed, runs.document.replaced, appearance().changed):
            signal.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setVisible(self._runs.obstacle is not None or not self._runs.all)
        self.invalidate()

    def refresh(self) -> None:
        """Say what can be done now."""
        obstacle = self._runs.obstacle
        first = "" if self._runs.all else "No runs yet."
        self.heading.setText(first if obstacle else f"{first} {to_train(None)}".strip())
        self.heading.setVisible(bool(self.heading.text()))
        self.reason.setVisible(obstacle is not None)
        self.reason.setText(obstacle.text if obstacle else "")
        self.fix.setVisible(bool(obstacle and obstacle.fix))
        self.fix.setText(obstacle.fix_label if obstacle else "")
        self.train.setVisible(obstacle is None)
        self.train.setIcon(appearance().icon("mdi6.play", "on_primary"))

    def _start(self) -> None:
        self._runs.start()

    def _apply_fix(self) -> None:
        obstacle = self._runs.obstacle
        if obstacle is not None and obstacle.fix is not None:
            self._runs.document.edit(obstacle.fix_label, obstacle.fix)
