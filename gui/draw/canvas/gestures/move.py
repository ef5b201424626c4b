"""Moving layers and blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtWidgets import QGraphicsLineItem

from engine.errors import LayerloomError
from engine.network import Point, edits
from engine.network.blocks import move_into
from engine.network.geometry import snap
from engine.network.names import block_name, entry_name, parent
from engine.words import counted
from gui.draw.canvas.gestures.base import Gesture, Modifiers
from gui.draw.canvas.gestures.target_block import TargetBlock
from gui.draw.canvas.model.boxes import Box
from gui.draw.canvas.model.selected import outermost
from gui.draw.canvas.model.snapping import Snapped, snapped

if TYPE_CHECKING:
    from gui.draw.canvas.gestures.surface import Surface

Z_GUIDE = 390.0


class Move(Gesture):
    """Drags the selection with the pressed entry as its handle; a click selects that entry alone.

    With Shift a press adds the entry to the selection, or takes it out. What is dropped on another frame goes into
    that block; out of its own it only goes with Ctrl held, else the frame grows with it.
    """

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, view: Surface, start: QPointF, name: str, *, extends: bool, fixed: bool = False) -> None:
        super().__init__(view, start)
        self._name = name
        self._extends = extends
        self._fixed = fixed
        self._was_selected = name in self.document.selection.names
        self._way = Snapped(0.0, 0.0)
        self._guides: list[QGraphicsLineItem] = []
        self._target = TargetBlock(self.scene, name)
        if not self._was_selected:
            self.document.select((*self.document.selection.names, name) if extends else (name,))

    def begin(self) -> None:
        self._names = outermost(self.document.selection.names)
        self._box = self.scene.geometry.boxes[self._name]
        self._target.begin(self._names)
        block = parent(self._name)
        children = self.scene.outline.children(block)
        boxes = self.scene.geometry.boxes
        self._neighbours = [boxes[child] for child in children if child in boxes and child not in self._names]

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        if self._fixed:
            return
        way = self.view.scene_at(point) - self.pressed_at
        self._way = snapped(self._box, way.x(), way.y(), self._in_view())
        self._target.follow(self.view.scene_at(point), leaves=bool(modifiers & Modifiers.ControlModifier))
        self.view.hint.say(self._target.hint, point, "link")
        self.scene.lift(self._names, self._way.dx, self._way.dy, leaving=self._target.block is not None)
        self._guide()

    def release(self, point: QPointF, modifiers: Modifiers) -> None:
        if not self.began:
            self._click()
            return
        self.move(point, modifiers)  # Ctrl may have come or gone since the last movement
        way, names, block = self._way, self._names, self._target.block
        self.cancel()
        if block is not None:
            self._move_into(block)
        elif way.dx or way.dy:
            label = f"Move {counted(len(names), 'layer') if len(names) > 1 else names[0]}"
            self.document.edit(label, lambda network: edits.move(network, names, way.dx, way.dy))

    def _move_into(self, block: str) -> None:
        """Let the entries change the block they stand in, or say why they cannot."""
        origin, boxes = self.scene.geometry.origin(block), self.scene.geometry.boxes
        places = {
            name: Point(
                snap(boxes[name].left + self._way.dx - origin.x), snap(boxes[name].top + self._way.dy - origin.y)
            )
            for name in self._names
        }
        what = counted(len(places), "layer") if len(places) > 1 else entry_name(self._name, self.document.network)
        where = f"into {block_name(block)}" if block else "out of its block"
        try:
            moved = self.document.edit(f"Move {what} {where}", lambda network: move_into(network, block, places))
        except LayerloomError as error:
            self.view.status_message.emit(str(error))
        else:
            self.document.select(moved)

    def cancel(self) -> None:
        self.view.hint.hide()
        self._target.forget()
        if self.began and not self._fixed:
            self.scene.lay_down()
        for guide in self._guides:
            self.scene.removeItem(guide)
        self._guides.clear()

    def _click(self) -> None:
        names = self.document.selection.names
        if not self._extends:
            self.document.select((self._name,))
        elif self._was_selected:
            self.document.select(name for name in names if name != self._name)

    def _in_view(self) -> list[Box]:
        shown = self.view.shown()
        view = Box(shown.left(), shown.top(), shown.right(), shown.bottom())
        return [box for box in self._neighbours if box.overlaps(view)]

    def _guide(self) -> None:
        """Show the centre lines that the drag has snapped to."""
        for guide in self._guides:
            self.scene.removeItem(guide)
        shown, way = self.view.shown(), self._way
        lines = []
        if way.x is not None:
            lines.append(QLineF(way.x, shown.top(), way.x, shown.bottom()))
        if way.y is not None:
            lines.append(QLineF(shown.left(), way.y, shown.right(), way.y))
        self._guides = [QGraphicsLineItem(line) for line in lines]
        for guide in self._guides:
            guide.setPen(self.scene.look.paints.pen("accent", 1))
            guide.setZValue(Z_GUIDE)
            self.scene.addItem(guide)
