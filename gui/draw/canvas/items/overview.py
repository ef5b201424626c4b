"""The drawing below 45 %: all boxes of a colour in one call, all wires in one call.

Painting item by item would cost more in calls than in pixels here: 700 nodes take a quarter of the time this way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.layers import Family
from gui.draw.canvas.items.frame_item import FrameItem
from gui.draw.canvas.items.node_item import NodeItem
from gui.draw.canvas.items.node_painter import PAINTERS
from gui.draw.canvas.items.paints import Look
from gui.draw.canvas.items.wire_item import Z_WIRE, WireItem
from gui.draw.canvas.model.detail import Detail
from gui.draw.canvas.model.faces import WireState
from gui.draw.canvas.model.links import Link
from gui.draw.canvas.model.routing import Side

_ALPHA = 0.85


class Overview(QGraphicsItem):
    """Stands in for nodes and wires while the detail is low; frames paint themselves below it."""

    def __init__(self, look: Look, nodes: Mapping[str, NodeItem], wires: Mapping[Link, WireItem]) -> None:
        super().__init__()
        self._look = look
        self._nodes = nodes
        self._wires = wires
        self._bounds = QRectF()
        self._boxes: dict[Family | None, list[QRectF]] | None = None
        self._lines: dict[bool, list[QLineF]] = {}
        self._special: list[NodeItem | WireItem] = []
        self.setZValue(Z_WIRE)
        self.setVisible(False)

    def cover(self, bounds: QRectF) -> None:
        """Span everything drawn."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds

    def forget(self) -> None:
        """Something moved or looks different: collect anew at the next paint."""
        self._boxes = None
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._boxes is None:
            self._collect()
        paints = self._look.paints
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(paints.pen("wire"))
        for on_main_path, lines in self._lines.items():
            if on_main_path or self._look.detail is Detail.BOXES:
                painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for family, boxes in (self._boxes or {}).items():
            painter.setBrush(paints.family_brush(family, _ALPHA))
            painter.drawRects(boxes)
        base = painter.worldTransform()
        for item in self._special:
            painter.setWorldTransform(base)
            painter.translate(item.pos())
            if isinstance(item, WireItem):
                item.paint(painter, option, widget)
            else:
                PAINTERS[self._look.detail](painter, item)
        painter.setWorldTransform(base)

    def _collect(self) -> None:
        """Sort everything by how it is drawn; what stands out is drawn by itself, last."""
        boxes: defaultdict[Family | None, list[QRectF]] = defaultdict(list)
        special: list[NodeItem | WireItem] = []
        self._lines = {True: [], False: []}
        for wire in self._wires.values():
            if wire.highlighted or wire.faded or wire.face.state is not WireState.KNOWN:
                special.append(wire)
            elif wire.isVisible():
                lines = self._lines[wire.course.side is Side.TOP]
                lines += [QLineF(a.x, a.y, b.x, b.y) for a, b in pairwise(wire.course.corners)]
        titled = self._look.detail is Detail.BOXES
        for node in self._nodes.values():
            if node.stands_out or (titled and node.face.family is None):
                special.append(node)
            elif not isinstance(node, FrameItem):
                box = node.box
                boxes[node.face.family].append(QRectF(box.left, box.top, box.width, box.height))
        self._boxes = dict(boxes)
        self._special = [item for item in special if not isinstance(item, FrameItem)]
