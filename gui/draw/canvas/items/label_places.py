"""Where the words of wires stand: clear of nodes, of the headers of frames and of one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from PySide6.QtCore import QRectF

from gui.draw.canvas.items.node_item import NodeItem
from gui.draw.canvas.items.wire_item import WireItem
from gui.draw.canvas.model.faces import WireState

_ROW = 128.0  # scene px; what is taken is looked up by row
_OVER = 2.0  # scene px that edges may lie over one another


def clear_labels(
    wires: Iterable[WireItem], nodes: Iterable[NodeItem], *, scale: float, staying: Iterable[WireItem] = ()
) -> None:
    """Move each label, drawn ``scale`` times as large as at 100 %, to where it is clear, or hide it.

    Those that tell of an error choose first, then those of a shape that changes; all after the labels that are
    ``staying`` where they are.
    """
    taken = _Taken()
    for solid in (solid for node in nodes for solid in node.solids()):
        taken.add(solid)
    for box in (wire.drawn_label(scale) for wire in staying):
        if box is not None:
            taken.add(box)
    for wire in sorted(wires, key=_rank):
        box = wire.stand_clear(taken.is_free, scale)
        if box is not None:
            taken.add(box)


def _rank(wire: WireItem) -> tuple[bool, bool, float, float]:
    return wire.face.state is not WireState.MISMATCH, not wire.face.changes, *wire.course.corners[0]


class _Taken:
    """Rectangles that nothing else may lie over."""

    def __init__(self) -> None:
        self._rows: defaultdict[int, list[QRectF]] = defaultdict(list)

    def add(self, box: QRectF) -> None:
        for row in self._rows_of(box):
            self._rows[row].append(box)

    def is_free(self, box: QRectF) -> bool:
        inner = box.adjusted(_OVER, _OVER, -_OVER, -_OVER)
        return not any(inner.intersects(other) for row in self._rows_of(inner) for other in self._rows.get(row, ()))

    @staticmethod
    def _rows_of(box: QRectF) -> range:
        return range(int(box.top() // _ROW), int(box.bottom() // _ROW) + 1)
