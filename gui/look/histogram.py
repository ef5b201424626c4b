"""How often values occur, as bars."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.words import signed_text
from gui.style.appearance import appearance

_HEIGHT, _LABELS = 112, 18


class Histogram(QWidget):
    """Bars from 0 over a line with the smallest value, 0 and the largest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._counts: NDArray[np.int64] = np.zeros(0, np.int64)
        self._edges: NDArray[np.float64] = np.zeros(0)
        appearance().changed.connect(self.update)

    def show_counts(self, counts: NDArray[np.int64], edges: NDArray[np.float64]) -> None:
        """Show how many values lie between each two neighbouring ``edges``."""
        self._counts, self._edges = counts, edges
        low, high = (signed_text(f"{end:.3g}") for end in (edges[0], edges[-1]))
        self.setAccessibleName(f"Histogram of weights from {low} to {high}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._counts):
            return
        look = appearance()
        with QPainter(self) as painter:
            bottom = self.height() - _LABELS
            width, highest = self.width() / len(self._counts), max(1, int(self._counts.max()))
            for index, count in enumerate(self._counts.tolist()):
                height = bottom * count / highest
                painter.fillRect(
                    QRectF(index * width, bottom - height, max(1.0, width - 1), height), look.colour("accent")
                )
            painter.setPen(look.colour("wire"))
            painter.drawLine(0, bottom, self.width(), bottom)
            self._draw_labels(painter, bottom)

    def _draw_labels(self, painter: QPainter, bottom: int) -> None:
        painter.setFont(appearance().font(11))
        painter.setPen(appearance().colour("muted"))
        low, high = float(self._edges[0]), float(self._edges[-1])
        area = QRectF(0, bottom + 2, self.width(), _LABELS - 2)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft, signed_text(f"{low:.3g}"))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight, signed_text(f"{high:.3g}"))
        zero = -low / (high - low) * self.width() if high > low else -1.0
        if 0.2 * self.width() < zero < 0.8 * self.width():
            painter.drawLine(round(zero), bottom, round(zero), bottom + 3)
            painter.drawText(QRectF(zero - 20, bottom + 2, 40, _LABELS), Qt.AlignmentFlag.AlignHCenter, "0")
