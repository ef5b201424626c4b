"""The mark of one of the two networks: its letter on its colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.style.appearance import appearance

LETTERS = ("A", "B")
_SIDE = 22


def side_colour(letter: str) -> QColor:
    """The colour that stands for A or B in every part of the window."""
    return QColor(appearance().theme.runs[LETTERS.index(letter)])


class Letter(QWidget):
    """A small square with A or B in it."""

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter = letter
        self.setFixedSize(_SIDE, _SIDE)
        appearance().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(side_colour(self._letter))
            painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
            painter.setPen(appearance().colour("panel"))
            painter.setFont(appearance().font(12, weight=600))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
