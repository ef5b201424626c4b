"""A node or a collapsed block on the canvas: one item with its ports, painted by `node_painter`."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QStaticText
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.draw.canvas.items import node_painter
from gui.draw.canvas.items.mark_item import MarkItem
from gui.draw.canvas.items.paints import Look
from gui.draw.canvas.model.boxes import Box
from gui.draw.canvas.model.faces import Face
from gui.draw.canvas.model.geometry import STACK
from gui.draw.canvas.model.marks import TrainingMark

Z_NODE = 200.0
_MARGIN = 12.0  # ports, rings, badges and the edges of a stack reach beyond the box


@dataclass(frozen=True, slots=True)
class Port:
    """A ring on the edge of an item, at ``x``, ``y`` from its top left corner.

    It stands for the input ``name`` of ``node``, or (``name`` "") for its output: on blocks and frames the node whose
    value passes. A ring without a ``node`` only marks where a wire enters.
    """

    x: float
    y: float
    node: str = ""
    name: str = ""
    taken: bool = True

    @property
    def is_output(self) -> bool:
        """Whether a wire can start here."""
        return bool(self.node) and not self.name

    @property
    def is_input(self) -> bool:
        """Whether a wire can end here."""
        return bool(self.node and self.name)


class NodeItem(QGraphicsItem):
    """Draws a `Face` in a `Box`; everything else here is passing state of the view."""

    def __init__(self, name: str, look: Look) -> None:
        super().__init__()
        self.name = name
        self.look = look
        self.face = Face(name, None)
        self.box = Box(0, 0, 0, 0)
        self.ports: tuple[Port, ...] = ()
        self.mark: TrainingMark | None = None
        self._mark_item: MarkItem | None = None
        self.selected = self.hovered = self.focused = False
        self.faded = False
        self.dashed = False  # not in the network: the preview of a fix
        self.welcome = False  # a dragged wire may end here
        self.aimed: Port | None = None  # the port it would take
        self.texts: dict[str, tuple[QStaticText, int]] = {}
        self._bounds = QRectF()
        self.setZValue(Z_NODE)
        # Text and rounded corners take far longer to draw than their picture to copy: panning takes half the time.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def show_face(self, face: Face) -> None:
        """Say something else."""
        if face != self.face:
            self.face = face
            self.texts.clear()
            self._look_changed()

    def place(self, box: Box) -> None:
        """Stand somewhere else."""
        if (box.width, box.height) != (self.box.width, self.box.height):
            self.prepareGeometryChange()
            self._bounds = QRectF(0, 0, box.width, box.height).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
            self.texts.clear()
            if self._mark_item:
                self._mark_item.resize()
        self.box = box
        self.setPos(box.left, box.top)
        self.look.overview_changed()

    def solids(self) -> tuple[QRectF, ...]:
        """The parts of the scene that words of wires must not lie over; a block lies on further edges."""
        further = 2 * STACK if self.face.family is None else 0
        return (QRectF(self.box.left, self.box.top, self.box.width + further, self.box.height + further),)

    def show_ports(self, ports: tuple[Port, ...]) -> None:
        """Draw these rings."""
        if ports != self.ports:
            self.ports = ports
            self.update()

    def show_mark(self, mark: TrainingMark | None) -> None:
        """Draw what training says of this node."""
        before, self.mark = self.mark, mark
        if bool(mark and mark.strip) != bool(before and before.strip):
            self.update()  # its words make room for the strip
        if mark is None and self._mark_item:
            self.scene().removeItem(self._mark_item)
            self._mark_item = None
        elif mark is not None:
            self._mark_item = self._mark_item or MarkItem(self)
            self._mark_item.show_mark(mark)

    def show_room(self, room: float) -> None:
        """Let what training says of this node keep to ``room`` px at its right."""
        if self._mark_item:
            self._mark_item.show_room(room)

    def set_state(self, **flags: object) -> None:
        """Change some of ``selected``, ``hovered``, ``focused``, ``faded``, ``welcome`` and ``aimed``."""
        if any(getattr(self, key) != value for key, value in flags.items()):
            for key, value in flags.items():
                setattr(self, key, value)
            self._look_changed()

    @property
    def stands_out(self) -> bool:
        """Whether it looks unlike the others of its family, even from afar."""
        return self.selected or self.focused or self.faded or self.face.error or self.face.bypassed

    def _look_changed(self) -> None:
        self.update()
        self.look.overview_changed()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        node_painter.PAINTERS[self.look.detail](painter, self)
