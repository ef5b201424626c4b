"""What Train shows before the first run: how to start one, with which settings, or why it cannot start."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.style.appearance import appearance
from gui.style.style import role
from gui.train.runs.runs import Runs
from gui.train.runs.words import settings_facts, to_train
from gui.widgets.figure_table import FactList
from gui.widgets.live import LiveWidget

_WIDTH = 360


class NoRuns(LiveWidget):
    """The line, the settings that will be used, and the button; an obstacle with its fix in place of the button."""

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self.heading = QLabel()
        role(self.heading, "large")
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        role(self.reason, "warning")
        self.fix = QPushButton()
        role(self.fix, "fix")
        self.facts = FactList()
        self.train = QPushButton("Train")
        role(self.train, "primary")
        self.train.setIconSize(QSize(18, 18))
        self._lay_out()
        self.train.clicked.connect(self._start)
        self.fix.clicked.connect(self._apply_fix)
        runs.readiness.changed.connect(self.invalidate)
        runs.document.settings_changed.connect(self.invalidate)
        runs.document.replaced.connect(self.invalidate)
        appearance().changed.connect(self.invalidate)

    def _lay_out(self) -> None:
        card = QFrame()
        role(card, "card")
        card.setFixedWidth(_WIDTH)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(24, 24, 24, 24)
        inner.setSpacing(12)
        for widget in (self.heading, self.facts, self.reason):
            inner.addWidget(widget)
        for button in (self.fix, self.train):
            inner.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)

    def refresh(self) -> None:
        """Show what would be trained now."""
        project, obstacle = self._runs.document.project, self._runs.obstacle
        data = ("Data", project.data.source.summary())
        self.facts.show_facts([("Network", project.network.name), data, *settings_facts(project.training)])
        self.heading.setText("No runs yet." if obstacle else f"No runs yet. {to_train(None)}")
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
