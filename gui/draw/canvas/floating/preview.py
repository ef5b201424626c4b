"""What a quick fix would add or change, drawn before it is in the network."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.network import Fix, Network, analyse
from engine.network.geometry import GAP, NODE_HEIGHT, NODE_WIDTH, SLIM_HEIGHT
from gui.draw.canvas.items.node_item import NodeItem
from gui.draw.canvas.items.node_painter import PAINTERS
from gui.draw.canvas.items.paints import Look, on_screen
from gui.draw.canvas.items.scene import CanvasScene
from gui.draw.canvas.model.boxes import Box
from gui.draw.canvas.model.detail import Detail
from gui.draw.canvas.model.faces import Faces
from gui.draw.canvas.model.outline import Outline

CAPTION = "Quick-fix preview"
Z_PREVIEW = 300.0
_CAPTION_ROOM = 28.0
_AIR = 12.0


class PreviewItem(QGraphicsItem):
    """A dashed node with a caption. It is no `NodeItem`, so nothing can be done with it."""

    def __init__(self, node: NodeItem, look: Look, *, captioned: bool) -> None:
        super().__init__()
        self._node = node
        self._look = look
        self._captioned = captioned
        self.setPos(node.box.left, node.box.top)
        self.setZValue(Z_PREVIEW)

    def boundingRect(self) -> QRectF:
        return self._node.boundingRect().adjusted(0, -_CAPTION_ROOM, 0, 0)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        PAINTERS[max(self._look.detail, Detail.TITLES)](painter, self._node)
        if self._captioned:
            self._paint_caption(painter)

    def _paint_caption(self, painter: QPainter) -> None:
        paints, zoom = self._look.paints, self._look.zoom
        font = paints.fonts.small
        painter.setWorldTransform(on_screen(self._transform(), self._node.box.centre, self._node.box.top - 10 / zoom))
        width = QFontMetricsF(font).horizontalAdvance(CAPTION)
        pill = QRectF(-width / 2 - 6, -16, width + 12, 16)
        painter.setOpacity(1)
        painter.setPen(paints.pen("canvas"))
        painter.setBrush(paints.brush("canvas"))
        painter.drawRoundedRect(pill, 8, 8)
        painter.setFont(font)
        painter.setPen(paints.pen("link"))
        painter.drawText(QPointF(-width / 2, -4), CAPTION)

    def _transform(self) -> QTransform:
        """From the scene to the screen."""
        return self.scene().views()[0].viewportTransform()


def previews(scene: CanvasScene, fix: Fix) -> list[PreviewItem]:
    """The nodes that ``fix`` would add, on the wire they would go into, and those it would change, where they are."""
    network = scene.document.network
    after = network.copy()
    fix.edit(after)
    faces = Faces(after, analyse(after), Outline(after))
    added = [name for name in after.topological() if name not in network]
    changed = [name for name in after if name in network and after.layer(name) != network.layer(name)]
    boxes = _places(scene, after, added) | {name: scene.geometry.boxes.get(name) for name in changed}
    shown = [(name, box) for name, box in boxes.items() if box]
    return [
        PreviewItem(_dashed(scene, faces, name, box), scene.look, captioned=not index)
        for index, (name, box) in enumerate(shown)
    ]


def _dashed(scene: CanvasScene, faces: Faces, name: str, box: Box) -> NodeItem:
    node = NodeItem(name, scene.look)
    node.place(box)
    node.show_face(faces.of(name))
    node.dashed = True
    return node


def _places(scene: CanvasScene, after: Network, added: list[str]) -> dict[str, Box | None]:
    """One under the other, around the middle of the wire that they would go into."""
    middle = _middle(scene, after, added)
    if middle is None:
        return {}
    heights = {name: SLIM_HEIGHT if after.layer(name).keeps_shape else NODE_HEIGHT for name in added}
    tall = sum(heights.values()) + GAP * (len(added) - 1)
    top = middle.y() - tall / 2
    left = _clear_of(scene, Box(middle.x() - NODE_WIDTH / 2, top, middle.x() + NODE_WIDTH / 2, top + tall))
    places: dict[str, Box | None] = {}
    for name, height in heights.items():
        places[name] = Box(left, top, left + NODE_WIDTH, top + height)
        top += height + GAP
    return places


def _clear_of(scene: CanvasScene, wanted: Box) -> float:
    """The left edge of a box moved right until it covers no node, as far as it still touches its wire."""
    boxes = scene.geometry.boxes.items()
    covered = [box.right for name, box in boxes if not scene.outline.is_frame(name) and box.overlaps(wanted)]
    return min(max([wanted.left, *(right + _AIR for right in covered)]), wanted.centre - _AIR)


def _middle(scene: CanvasScene, after: Network, added: list[str]) -> QPointF | None:
    """The label of the wire between what feeds the added nodes and what they feed."""
    new = set(added)
    sources = {edge.source for name in added for edge in after.incoming(name)} - new
    targets = {(edge.target, edge.port) for name in added for edge in after.outgoing(name)} - {(n, "") for n in new}
    edges = [edge for edge in scene.wiring.of_edge if edge.source in sources and (edge.target, edge.port) in targets]
    links = [link for edge in edges for link in scene.wiring.of_edge[edge]]
    wires = [scene.wires[link] for link in links if link in scene.wires]
    if wires:
        return wires[-1].label_box.center()
    anchor = next((scene.outline.drawn_as(name) for name in sources if name in scene.outline), None)
    box = scene.geometry.boxes.get(anchor) if anchor else None
    return QPointF(box.centre, box.bottom + GAP + NODE_HEIGHT) if box else None
