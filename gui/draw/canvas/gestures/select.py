"""Selecting with a box on empty canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsRectItem

from gui.draw.canvas.gestures.base import Gesture, Modifiers
from gui.draw.canvas.items.frame_item import FrameItem
from gui.draw.canvas.items.node_item import NodeItem

if TYPE_CHECKING:
    from gui.draw.canvas.gestures.surface import Surface

Z_BAND = 400.0


class RubberBand(Gesture):
    """Everything that the box touches is selected; frames only if they lie inside it. A click selects nothing."""

    def __init__(self, view: Surface, start: QPointF, *, adds: bool) -> None:
        super().__init__(view, start)
        self._before = self.document.selection.names if adds else ()
        self._band = QGraphicsRectItem()  # in the scene while it is drawn

    def begin(self) -> None:
        paints = self.scene.look.paints
        self._band.setPen(paints.pen("accent"))
        self._band.setBrush(paints.brush("accent", 0.12))
        self._band.setZValue(Z_BAND)
        self.scene.addItem(self._band)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        rect = QRectF(self.pressed_at, self.view.scene_at(point)).normalized()
        self._band.setRect(rect)
        self.document.select((*self._before, *self._inside(rect)))

    def release(self, point: QPointF, modifiers: Modifiers) -> None:
        self._clear()
        if not self.began:
            self.document.select(self._before)

    def cancel(self) -> None:
        self._clear()
        self.document.select(self._before)

    def _clear(self) -> None:
        if self._band.scene() is not None:
            self.scene.removeItem(self._band)

    def _inside(self, rect: QRectF) -> list[str]:
        items = self.scene.items(rect, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        found = [item for item in items if isinstance(item, NodeItem) and _touches(item, rect)]
        frames = {item.name + "." for item in found if isinstance(item, FrameItem)}
        names = (item.name for item in found)
        return sorted(name for name in names if not any(name.startswith(frame) for frame in frames))


def _touches(item: NodeItem, rect: QRectF) -> bool:
    box = QRectF(item.box.left, item.box.top, item.box.width, item.box.height)
    return rect.contains(box) if isinstance(item, FrameItem) else rect.intersects(box)
