"""The silhouette of a network: one bar a layer, its height from the size of its maps, shortcuts above."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from engine.families import Family
from gui.style.appearance import appearance

if TYPE_CHECKING:  # the first paint does without them
    from engine.layers import Shape
    from engine.network import Analysis, Network

DRAWN = (Family.INPUT_OUTPUT, Family.CONVOLUTION, Family.POOLING, Family.LINEAR)
"""The families that a silhouette shows; the others keep the shape."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A layer: its place from left to right, which of how many side by side, and its height, 0 to 1."""

    place: int
    lane: int
    lanes: int
    height: float
    family: Family


@dataclass(frozen=True, slots=True)
class Silhouette:
    """What is painted of a network; ``shortcuts`` join places, as brackets (added) or arcs (concatenated)."""

    bars: tuple[Bar, ...]
    shortcuts: tuple[tuple[int, int, bool], ...]  # from place, to place, whether as an arc

    @property
    def places(self) -> int:
        """How many bars stand side by side."""
        return 1 + max((bar.place for bar in self.bars), default=-1)


def silhouette(network: Network, analysis: Analysis) -> Silhouette:
    """The silhouette of an analysed network: layers that learn or resize maps, and inputs; merges of parallel paths."""
    from engine.layers.merge import Concat

    order = {name: index for index, name in enumerate(network.topological())}
    above: dict[str, int] = {}  # a bit for every node above and the node itself
    place: dict[str, int] = {}
    drawn: dict[int, list[tuple[Family, float]]] = {}
    shortcuts = []
    for name, index in order.items():
        sources = [edge.source for edge in network.incoming(name)]
        above[name] = 1 << index
        for source in sources:
            above[name] |= above[source]
        place[name] = max((place[source] for source in sources), default=-1)
        layer = network.layer(name)
        joins = isinstance(layer, Concat) and not _skipped(sources, above, order)
        if layer.family is Family.MERGE and not joins:
            fork = min((place[source] for source in sources), default=0) - 1
            starts = [place[source] for source in _skipped(sources, above, order)] or [fork]
            shortcuts += [(max(start, 0), place[name], isinstance(layer, Concat)) for start in starts if sources]
        if layer.has_output and (layer.family in DRAWN or joins):
            place[name] += 1
            drawn.setdefault(place[name], []).append((layer.family, _height(analysis[name].output)))
    tallest = max((height for bars in drawn.values() for _, height in bars), default=1.0) or 1.0
    bars = tuple(
        Bar(at, lane, len(stack), max(height / tallest, 0.08), family)
        for at, stack in sorted(drawn.items())
        for lane, (family, height) in enumerate(stack)
    )
    return Silhouette(bars, tuple(shortcuts))


def paint(painter: QPainter, area: QRectF, picture: Silhouette) -> None:
    """Paint a silhouette into an area."""
    if not picture.bars:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    step = min(area.width() / picture.places, 28.0)
    left = area.left() + (area.width() - step * picture.places) / 2
    gap = 0.0 if step < 3 else max(1.0, step * 0.14)
    tops: dict[int, float] = {}
    painter.setPen(Qt.PenStyle.NoPen)
    for bar in picture.bars:
        height = bar.height * area.height()
        top = area.center().y() - height / 2
        tops[bar.place] = min(tops.get(bar.place, top), top)
        lane = (height - 2 * (bar.lanes - 1)) / bar.lanes if bar.lanes > 1 else height
        box = QRectF(left + bar.place * step + gap / 2, top + bar.lane * (lane + 2), step - gap, max(lane, 1.0))
        painter.setBrush(appearance().family(bar.family))
        painter.drawRoundedRect(box, min(2.0, box.width() / 4), min(2.0, box.width() / 4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(appearance().family(Family.MERGE), 1.0))
    for start, end, arc in picture.shortcuts:
        x1, x2 = (left + (place + 0.5) * step for place in (start, end))
        y = min(tops.get(place, area.center().y()) for place in range(start, end + 1)) - 2
        painter.drawPath(_arc(x1, x2, y) if arc else _bracket(x1, x2, y))
    painter.restore()


def _skipped(sources: list[str], above: dict[str, int], order: dict[str, int]) -> list[str]:
    """Inputs of a merge that another input was made from: shortcuts, not parallel paths."""
    return [s for s in sources if any(o != s and above[o] >> order[s] & 1 for o in sources)]


def _height(shape: Shape | None) -> float:
    if shape is None:
        return 0.0
    side = math.sqrt(shape.height * shape.width) if shape.is_map else math.sqrt(shape.elements)
    return math.log2(1 + side)


def _bracket(x1: float, x2: float, y: float) -> QPainterPath:
    path = QPainterPath(QPointF(x1, y))
    for x, dy in ((x1, -5), (x2, -5), (x2, 0)):
        path.lineTo(x, y + dy)
    return path


def _arc(x1: float, x2: float, y: float) -> QPainterPath:
    path = QPainterPath(QPointF(x1, y))
    path.quadTo(QPointF((x1 + x2) / 2, y - 6 - (x2 - x1) * 0.25), QPointF(x2, y))
    return path
