"""What the two curves of a range test are."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.appearance import appearance

_ENTRIES = (("training loss, smoothed", 2.0, 1.0), ("each batch", 1.0, 0.4))
_PUT_BACK = "The weights were put back afterwards"
_STROKE, _GAP, _HEIGHT = 20, 16, 22


class RangeLegend(QWidget):
    """The strokes, and at the right what became of the weights where there is room for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"{_PUT_BACK}.")
        self._done = False
        appearance().changed.connect(self.update)

    def show_done(self, done: bool) -> None:
        """Say that the weights were put back, or not yet."""
        self._done = done
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            painter.setFont(look.font(11))
            left, middle = 0.0, self.height() / 2
            for text, width, opacity in _ENTRIES:
                colour = look.colour("accent")
                colour.setAlphaF(opacity)
                painter.setPen(QPen(colour, width))
                painter.drawLine(QPointF(left, middle), QPointF(left + _STROKE, middle))
                painter.setPen(look.colour("muted"))
                wide = painter.fontMetrics().horizontalAdvance(text)
                box = QRectF(left + _STROKE + 6, 0, wide + 2, self.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
                left = box.right() + _GAP
            wide = painter.fontMetrics().horizontalAdvance(_PUT_BACK)
            if self._done and left + wide <= self.width():
                box = QRectF(self.width() - wide - 2, 0, wide + 2, self.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, _PUT_BACK)
