"""What the colours and the numbers of a confusion matrix mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.words import counted, thousands
from gui.style.appearance import appearance

_BAR, _GAP = 72, 8  # px
_WEAKEST = 0.15  # of a colour that stands for one image


class MatrixLegend(QWidget):
    """Correct in blues, errors in oranges, and how many images a row has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words = ""
        appearance().changed.connect(self.update)

    def show_counts(self, counts: NDArray[np.int64], *, shares: bool) -> None:
        """Say what the numbers of a matrix are."""
        rows = counts.sum(axis=1)
        rows = rows[rows > 0]
        low, high = (int(rows.min()), int(rows.max())) if len(rows) else (0, 0)
        each = counted(high, "image") if low == high else f"{thousands(low)} to {counted(high, 'image')}"
        self._words = f"{'per cent of' if shares else 'counts,'} {each} a row"
        self.setAccessibleName(f"Correct in blues, errors in oranges, {self._words}")
        self.setToolTip(self.accessibleName())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            painter.setFont(look.font(11))
            left = 0.0
            for words, token in (("Correct", "primary"), ("Errors", "trainable")):
                painter.setPen(look.colour("muted"))
                width = painter.fontMetrics().horizontalAdvance(words)
                painter.drawText(QRectF(left, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
                self._paint_bar(painter, QRectF(left + width + _GAP, self.height() / 2 - 4, _BAR, 8), token)
                left += width + _BAR + 3 * _GAP
            painter.setPen(look.colour("muted"))
            room = QRectF(left, 0, max(0.0, self.width() - left), self.height())
            words = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)

    def _paint_bar(self, painter: QPainter, area: QRectF, token: str) -> None:
        weak, gradient = appearance().colour(token), QLinearGradient(area.topLeft(), area.topRight())
        weak.setAlphaF(_WEAKEST)
        gradient.setColorAt(0, weak)
        gradient.setColorAt(1, appearance().colour(token))
        painter.fillRect(area, gradient)
