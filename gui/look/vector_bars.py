"""A vector as bars around 0, with the names of its values where there is room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from engine.words import number_text, signed_text
from gui.style.appearance import appearance

MARGIN = 24
SCALE = 48  # px at the left for the largest and smallest value
NAMES_UP_TO = 24


class VectorBars(QWidget):
    """Values ``(N,)`` as bars; the pointer reads one off.

    ``menu_asked`` tells of a value whose menu is wanted, and where on the screen.
    """

    menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setMinimumHeight(160)
        self.setAccessibleName("Values")
        self._values: NDArray[np.float32] = np.zeros(0, np.float32)
        self._names: tuple[str, ...] = ()
        appearance().changed.connect(self.update)

    def show_values(self, values: NDArray[np.float32], names: Sequence[str] = ()) -> None:
        """Show values, named if there are as many names."""
        self._values = np.nan_to_num(values)
        self._names = tuple(names) if len(names) == len(values) else tuple(map(str, range(len(values))))
        self.update()

    @property
    def _span(self) -> tuple[float, float]:
        """The smallest and the largest value, 0 among them."""
        return float(self._values.min(initial=0.0)), float(self._values.max(initial=0.0))

    def _scale(self) -> float:
        low, high = self._span
        return (self.height() - 2 * MARGIN) / (high - low) if high > low else 0.0

    def _zero(self) -> float:
        return MARGIN + self._span[1] * self._scale()

    def _bar(self, index: int) -> QRectF:
        scale = self._scale()
        step = (self.width() - SCALE - MARGIN) / max(1, len(self._values))
        zero = self._zero()
        top = zero - max(0.0, float(self._values[index])) * scale
        gap = min(8.0, step / 4)
        size = abs(float(self._values[index])) * scale
        return QRectF(SCALE + index * step + gap / 2, top, max(1.0, step - gap), max(1.0, size))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            look = appearance()
            self._paint_scale(painter)
            strongest = int(self._values.argmax()) if len(self._values) else -1
            for index in range(len(self._values)):
                painter.fillRect(self._bar(index), look.colour("accent" if index == strongest else "wire"))
            if len(self._values) <= NAMES_UP_TO:
                self._paint_words(painter, strongest)

    def _paint_scale(self, painter: QPainter) -> None:
        """The line of zero, and the values at both ends."""
        look, zero = appearance(), self._zero()
        painter.setFont(look.font(11, mono=True))
        for value in {0.0, *self._span}:
            y = zero - value * self._scale()
            painter.setPen(look.colour("line"))
            painter.drawLine(QPointF(SCALE, y), QPointF(self.width() - MARGIN, y))
            painter.setPen(look.colour("muted"))
            place = QRectF(0, y - 8, SCALE - 8, 16)
            painter.drawText(
                place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, signed_text(f"{value:.3g}")
            )

    def _paint_words(self, painter: QPainter, strongest: int) -> None:
        look = appearance()
        for index, name in enumerate(self._names):
            bar = self._bar(index)
            painter.setPen(look.colour("text" if index == strongest else "muted"))
            painter.setFont(look.font(11, weight=600 if index == strongest else 400))
            below = QRectF(bar.left() - 8, self.height() - MARGIN + 4, bar.width() + 16, 16)
            text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(below.width()))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
            painter.setFont(look.font(11, mono=True))
            above = QRectF(bar.left() - 16, bar.top() - 18, bar.width() + 32, 16)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, number_text(self._values[index], 2))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().x())
        if index >= 0:
            text = f"{self._names[index]}: {signed_text(f'{self._values[index]:.4g}')}"
            QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self._at(event.pos().x())
        if index >= 0:
            self.menu_asked.emit(index, event.globalPos())

    def _at(self, x: float) -> int:
        """The value whose bar stands there; -1 if none does."""
        bars = ((index, self._bar(index)) for index in range(len(self._values)))
        return next((index for index, bar in bars if bar.left() <= x <= bar.right()), -1)
