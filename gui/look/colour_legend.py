"""What the colours of a map stand for."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from engine.words import signed_text
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap, Span, image_of

BAR = QSize(104, 8)


class ColourLegend(QWidget):
    """A bar of colours with the values at its ends, and a sentence beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(24)
        self._colours, self._span, self._words = ColourMap.VIRIDIS, Span(0, 1), ""
        appearance().changed.connect(self.update)

    def show_span(self, colours: ColourMap, span: Span, words: str) -> None:
        """Explain a colour map whose ends stand for the values of ``span``."""
        self._colours, self._span, self._words = colours, span, words
        self.setToolTip(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            look = appearance()
            painter.setFont(look.font(11, mono=True))
            painter.setPen(look.colour("muted"))
            middle = Qt.AlignmentFlag.AlignVCenter
            low, high = (signed_text(f"{end:.3g}") for end in (self._span.low, self._span.high))
            start = painter.fontMetrics().horizontalAdvance(low) + 8
            painter.drawText(self.rect(), middle, low)
            ramp = np.linspace(0, 1, 256, dtype=np.float32)[None]
            bar = QRect(start, (self.height() - BAR.height()) // 2, BAR.width(), BAR.height())
            painter.drawImage(bar, image_of(ramp, self._colours, Span(0, 1)))
            painter.drawText(QRectF(bar.right() + 8, 0, 90, self.height()), middle, high)
            after = bar.right() + 24 + painter.fontMetrics().horizontalAdvance(high)
            painter.setFont(look.font(11))
            room = max(0, self.width() - after)
            words = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(after, 0, room, self.height()), middle, words)
