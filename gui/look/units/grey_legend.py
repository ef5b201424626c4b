"""What the greys of something signed stand for."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.appearance import appearance

_BAR = QSize(64, 10)
_BETWEEN = 6


class GreyLegend(QWidget):
    """A bar from black to white, whose middle is 0, and what it is."""

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = f"− 0 + {what}"
        self.setAccessibleName(f"Black is below 0, grey 0, white above: {what}")
        self.setToolTip("Black is below 0, grey is 0, white above")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        appearance().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(_BAR.width() + 2 * _BETWEEN + self._metrics_width(), 24)

    def _metrics_width(self) -> int:
        return QFontMetrics(appearance().font(11)).horizontalAdvance(self._words) + 2

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            bar = QRect(0, (self.height() - _BAR.height()) // 2, _BAR.width(), _BAR.height())
            greys = QLinearGradient(bar.topLeft(), bar.topRight())
            greys.setColorAt(0, QColor(Qt.GlobalColor.black))
            greys.setColorAt(1, QColor(Qt.GlobalColor.white))
            painter.fillRect(bar, greys)
            painter.setPen(appearance().colour("line2"))
            painter.drawRect(bar)
            painter.setFont(appearance().font(11))
            painter.setPen(appearance().colour("muted"))
            words = self.rect().adjusted(_BAR.width() + _BETWEEN, 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._words)
