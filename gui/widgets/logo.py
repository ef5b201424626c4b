"""The program's mark: three layers, each narrower than the one above."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from gui.style.appearance import appearance


class Logo(QWidget):
    """The mark, ``size`` px wide and high."""

    def __init__(self, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_logo(painter, QRectF(self.rect()))


def paint_logo(painter: QPainter, area: QRectF) -> None:
    """Paint the mark."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    height = area.height() * 0.24
    for row, (width, strength) in enumerate(((0.92, 1.0), (0.62, 0.8), (0.3, 0.6))):
        colour = QColor(appearance().theme.accent)
        colour.setAlphaF(strength)
        painter.setBrush(colour)
        w = area.width() * width
        top = area.top() + area.height() * (0.06 + 0.32 * row)
        painter.drawRoundedRect(QRectF(area.center().x() - w / 2, top, w, height), height * 0.3, height * 0.3)


def window_icon() -> QIcon:
    """The mark as the window's icon."""
    icon = QIcon()
    for size in (16, 32, 64, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            paint_logo(painter, QRectF(0, 0, size, size))
        icon.addPixmap(pixmap)
    return icon
