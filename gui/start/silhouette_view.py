"""A picture well with a silhouette in it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.start.silhouette import Silhouette, paint
from gui.style.appearance import appearance


class SilhouetteView(QWidget):
    """Paints a silhouette on canvas colour. ``top`` rounds only the upper corners, as at the head of a card."""

    def __init__(self, size: QSize, *, radius: int, top: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._radius = radius
        self._top = top
        self._picture: Silhouette | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding if top else QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_picture(self, picture: Silhouette | None) -> None:
        """Paint another silhouette, or none."""
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        return self._size

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(Qt.PenStyle.NoPen if self._top else QPen(appearance().colour("line"), 1))
            painter.setBrush(appearance().colour("canvas"))
            painter.drawRoundedRect(area, self._radius, self._radius)
            if self._top:
                painter.fillRect(area.adjusted(0, self._radius, 0, 0.5), appearance().colour("canvas"))
                painter.setPen(QPen(appearance().colour("line"), 1))
                painter.drawLine(area.bottomLeft(), area.bottomRight())
            if self._picture is not None:
                x, y = min(16.0, area.width() * 0.09), area.height() * 0.16
                paint(painter, area.adjusted(x, y, -x, -y), self._picture)
