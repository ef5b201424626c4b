"""How often a network is right, by how sure it is: bars, a dashed line that would be perfect, counts below."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.tasks.reliability import Reliability
from engine.words import counted, whole_percent_text
from gui.style.appearance import appearance

_LEFT, _TOP, _COUNTS, _FOOT = 30, 6, 18, 4  # px: labels, half of the first, the strip of counts, below it
_DASHED = (4.0, 3.0)
_RIGHT_WORDS = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class ReliabilityView(QWidget):
    """Bins of an evaluation; ``pointed`` brings the words of the bin under the pointer or the arrow keys, or ""."""

    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Calibration")
        self._bins: Reliability | None = None
        self._at: int | None = None
        appearance().changed.connect(self.update)

    def show_bins(self, bins: Reliability | None) -> None:
        """Show others, or none."""
        self._bins, self._at = bins, None
        words = f"expected error {100 * bins.expected_error:.1f} %" if bins else "not evaluated yet"
        self.setAccessibleDescription(words)
        self.update()

    def words(self, index: int) -> str:
        """A bin in words: "Confidence 80–87 %: 112 images, 79 % of them right"."""
        assert self._bins is not None  # what is pointed at is there
        low, high = (f"{100 * edge:.0f}" for edge in self._bins.edges[index : index + 2])
        count = int(self._bins.counts[index])
        right = f", {whole_percent_text(float(self._bins.accuracy[index]))} right" if count else ""
        return f"Confidence {low}–{high} %: {counted(count, 'image') if count else 'no images'}{right}"

    def sizeHint(self) -> QSize:
        return QSize(200, 132)

    def _plot(self) -> QRectF:
        return QRectF(_LEFT, _TOP, self.width() - _LEFT - 2, self.height() - _TOP - _COUNTS - _FOOT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_grid(painter)
            if self._bins is not None:
                self._paint_bars(painter, self._bins)
            pen = QPen(appearance().colour("text"), 1)
            pen.setDashPattern(_DASHED)
            painter.setPen(pen)
            painter.drawLine(self._plot().bottomLeft(), self._plot().topRight())
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(appearance().colour("accent"), 1))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _paint_grid(self, painter: QPainter) -> None:
        look, plot = appearance(), self._plot()
        painter.setFont(look.font(11))
        for share in (0.0, 0.5, 1.0):
            y = round(plot.bottom() - share * plot.height()) + 0.5
            painter.setPen(look.colour("muted"))
            painter.drawText(QRectF(0, y - 8, _LEFT - 6, 16), _RIGHT_WORDS, f"{100 * share:.0f}")
            painter.setPen(look.colour("line"))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))

    def _paint_bars(self, painter: QPainter, bins: Reliability) -> None:
        look, plot = appearance(), self._plot()
        most = max(1, int(bins.counts.max()))
        painter.setPen(Qt.PenStyle.NoPen)
        for index in np.flatnonzero(bins.counts).tolist():
            left, right = (plot.left() + edge * plot.width() for edge in bins.edges[index : index + 2])
            high = bins.accuracy[index] * plot.height()
            fill = look.colour("primary")
            fill.setAlphaF(1.0 if index == self._at else 0.75)
            painter.setBrush(fill)
            painter.drawRect(QRectF(left + 1, plot.bottom() - max(1.0, high), right - left - 2, max(1.0, high)))
            painter.setBrush(look.colour("text" if index == self._at else "wire"))
            tall = max(1.0, bins.counts[index] / most * (_COUNTS - 4))
            painter.drawRect(QRectF(left + 1, plot.bottom() + _COUNTS - tall, right - left - 2, tall))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot = self._plot()
        share = (event.position().x() - plot.left()) / plot.width()
        self._point(int(share * len(self._bins.counts)) if self._bins and 0 <= share < 1 else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self._bins is None:
            super().keyPressEvent(event)
            return
        last = len(self._bins.counts) - 1
        self._point(last if self._at is None else min(max(self._at + step, 0), last))
        if self._at is not None:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.words(self._at)))

    def _point(self, index: int | None) -> None:
        if index != self._at:
            self._at = index
            self.pointed.emit("" if index is None else self.words(index))
            self.update()
