"""The marks of a training at one node: an item of its own, so that they change while the node's picture stays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.draw.canvas.items import mark_painter
from gui.draw.canvas.model.marks import TrainingMark

if TYPE_CHECKING:
    from gui.draw.canvas.items.node_item import NodeItem


class MarkItem(QGraphicsItem):
    """Draws the mark of its node, and of that only what changed."""

    def __init__(self, node: NodeItem) -> None:
        super().__init__(node)
        self._node = node
        self._mark = TrainingMark()
        self._room = math.inf  # px at the right of the node
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_mark(self, mark: TrainingMark) -> None:
        """Draw another mark."""
        before, self._mark = self._mark, mark
        if mark.strip != before.strip:
            self.update(mark_painter.strip_area(self._node.box))
        beside = (mark.badge, mark.thumbnail is None) != (before.badge, before.thumbnail is None)
        if beside or mark.thumbnail is not before.thumbnail:
            self.update(self._beside())

    def show_room(self, room: float) -> None:
        """Draw the mark with another ``room`` at the right of its node."""
        if room != self._room:
            self._room = room
            self.update()

    def solids(self) -> list[QRectF]:
        """The parts of the scene that it takes outside of its node."""
        box = self._node.box
        return [each.translated(box.left, box.top) for each in mark_painter.beside(box, self._mark, room=self._room)]

    def resize(self) -> None:
        """The node has another size."""
        self.prepareGeometryChange()

    def _beside(self) -> QRectF:
        bounds = self.boundingRect()
        if self._room >= mark_painter.REACH:
            bounds.setLeft(self._node.box.width + 1)
        return bounds

    def boundingRect(self) -> QRectF:
        return self._node.boundingRect().adjusted(0, 0, mark_painter.REACH, mark_painter.BELOW)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not self._node.look.zoomed_out:
            mark_painter.paint(painter, self._node, self._mark, option.exposedRect, room=self._room)
