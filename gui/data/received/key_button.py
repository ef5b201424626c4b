"""A button that shows the key that does the same."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.style.style import role
from gui.widgets import layouts

_BEFORE_KEY = 8  # px


class KeyButton(QPushButton):
    """Words, and the key at their right."""

    def __init__(self, words: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        role(self, "start")
        self.key = QLabel(key)
        self.key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        role(self.key, "key")
        row = layouts.row(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.addStretch(1)
        row.addWidget(self.key, 0, Qt.AlignmentFlag.AlignVCenter)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(self.key.sizeHint().width() + _BEFORE_KEY, 0)
