"""Moving layers and blocks."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtWidgets import QGraphicsLineItem

from engine.network import edits
from engine.network.names import parent
from gui.canvas.boxes import Box
from gui.canvas.chosen import outermost
from gui.canvas.gestures.base import Gesture, Modifiers
from gui.canvas.snapping import Snapped, snapped
from gui.words import counted

Z_GUIDE = 390.0


class Move(Gesture):
    """Drags the selection with the pressed entry as its handle; a click selects that entry alone.

    With Shift a press adds the entry to the selection, or takes it out.
    """

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, view, start: QPointF, name: str, *, extends: bool, fixed: bool = False) -> None:
        super().__init__(view, start)
        self._name = name
        self._extends = extends
        self._fixed = fixed
        self._was_selected = name in self.document.selection.names
        self._way = Snapped(0.0, 0.0)
        self._guides: list[QGraphicsLineItem] = []
        if not self._was_selected:
            self.document.select((*self.document.selection.names, name) if extends else (name,))

    def begin(self) -> None:
        self._names = outermost(self.document.selection.names)
        self._box = self.scene.geometry.boxes[self._name]
        block = parent(self._name)
        children = self.scene.outline.children(block)
        boxes = self.scene.geometry.boxes
        self._neighbours = [boxes[child] for child in children if child in boxes and child not in self._names]

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        if self._fixed:
            return
        way = self.view.scene_at(point) - self.view.scene_at(self.start)
        self._way = snapped(self._box, way.x(), way.y(), self._in_view())
        self.scene.lift(self._names, self._way.dx, self._way.dy)
        self._guide()

    def release(self, point: QPointF, modifiers: Modifiers) -> None:
        if not self.began:
            self._click()
            return
        self.cancel()
        way, names = self._way, self._names
        if way.dx or way.dy:
            label = f"Move {counted(len(names), 'layer') if len(names) > 1 else names[0]}"
            self.document.edit(label, lambda network: edits.move(network, names, way.dx, way.dy))

    def cancel(self) -> None:
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
