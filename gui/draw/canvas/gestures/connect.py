"""Drawing a wire from port to port, and moving the end of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from engine.network import Edge, Network, edits
from engine.network.names import short_name
from gui.draw.canvas.gestures.base import Gesture, Modifiers
from gui.draw.canvas.items.frame_item import FrameItem
from gui.draw.canvas.items.hits import PortHit, port_near
from gui.draw.canvas.items.node_item import NodeItem, Port
from gui.draw.canvas.model.targets import allowed_sources, allowed_targets

if TYPE_CHECKING:
    from gui.draw.canvas.gestures.surface import Surface

CATCH = 24.0  # px within which an allowed port catches the wire
Z_DRAGGED = 380.0


class DraggedWire(Gesture):
    """A wire with one end at ``anchor`` and the other at the mouse; subclasses say where it may end."""

    cursor = Qt.CursorShape.CrossCursor
    empty_hint = ""

    def __init__(self, view: Surface, start: QPointF, anchor: QPointF) -> None:
        super().__init__(view, start)
        self._anchor = anchor
        self._wire = QGraphicsPathItem()  # in the scene while it is drawn
        self._caught: PortHit | None = None
        self._over: str | None = None

    def begin(self) -> None:
        self._allowed = self.allowed()
        self._wire.setPen(self.scene.look.paints.pen("accent", 2))
        self._wire.setZValue(Z_DRAGGED)
        self.scene.addItem(self._wire)
        for item in self.scene.nodes.values():
            welcome = not isinstance(item, FrameItem) and item.name in self._allowed
            item.set_state(welcome=welcome, faded=not welcome and item.name != self.origin())
        for wire in self.scene.wires.values():
            wire.set_state(faded=True)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        place = self.view.scene_at(point)
        caught = self._catch(place)
        self._aim(caught)
        end = self._spot(caught) if caught else place
        self._wire.setPath(self.path(self._anchor, end))
        self._wire.setPen(self.scene.look.paints.pen("ok" if caught else "accent", 2))
        self._hint(point, place)

    def release(self, point: QPointF, modifiers: Modifiers) -> None:
        caught, place = self._caught, self.view.scene_at(point)
        over = self._entry_at(place)
        self.cancel()
        if not self.began:
            return
        if caught:
            self.connect(caught.port)
        elif over is None:
            self.let_go(place)
        elif reason := self.reason(over):
            self.view.status_message.emit(reason)

    def cancel(self) -> None:
        if self._wire.scene() is None:
            return
        self.scene.removeItem(self._wire)
        self.view.hint.hide()
        for item in self.scene.nodes.values():
            item.set_state(welcome=False, faded=False, aimed=None)
        for wire in self.scene.wires.values():
            wire.set_state(faded=False)

    # What subclasses answer

    def allowed(self) -> set[str]:
        """Entries on which the wire may end."""
        raise NotImplementedError

    def origin(self) -> str:
        """The entry that the wire hangs on."""
        raise NotImplementedError

    def fits(self, port: Port) -> bool:
        """Whether the wire may end at this port of an allowed entry."""
        raise NotImplementedError

    def connect(self, port: Port) -> None:
        """The wire was released on an allowed port."""
        raise NotImplementedError

    def one_more(self, item: NodeItem) -> PortHit | None:
        """A port that an allowed entry has, though it shows no ring for it."""
        return None

    def one_more_at(self, port: Port) -> bool:
        """Whether a wire dropped near this port, which is taken, goes to `one_more`."""
        return False

    def caught_hint(self, port: Port) -> str:
        """What releasing the wire on this port does."""
        return "release to connect"

    def let_go(self, place: QPointF) -> None:
        """The wire was released on empty canvas."""

    def reason(self, entry: str) -> str:
        """Why the wire cannot end on an entry that is not allowed."""
        raise NotImplementedError

    def path(self, anchor: QPointF, end: QPointF) -> QPainterPath:
        """The wire, down from its source."""
        return curve(anchor, end, rightwards=self.scene.geometry.rightwards)

    # Catching

    def _catch(self, place: QPointF) -> PortHit | None:
        """The nearest fitting port within reach, or of the entry below the mouse a free one, else any."""
        reach = CATCH / self.view.zoom
        area = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        items = [
            item
            for item in self.scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
            if isinstance(item, NodeItem) and item.name in self._allowed
        ]
        near = port_near(items, place, reach, wanted=self.fits)
        if near:
            return near
        taken = port_near(items, place, reach, wanted=self.one_more_at)
        over = next(
            (item for item in items if item.contains(place - item.pos()) or (taken and taken.entry == item.name)), None
        )
        if over is None:
            return None
        anywhere = float("inf")
        free = port_near([over], place, anywhere, wanted=lambda port: self.fits(port) and not port.taken)
        return free or self.one_more(over) or port_near([over], place, anywhere, wanted=self.fits)

    def _aim(self, caught: PortHit | None) -> None:
        if caught != self._caught:
            for each, port in ((self._caught, None), (caught, caught.port if caught else None)):
                if each and each.entry in self.scene.nodes:
                    self.scene.nodes[each.entry].set_state(aimed=port)
            self._caught = caught

    def _spot(self, caught: PortHit) -> QPointF:
        box = self.scene.nodes[caught.entry].box
        return QPointF(box.left + caught.port.x, box.top + caught.port.y)

    def _entry_at(self, place: QPointF) -> str | None:
        items = self.scene.items(place)
        found = (item for item in items if isinstance(item, NodeItem) and not isinstance(item, FrameItem))
        return next((item.name for item in found if item.contains(place - item.pos())), None)

    def _hint(self, point: QPointF, place: QPointF) -> None:
        over = self._entry_at(place)
        if self._caught:
            self.view.hint.say(self.caught_hint(self._caught.port), point, "ok")
        elif over and over != self.origin():
            self.view.hint.say(self.reason(over), point, "err")
        else:
            self.view.hint.say(self.empty_hint, point)


class Connect(DraggedWire):
    """A new wire from an output; on empty canvas it asks for the layer to add there."""

    empty_hint = "release to add a layer"

    def __init__(self, view: Surface, start: QPointF, anchor: QPointF, entry: str, source: str) -> None:
        super().__init__(view, start, anchor)
        self._entry = entry
        self._source = source

    def allowed(self) -> set[str]:
        return allowed_targets(self.document.network, self._source)

    def origin(self) -> str:
        return self._entry

    def fits(self, port: Port) -> bool:
        return port.is_input and (not port.taken or self._replaced(port) is not None)

    def one_more(self, item: NodeItem) -> PortHit | None:
        port = self.document.network.free_port(item.name)  # a merge takes any number and shows two
        if port is None:
            return None
        return PortHit(item.name, Port(item.box.width, item.box.height / 2, item.name, port, taken=False))

    def one_more_at(self, port: Port) -> bool:
        return port.is_input and self.document.network.layer(port.node).variadic

    def connect(self, port: Port) -> None:
        self.feed(port, f"Connect {self._source} to {port.node}")

    def feed(self, port: Port, label: str, *, without: Edge | None = None) -> None:
        """Let the source feed a port in place of what does so now, ``without`` an edge of before."""
        source, gone = self._source, [edge for edge in (without, self._replaced(port)) if edge is not None]
        self.document.edit(label, lambda network: edits.connect(network, source, port.node, port.name, without=gone))

    def caught_hint(self, port: Port) -> str:
        replaced = self._replaced(port)
        return f"release to replace the wire from {short_name(replaced.source)}" if replaced else "release to connect"

    def _replaced(self, port: Port) -> Edge | None:
        """The edge that a wire to this very port comes in place of; a merge takes one more instead."""
        network = self.document.network
        if network.layer(port.node).variadic:
            return None
        edges = (edge for edge in network.incoming(port.node) if edge.source != self._source)
        return next((edge for edge in edges if edge.port == port.name), None)

    def let_go(self, place: QPointF) -> None:
        self.view.layer_wanted.emit(place, self._source)

    def reason(self, entry: str) -> str:
        return _why_not(self.document.network, self._source, entry)


class ConnectBack(DraggedWire):
    """A new wire from a free input back to the output that will feed it."""

    empty_hint = "release on an output"

    def __init__(self, view: Surface, start: QPointF, anchor: QPointF, port: Port) -> None:
        super().__init__(view, start, anchor)
        self._port = port

    def allowed(self) -> set[str]:
        nodes = allowed_sources(self.document.network, self._port.node)
        return {self.scene.outline.drawn_as(name) for name in nodes}

    def origin(self) -> str:
        return self._port.node

    def fits(self, port: Port) -> bool:
        return port.is_output

    def connect(self, port: Port) -> None:
        target, label = self._port, f"Connect {port.node} to {self._port.node}"
        self.document.edit(label, lambda network: edits.connect(network, port.node, target.node, target.name))

    def reason(self, entry: str) -> str:
        network = self.document.network
        return _why_not(network, entry, self._port.node) if entry in network else ""

    def path(self, anchor: QPointF, end: QPointF) -> QPainterPath:
        return curve(end, anchor, rightwards=self.scene.geometry.rightwards)


class Reroute(Connect):
    """Takes the end of a wire elsewhere; released on empty canvas the wire is gone."""

    empty_hint = "release to disconnect"

    def __init__(self, view: Surface, start: QPointF, anchor: QPointF, entry: str, edge: Edge) -> None:
        super().__init__(view, start, anchor, entry, edge.source)
        self._edge = edge

    def begin(self) -> None:
        super().begin()
        for link in self.scene.wiring.of_edge.get(self._edge, ()):
            self.scene.wires[link].setVisible(len(self.scene.wiring.edges[link]) > 1)

    def cancel(self) -> None:
        super().cancel()
        for link in self.scene.wiring.of_edge.get(self._edge, ()):
            self.scene.wires[link].setVisible(True)

    def allowed(self) -> set[str]:
        return allowed_targets(self.document.network, self._source, moved=self._edge)

    def fits(self, port: Port) -> bool:
        return super().fits(port) or self._is_own(port)

    def connect(self, port: Port) -> None:
        if self._is_own(port):
            return
        self.feed(port, f"Move a wire to {port.node}", without=self._edge)

    def let_go(self, place: QPointF) -> None:
        edge = self._edge
        self.document.edit(f"Disconnect {edge.source} from {edge.target}", lambda network: network.disconnect(edge))

    def _is_own(self, port: Port) -> bool:
        return (port.node, port.name) == (self._edge.target, self._edge.port)


def _why_not(network: Network, source: str, target: str) -> str:
    if target not in network:
        return f"{target} takes no more inputs from outside: expand it to wire a layer inside."
    error = network.why_not_connect(source, target)
    return str(error) if error else ""


def curve(start: QPointF, end: QPointF, *, rightwards: bool = False) -> QPainterPath:
    """A line that leaves a bottom port downwards and arrives from above, or a right one and arrives from the left."""
    way = end - start
    reach = max(24.0, abs(way.x() if rightwards else way.y()) / 2)
    bow = QPointF(reach, 0) if rightwards else QPointF(0, reach)
    path = QPainterPath(start)
    path.cubicTo(start + bow, end - bow, end)
    return path
