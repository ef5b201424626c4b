"""Moving the canvas under the window."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from gui.draw.canvas.gestures.base import Gesture, Modifiers


class Pan(Gesture):
    """The canvas follows the mouse: middle button, or Space and any button."""

    cursor = Qt.CursorShape.ClosedHandCursor
    scrolls = False

    def begin(self) -> None:
        self._last = self.start

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        step = point - self._last
        self.view.pan(step.x(), step.y())
        self._last = point
