"""A sign with what is wrong beside it, what helps, and the widget that does it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.style.appearance import appearance
from gui.style.style import role

_SIGN = 16  # px


class Notice(QWidget):
    """``say`` fills it; ``action`` stands below the words."""

    def __init__(self, action: QWidget, *, margins: tuple[int, int, int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign: Callable[[], QIcon] = QIcon
        self._icon, self.message, self.hint = QLabel(), QLabel(), QLabel()
        for label in (self.message, self.hint):
            label.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.message)
        words.addWidget(self.hint)
        words.addSpacing(6)
        side = (
            Qt.AlignmentFlag(0) if action.hasHeightForWidth() else Qt.AlignmentFlag.AlignLeft
        )  # what wraps has all room
        words.addWidget(action, 0, side)
        row = QHBoxLayout(self)
        row.setContentsMargins(*margins)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        role(self.hint, "caption")
        appearance().changed.connect(self._show_sign)

    def say(self, sign: Callable[[], QIcon], message: str, hint: str = "") -> None:
        """Show a sign (asked for anew in each theme), what is wrong and what helps."""
        self._sign = sign
        self.message.setText(message)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._show_sign()

    def _show_sign(self) -> None:
        self._icon.setPixmap(self._sign().pixmap(_SIGN, _SIGN))
