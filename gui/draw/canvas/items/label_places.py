"""Where the words of wires stand: clear of nodes, marks, the headers of frames, one another and other wires."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QRectF

from gui.draw.canvas.items.mark_painter import BELOW, REACH
from gui.draw.canvas.items.node_item import NodeItem
from gui.draw.canvas.items.wire_item import WireItem
from gui.draw.canvas.model.boxes import Box, around
from gui.draw.canvas.model.faces import WireState
from gui.draw.canvas.model.links import Terminal

_ROW = 128.0  # scene px; what is taken is looked up by row
_OVER = 2.0  # scene px that edges may lie over one another
_STROKE = 1.0  # scene px from the middle of a line to its edge


def clear_labels(
    wires: Iterable[WireItem], nodes: Iterable[NodeItem], *, scale: float, staying: Iterable[WireItem] = ()
) -> None:
    """Move each label, drawn ``scale`` times as large as at 100 %, to where it is clear, or hide it.

    Those that tell of an error choose first, then those of a shape that changes; all after the labels that are
    ``staying`` where they are.
    """
    wires, staying = sorted(wires, key=_rank), list(staying)
    reach = max((wire.label_box.width() for wire in wires), default=0.0) * scale
    region = around(wire.course.box.grown(reach, reach, reach, reach) for wire in wires)
    if region is None:
        return
    taken = _Taken()
    near = (node for node in nodes if node.box.grown(0, 0, REACH, BELOW).overlaps(region))
    for solid in (solid for node in near for solid in node.solids()):
        taken.add(solid)
    for wire in (*wires, *staying):
        if wire.course.box.grown(1, 1, 1, 1).overlaps(region):
            taken.cross(wire)
    for box in (wire.drawn_label(scale) for wire in staying):
        if box is not None:
            taken.add(box)
    for wire in wires:
        box = wire.stand_clear(partial(taken.is_free, wire=wire), scale)
        if box is not None:
            taken.add(box)


def _rank(wire: WireItem) -> tuple[bool, bool, float, float]:
    return wire.face.state is not WireState.MISMATCH, not wire.face.changes, *wire.course.corners[0]


class _Taken:
    """Rectangles that nothing else may lie over, and the lines of wires, over which no words of another value lie."""

    def __init__(self) -> None:
        self._rows: defaultdict[int, list[QRectF]] = defaultdict(list)
        self._lines: defaultdict[int, list[tuple[Box, Terminal]]] = defaultdict(list)

    def add(self, box: QRectF) -> None:
        for row in _rows_of(box.top(), box.bottom()):
            self._rows[row].append(box)

    def cross(self, wire: WireItem) -> None:
        """Take the line of a wire."""
        for part in wire.course.parts:
            for row in _rows_of(part.top, part.bottom):
                self._lines[row].append((part, wire.link.start))

    def is_free(self, box: QRectF, *, wire: WireItem) -> bool:
        """Whether the words of a wire may stand there: over lines only where these run along it with its value."""
        inner = box.adjusted(_OVER, _OVER, -_OVER, -_OVER)
        rows = _rows_of(inner.top(), inner.bottom())
        if any(inner.intersects(other) for row in rows for other in self._rows.get(row, ())):
            return False
        whole = Box(box.left(), box.top(), box.right(), box.bottom()).grown(_STROKE, _STROKE, _STROKE, _STROKE)
        rows = _rows_of(whole.top, whole.bottom)
        lines = (line for row in rows for line in self._lines.get(row, ()) if whole.overlaps(line[0]))
        return all(
            start == wire.link.start and any(_along(part, own) for own in wire.course.parts) for part, start in lines
        )


def _along(part: Box, other: Box) -> bool:
    """Whether two straight parts run on one line."""
    return part.left == part.right == other.left == other.right or part.top == part.bottom == other.top == other.bottom


def _rows_of(top: float, bottom: float) -> range:
    return range(int(top // _ROW), int(bottom // _ROW) + 1)
