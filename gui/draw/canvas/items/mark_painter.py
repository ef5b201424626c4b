"""The marks of a training at a node: heat strip inside, thumbnail and badge at the right."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from gui.draw.canvas.model.boxes import Box
from gui.draw.canvas.model.marks import BESIDE, CELL, NORM_RANGE, STRIP_CELLS, THUMBNAIL, TrainingMark

if TYPE_CHECKING:
    from gui.draw.canvas.items.node_item import NodeItem

_GAP = 0.4  # between two cells of a strip, besides the 0.6 that they are narrower than `CELL`
_BADGE_WIDTH = 72.0  # "100 % dead"
_BADGE_HEIGHT = 20.0
REACH = BESIDE + THUMBNAIL + 8 + _BADGE_WIDTH
"""How far marks reach beyond the right edge of a node that has room."""
BELOW = 14.0
"""How far they reach below a node that has none."""
_CLOSE = 4.0  # from a node to a thumbnail that has little room
_SMALLEST = 16.0  # a thumbnail that shows something


class Places:
    """Where thumbnail and badge stand at a node that has ``room`` px at its right, from its top left corner.

    Where there is too little for both, the thumbnail is as small as it must be and the badge hangs at the node.
    """

    def __init__(self, box: Box, room: float, *, has_thumbnail: bool) -> None:
        beside = BESIDE if room >= BESIDE + THUMBNAIL + _CLOSE else _CLOSE
        size = min(float(THUMBNAIL), room - 2 * _CLOSE)
        drawn = has_thumbnail and size >= _SMALLEST
        place = QRectF(box.width + beside, (box.height - size) / 2, size, size)
        self.thumbnail = place if drawn else None
        left = BESIDE + (THUMBNAIL + 8 if has_thumbnail else 0)
        if room >= left + _BADGE_WIDTH + _CLOSE:
            self.badge = QRectF(box.width + left, (box.height - _BADGE_HEIGHT) / 2, _BADGE_WIDTH, _BADGE_HEIGHT)
        else:
            width = _BADGE_WIDTH - 10
            self.badge = QRectF(box.width - width, box.height + BELOW - _BADGE_HEIGHT, width, _BADGE_HEIGHT)


def beside(box: Box, mark: TrainingMark, *, room: float) -> list[QRectF]:
    """What a mark takes outside of its node, from the top left corner of the node."""
    places = Places(box, room, has_thumbnail=mark.thumbnail is not None)
    return [
        *([places.thumbnail] if mark.thumbnail is not None and places.thumbnail is not None else []),
        *([places.badge] if mark.badge else []),
    ]


def paint(painter: QPainter, item: NodeItem, mark: TrainingMark, exposed: QRectF, *, room: float) -> None:
    """Draw the ``exposed`` part of what ``mark`` says of ``item``, which has ``room`` px at its right."""
    area = strip_area(item.box)
    if mark.strip and area.intersects(exposed):
        _strip(painter, mark.strip, area)
    if exposed.right() > item.box.width:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        places = Places(item.box, room, has_thumbnail=mark.thumbnail is not None)
        if mark.thumbnail is not None and places.thumbnail is not None:
            _thumbnail(painter, item, mark.thumbnail, places.thumbnail)
        if mark.badge:
            _badge(painter, item, mark, places.badge)


def strip_area(box: Box) -> QRectF:
    """Where the heat strip of a node stands, from its top left corner."""
    width, height = CELL
    return QRectF(13, box.height - height - 5, STRIP_CELLS * (width + _GAP), height)


@cache
def heat_colours() -> list[QColor]:
    """Viridis in 64 steps, from the smallest gradient norm to the largest."""
    import pyqtgraph  # slow to import, and no training runs when the window opens

    return [QColor(*map(int, colour)) for colour in pyqtgraph.colormap.get("viridis").getLookupTable(nPts=64)]


@lru_cache(4096)  # from one batch to the next all cells of a strip but one are the same
def heat(norm: float) -> QColor:
    """The colour of a gradient norm, on a logarithmic scale; 0 and what is not finite take the ends."""
    low, high = NORM_RANGE
    place = (math.log10(norm) - low) / (high - low) if norm > 0 and math.isfinite(norm) else float(norm > 0)
    colours = heat_colours()
    return colours[min(len(colours) - 1, max(0, int(place * len(colours))))]


def _strip(painter: QPainter, norms: tuple[float, ...], area: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    width = CELL[0]
    cell = QRectF(area.topLeft(), QSizeF(width - 0.6, area.height()))
    for norm in norms[-STRIP_CELLS:]:
        painter.fillRect(cell, heat(norm))
        cell.translate(width + _GAP, 0)


def _thumbnail(painter: QPainter, item: NodeItem, image: QImage, rect: QRectF) -> None:
    paints, box = item.look.paints, item.box
    middle = box.height / 2
    painter.setPen(paints.pen("line2", 1, (1, 3)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # for a dotted line that takes ten times as long
    painter.drawLine(QPointF(box.width + 4, middle), QPointF(rect.left(), middle))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(rect, image)
    painter.setPen(paints.pen("line"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5), 2, 2)


def _badge(painter: QPainter, item: NodeItem, mark: TrainingMark, rect: QRectF) -> None:
    """The share of dead ReLUs, quiet below 25 %, a warning from there; or what begins at the node."""
    paints, warns = item.look.paints, mark.warns
    painter.setPen(paints.pen("warn" if warns else "line2", 1))
    painter.setBrush(paints.brush("warn_bg" if warns else "raised"))
    painter.drawRoundedRect(rect, _BADGE_HEIGHT / 2, _BADGE_HEIGHT / 2)
    font = paints.fonts.strong if warns else paints.fonts.small
    painter.setPen(paints.pen("warn" if warns else "muted"))
    painter.setFont(font)
    width = QFontMetricsF(font).horizontalAdvance(mark.badge)
    painter.drawText(QPointF(rect.center().x() - width / 2, rect.center().y() + 4), mark.badge)
