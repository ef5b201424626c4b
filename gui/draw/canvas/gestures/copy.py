"""Copying layers and blocks by dragging them away with Alt held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsRectItem

from engine.network import Network, Point
from engine.network.blocks import common_block
from engine.network.clipboard import fragment_to_json, insert_fragment
from engine.network.geometry import snap
from engine.words import counted
from gui.draw.canvas.gestures.base import Gesture, Modifiers
from gui.draw.canvas.model.selected import outermost

if TYPE_CHECKING:
    from gui.draw.canvas.gestures.surface import Surface

Z_GHOST = 370.0


class CopyDrag(Gesture):
    """Copies of the selection, without wires to the rest, stand where the mouse is released."""

    cursor = Qt.CursorShape.DragCopyCursor

    def __init__(self, view: Surface, start: QPointF, name: str) -> None:
        super().__init__(view, start)
        if name not in self.document.selection.names:
            self.document.select((name,))
        self._ghosts: list[QGraphicsRectItem] = []

    def begin(self) -> None:
        self._names = outermost(self.document.selection.names)
        boxes = [self.scene.geometry.boxes[name] for name in self._names if name in self.scene.geometry.boxes]
        self._left, self._top = min(box.left for box in boxes), min(box.top for box in boxes)
        for box in boxes:
            ghost = QGraphicsRectItem(QRectF(box.left, box.top, box.width, box.height))
            ghost.setPen(self.scene.look.paints.pen("accent", 1, (4, 3)))
            ghost.setBrush(self.scene.look.paints.brush("accent", 0.1))
            ghost.setZValue(Z_GHOST)
            self.scene.addItem(ghost)
            self._ghosts.append(ghost)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        dx, dy = self._way(point)
        for ghost in self._ghosts:
            ghost.setPos(dx, dy)

    def release(self, point: QPointF, modifiers: Modifiers) -> None:
        self.cancel()
        if not self.began:
            return
        dx, dy = self._way(point)
        names, block = self._names, common_block(self._names)
        origin = self.scene.geometry.origin(block)
        at = Point(snap(self._left + dx - origin.x), snap(self._top + dy - origin.y))

        def change(network: Network) -> list[str]:
            return insert_fragment(network, fragment_to_json(network, names), block=block, at=at, clear=False)

        self.document.select(self.document.edit(f"Copy {counted(len(names), 'layer')}", change))

    def cancel(self) -> None:
        for ghost in self._ghosts:
            self.scene.removeItem(ghost)
        self._ghosts.clear()

    def _way(self, point: QPointF) -> tuple[float, float]:
        way = self.view.scene_at(point) - self.pressed_at
        return snap(way.x()), snap(way.y())
