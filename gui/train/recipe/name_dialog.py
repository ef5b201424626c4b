"""Asking for the name of a preset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.style.style import role
from gui.widgets import layouts

_WIDTH = 380


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a name, what the button says then, and whether the name can be taken."""

    button: str
    text: str = ""
    possible: bool = True


class NameDialog(QDialog):
    """``judge`` says of every name, as it is typed, whether it can be taken."""

    def __init__(self, title: str, name: str, judge: Callable[[str], Verdict], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setFixedWidth(_WIDTH)
        self._judge = judge
        self.field = QLineEdit(name)
        self.field.setAccessibleName("Name of the preset")
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.setMinimumHeight(36)  # two lines, so that nothing moves while one types
        self.take, self.cancel = QPushButton(), QPushButton("Cancel")
        role(self.take, "primary")
        self.take.setDefault(True)
        buttons = layouts.row(spacing=8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.take)
        label = QLabel("Name")
        role(label, "label")
        label.setBuddy(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        for part in (label, self.field, self.reason):
            column.addWidget(part)
        column.addLayout(buttons)
        self.field.textChanged.connect(self._show_verdict)
        self.take.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.field.selectAll()
        self._show_verdict()

    @property
    def name(self) -> str:
        """What was typed, without spaces around it or doubled in it."""
        return " ".join(self.field.text().split())

    def _show_verdict(self) -> None:
        verdict = self._judge(self.name)
        role(self.reason, "label" if verdict.possible else "error")
        self.reason.setText(verdict.text)
        self.take.setText(verdict.button)
        self.take.setEnabled(verdict.possible)
