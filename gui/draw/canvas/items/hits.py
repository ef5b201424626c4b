"""What lies under a point of the canvas."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt

from gui.draw.canvas.items.frame_item import FrameItem
from gui.draw.canvas.items.node_item import NodeItem, Port
from gui.draw.canvas.items.scene import CanvasScene
from gui.draw.canvas.items.wire_item import WireItem
from gui.draw.canvas.model.detail import Detail
from gui.draw.canvas.model.geometry import PORT_REACH


@dataclass(frozen=True, slots=True)
class PortHit:
    """A ring on an entry."""

    entry: str
    port: Port


@dataclass(frozen=True, slots=True)
class NodeHit:
    """A node, a collapsed block or the header of a frame; ``part`` is "chevron" or "menu" on their signs."""

    name: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class WireHit:
    """A wire."""

    item: WireItem


Hit = PortHit | NodeHit | WireHit | None


def hit(scene: CanvasScene, point: QPointF) -> Hit:
    """The topmost thing at a scene point: ports, nodes and the headers of frames, wires, what is beside a node."""
    reach = PORT_REACH
    around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    items = scene.items(around, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
    nodes = [item for item in items if isinstance(item, NodeItem)]
    if scene.detail is Detail.FULL and (found := port_near(nodes, point, reach)):
        return found
    frames = [item for item in nodes if isinstance(item, FrameItem)]
    solid = [item for item in nodes if item not in frames]
    for item in (*solid, *frames):
        if item.solids()[0].contains(point):
            return NodeHit(item.name, _part(item, point - item.pos()))
    wires = (item for item in items if isinstance(item, WireItem))
    beside = (NodeHit(item.name) for item in solid if item.contains(point - item.pos()))
    return next((WireHit(item) for item in wires if item.shape().contains(point)), None) or next(beside, None)


def stands_for_a_port(port: Port) -> bool:
    """Whether a ring is more than a mark where a wire enters."""
    return bool(port.node)


def port_near(
    items: Iterable[NodeItem], point: QPointF, reach: float, *, wanted: Callable[[Port], bool] = stands_for_a_port
) -> PortHit | None:
    """The nearest wanted ring within ``reach`` px at 100 %."""
    best, least = None, reach
    for item in items:
        for port in filter(wanted, item.ports):
            distance = math.hypot(item.box.left + port.x - point.x(), item.box.top + port.y - point.y())
            if distance <= least:
                best, least = PortHit(item.name, port), distance
    return best


def _part(item: NodeItem, inside: QPointF) -> str:
    if isinstance(item, FrameItem):
        if item.chevron_at(inside.x(), inside.y()):
            return "chevron"
        return "menu" if item.menu_at(inside.x(), inside.y()) else ""
    on_sign = item.face.family is None and inside.x() > item.box.width - 30 and 22 < inside.y() < 44
    return "chevron" if on_sign else ""
