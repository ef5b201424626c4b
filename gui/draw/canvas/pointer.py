"""The mouse on the canvas: which gesture a press begins, what a hover lights, what a double click opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from engine.network import Edge
from gui.draw.canvas.gestures.base import Gesture
from gui.draw.canvas.gestures.connect import Connect, ConnectBack, DraggedWire, Reroute
from gui.draw.canvas.gestures.copy import CopyDrag
from gui.draw.canvas.gestures.move import Move
from gui.draw.canvas.gestures.pan import Pan
from gui.draw.canvas.gestures.select import RubberBand
from gui.draw.canvas.items.hits import Hit, NodeHit, PortHit, WireHit, hit
from gui.draw.canvas.items.wire_item import WireItem

if TYPE_CHECKING:
    from gui.draw.canvas.view import CanvasView

_SHIFT, _ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
_END = 28.0  # a press this near to the end of a wire takes hold of that end


class Pointer:
    """Turns mouse events of a view into gestures; one at a time."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self._scene = view.canvas_scene
        self.gesture: Gesture | None = None
        self.releasing = False  # a gesture is doing what it is for
        self.place: QPointF | None = None  # of the mouse, or where it left for a menu that opened over the canvas
        self.space = False  # held down: any drag pans
        self._hovered_wires: list[WireItem] = []
        self._hovered: str | None = None

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        if self.gesture is not None:
            return
        point, left = event.position(), event.button() is Qt.MouseButton.LeftButton
        if event.button() is Qt.MouseButton.MiddleButton or (left and self.space):
            self._begin(Pan(self._view, point))
        elif left:
            self._begin(self._gesture(self.under(point), point, event))

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved."""
        self.place = event.position()
        if self.gesture is None:
            self.hover(event.position())
            return
        gesture, point, modifiers = self.gesture, event.position(), event.modifiers()
        gesture.drag(point, modifiers)
        if gesture.began and gesture.scrolls:
            self._view.edge_scroll.follow(point, lambda: gesture.move(point, modifiers))
        if gesture.began and gesture.cursor is not None:
            self._view.viewport().setCursor(gesture.cursor)

    def release(self, event: QMouseEvent) -> None:
        """A button went up."""
        gesture, self.gesture = self.gesture, None
        self._view.edge_scroll.stop()
        if gesture is not None:
            self.releasing = True
            try:
                gesture.release(event.position(), event.modifiers())
            finally:
                self.releasing = False
            self._view.viewport().unsetCursor()
            if isinstance(gesture, DraggedWire) and not gesture.began:
                self._click_port(self.under(event.position()))

    def cancel(self) -> bool:
        """End a gesture without doing anything; False if there is none."""
        gesture, self.gesture = self.gesture, None
        self._view.edge_scroll.stop()
        if gesture is None:
            return False
        gesture.cancel()
        self._view.viewport().unsetCursor()
        return True

    def forget(self) -> None:
        """Let go of all that was in the scene: it is gone."""
        self.gesture, self._hovered, self._hovered_wires = None, None, []
        self._view.edge_scroll.stop()
        self._view.hint.hide()
        self._view.viewport().unsetCursor()

    def double_click(self, event: QMouseEvent) -> None:
        """A block opens or closes, a layer is renamed; on empty canvas a layer is added."""
        found = self.under(event.position())
        if isinstance(found, NodeHit) and self._scene.outline.is_block(found.name):
            self._view.toggle_requested.emit(found.name)
        elif isinstance(found, NodeHit):
            self._view.rename_requested.emit(found.name)
        elif found is None and not self._view.read_only:
            self._view.layer_wanted.emit(self._view.scene_at(event.position()), "")

    def leave(self) -> None:
        """The mouse went elsewhere."""
        self.hover(None)
        if QApplication.activePopupWidget() is None:
            self.place = None

    def hover(self, point: QPointF | None) -> None:
        """Light what lies under the mouse."""
        found = self.under(point) if point is not None else None
        name = found.name if isinstance(found, NodeHit) else found.entry if isinstance(found, PortHit) else None
        self._hover_node(name)
        self._hover_wires(self._wires_of(found))
        on_sign = isinstance(found, PortHit) or (isinstance(found, NodeHit) and bool(found.part))
        self._view.viewport().setCursor(
            Qt.CursorShape.OpenHandCursor
            if self.space
            else Qt.CursorShape.PointingHandCursor
            if on_sign
            else Qt.CursorShape.ArrowCursor
        )

    def under(self, point: QPointF) -> Hit:
        """What lies under a viewport point."""
        return hit(self._scene, self._view.scene_at(point))

    def _begin(self, gesture: Gesture | None) -> None:
        self.gesture = gesture
        self.hover(None)

    def _gesture(self, found: Hit, point: QPointF, event: QMouseEvent) -> Gesture | None:
        view, modifiers = self._view, event.modifiers()
        match found:
            case NodeHit(name, "chevron"):
                view.toggle_requested.emit(name)
                return None
            case NodeHit(name, "menu"):
                view.menu_requested.emit(name, event.globalPosition().toPoint())
                return None
            case NodeHit(name):
                if modifiers & _ALT and not view.read_only:
                    return CopyDrag(view, point, name)
                return Move(view, point, name, extends=bool(modifiers & _SHIFT), fixed=view.read_only)
            case _ if view.read_only:
                return Pan(view, point) if found is None else None
            case PortHit():
                return self._from_port(found, point)
            case WireHit(item):
                return self._from_wire(item, point)
        return RubberBand(view, point, adds=bool(modifiers & _SHIFT))

    def _from_port(self, found: PortHit, point: QPointF) -> Gesture:
        port, box = found.port, self._scene.nodes[found.entry].box
        anchor = QPointF(box.left + port.x, box.top + port.y)
        if port.is_output:
            return Connect(self._view, point, anchor, found.entry, port.node)
        if not port.taken:
            return ConnectBack(self._view, point, anchor, port)
        edges = self._scene.document.network.incoming(port.node)
        return self._reroute(next(edge for edge in edges if edge.port == port.name), point)

    def _click_port(self, found: Hit) -> None:
        """A click on a port means its layer: the middle of a small node is all ports."""
        if isinstance(found, PortHit):
            self._view.document.select((found.entry,))

    def _from_wire(self, item: WireItem, point: QPointF) -> Gesture | None:
        """A click selects the edge; a drag near its end takes the end away."""
        edge = next(iter(self._scene.wiring.edges[item.link]))
        self._view.document.select(edge=edge)
        end, place = item.course.corners[-1], self._view.scene_at(point)
        near = (QPointF(*end) - place).manhattanLength() * self._view.zoom <= _END
        ends_here = item.link.end.entry == edge.target
        return self._reroute(edge, point) if near and ends_here else None

    def _reroute(self, edge: Edge, point: QPointF) -> Gesture:
        first = self._scene.wiring.of_edge[edge][0]
        corner = self._scene.router.courses[first].corners[0]
        return Reroute(self._view, point, QPointF(*corner), first.start.entry, edge)

    def _hover_node(self, name: str | None) -> None:
        if name == self._hovered:
            return
        for each, hovered in ((self._hovered, False), (name, True)):
            if each in self._scene.nodes:
                self._scene.nodes[each].set_state(hovered=hovered)
        self._hovered = name

    def _wires_of(self, found: Hit) -> list[WireItem]:
        """The wires of the value under the mouse."""
        wiring, wires = self._scene.wiring, self._scene.wires
        match found:
            case WireHit(item):
                edges = wiring.edges.get(item.link, ())
                links = {link for edge in edges for link in wiring.of_edge[edge]}
            case PortHit(entry, port) if port.node:
                at = wiring.at.get(entry, ())
                links = {
                    link for link in at if any(_at_port(edge, port.node, port.name) for edge in wiring.edges[link])
                }
            case _:
                links = set()
        return [wires[link] for link in links if link in wires]

    def _hover_wires(self, wires: list[WireItem]) -> None:
        for wire in self._hovered_wires:
            if wire not in wires:
                wire.set_state(hovered=False)
        for wire in wires:
            wire.set_state(hovered=True)
        self._hovered_wires = wires


def _at_port(edge: Edge, node: str, port: str) -> bool:
    return (edge.target, edge.port) == (node, port) if port else edge.source == node
