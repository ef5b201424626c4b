"""What all gestures share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from gui.draw.canvas.gestures.surface import Surface

Modifiers = Qt.KeyboardModifier


class Gesture:
    """One thing done with the mouse from press to release; it edits the document at most once, at its end.

    ``start`` and all points are in viewport px; ``pressed_at`` is where it started in the scene, which may be scrolled
    meanwhile. A gesture ends by `release` or `cancel`, never by both.
    """

    cursor: Qt.CursorShape | None = None
    scrolls = True  # the canvas moves on while the mouse is near its edge

    def __init__(self, view: Surface, start: QPointF) -> None:
        self.view = view
        self.scene = view.canvas_scene
        self.document = self.scene.document
        self.start = start
        self.pressed_at = view.scene_at(start)
        self.began = False

    def drag(self, point: QPointF, modifiers: Modifiers) -> None:
        """The mouse moved; nothing begins before it has left the place of the press."""
        if not self.began and (point - self.start).manhattanLength() < QApplication.startDragDistance():
            return
        if not self.began:
            self.began = True
            self.begin()
        self.move(point, modifiers)

    def begin(self) -> None:
        """The first real movement."""

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """The mouse is at ``point`` now."""

    def release(self, point: QPointF, modifiers: Modifiers) -> None:
        """The button was released: do it."""

    def cancel(self) -> None:
        """Leave everything as it was."""
