"""How much of something is done, as a line that fills."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.appearance import appearance

HEIGHT = 6


class ProgressLine(QWidget):
    """A fraction from 0 to 1, 6 px high.

    A styled QProgressBar paints at once on every value, 9 to 17 ms each (measured beside a training, 2 cores); this
    one waits for the next frame like everything else.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fraction = 0.0
        appearance().changed.connect(self.update)

    @property
    def fraction(self) -> float:
        """How much is done, 0 to 1."""
        return self._fraction

    def show_fraction(self, fraction: float) -> None:
        """Fill up to a fraction."""
        fraction = min(max(fraction, 0.0), 1.0)
        if fraction != self._fraction:
            self._fraction = fraction
            self.setAccessibleDescription(f"{100 * fraction:.0f} %")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            track = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(look.colour("line"))
            painter.setBrush(look.colour("canvas"))
            painter.drawRoundedRect(track, 3, 3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent"))
            painter.drawRoundedRect(QRectF(0, 0, self.width() * self._fraction, self.height()), 2, 2)
