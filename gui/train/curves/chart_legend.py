"""What the strokes of a chart mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.appearance import appearance
from gui.train.curves.chart_lines import DASHED

_ENTRIES = (("training", 2.0, (), "text"), ("validation", 2.0, DASHED, "text"), ("raw", 1.5, (), "wire"))
_STROKE, _GAP = 20, 12


class ChartLegend(QWidget):
    """``— training  - - validation  — raw``, and at the right which runs are compared."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.comparison = self._brief = ""
        appearance().changed.connect(self.update)

    def show_comparison(self, text: str, brief: str) -> None:
        """Say which runs are compared, in few words where there is little room."""
        if text != self.comparison:
            self.comparison, self._brief = text, brief
            self.setToolTip(text)
            self.setAccessibleName(f"Solid lines: training, dashed lines: validation. {text}")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            painter.setFont(look.font(11))
            left, middle = 0.0, self.height() / 2
            for text, width, dash, token in _ENTRIES:
                pen = QPen(look.colour(token), width)
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                if dash:
                    pen.setDashPattern([length / width for length in dash])
                painter.setPen(pen)
                painter.drawLine(QPointF(left, middle), QPointF(left + _STROKE, middle))
                left += _STROKE + 8
                painter.setPen(look.colour("muted"))
                painter.drawText(QRectF(left, 0, 100, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
                left += painter.fontMetrics().horizontalAdvance(text) + _GAP
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            room = QRectF(self.rect()).adjusted(left, 0, 0, 0)
            painter.drawText(room, right, self.words_within(int(room.width()), painter.fontMetrics()))

    def words_within(self, width: int, metrics: QFontMetrics) -> str:
        """What is said of the runs that are compared in so many px."""
        words = self.comparison if metrics.horizontalAdvance(self.comparison) <= width else self._brief
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)
