"""A card that floats over the canvas while something is chosen or typed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from gui.style.style import role

WIDTH = 280


class Popup(QFrame):
    """Hangs from a point of its parent; ``closed`` says that it was put away."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        role(self, "card")
        self.setFixedWidth(WIDTH)
        self.hide()

    def show_at(self, point: QPointF) -> None:
        """Show itself with its top middle at a point of the parent, as far as it fits in."""
        self.move(round(point.x() - WIDTH / 2), round(point.y()))
        self._stay_inside()
        self.show()
        self.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stay_inside()

    def _stay_inside(self) -> None:
        bounds = self._over.rect().adjusted(8, 8, -8, -8)
        left = max(bounds.left(), min(self.x(), bounds.right() - self.width()))
        top = max(bounds.top(), min(self.y(), bounds.bottom() - self.height()))
        self.move(left, top)

    def close_up(self) -> None:
        """Hide without doing anything."""
        if self.isVisible():
            self.hide()
            self.closed.emit()
