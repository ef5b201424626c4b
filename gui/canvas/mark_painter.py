"""The marks of a training at a node: heat strip inside, thumbnail and dead-ReLU badge at the right."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.canvas.marks import BESIDE, CELL, DEAD_WARNING, NORM_RANGE, STRIP_CELLS, THUMBNAIL

if TYPE_CHECKING:
    from gui.canvas.node_item import NodeItem

_BADGE_WIDTH = 64.0
_BADGE_HEIGHT = 20.0
REACH = BESIDE + THUMBNAIL + 8 + _BADGE_WIDTH
"""How far marks reach beyond the right edge of a node."""


def paint(painter: QPainter, item: NodeItem) -> None:
    """Draw the marks of ``item``."""
    if item.mark.strip:
        _strip(painter, item)
    if item.mark.thumbnail is not None:
        _thumbnail(painter, item)
    if item.mark.dead is not None:
        _badge(painter, item)


@cache
def heat_colours() -> list[QColor]:
    """Viridis in 64 steps, from the smallest gradient norm to the largest."""
    import pyqtgraph  # slow to import, and no training runs when the window opens

    return [QColor(*map(int, colour)) for colour in pyqtgraph.colormap.get("viridis").getLookupTable(nPts=64)]


def heat(norm: float) -> QColor:
    """The colour of a gradient norm, on a logarithmic scale; 0 and what is not finite take the ends."""
    low, high = NORM_RANGE
    place = (math.log10(norm) - low) / (high - low) if norm > 0 and math.isfinite(norm) else float(norm > 0)
    colours = heat_colours()
    return colours[min(len(colours) - 1, max(0, int(place * len(colours))))]


def _strip(painter: QPainter, item: NodeItem) -> None:
    width, height = CELL
    left = 13.0
    top = item.box.height - height - 5
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for index, norm in enumerate(item.mark.strip[-STRIP_CELLS:]):
        painter.fillRect(QRectF(left + index * (width + 0.4), top, width - 0.6, height), heat(norm))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _thumbnail(painter: QPainter, item: NodeItem) -> None:
    paints, box = item.look.paints, item.box
    middle = box.height / 2
    rect = QRectF(box.width + BESIDE, middle - THUMBNAIL / 2, THUMBNAIL, THUMBNAIL)
    painter.setPen(paints.pen("line2", 1, (1, 3)))
    painter.drawLine(QPointF(box.width + 4, middle), QPointF(rect.left(), middle))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(rect, item.mark.thumbnail)
    painter.setPen(paints.pen("line"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5), 2, 2)


def _badge(painter: QPainter, item: NodeItem) -> None:
    """The share of dead ReLUs: quiet below 25 %, a warning from there."""
    paints, box = item.look.paints, item.box
    left = box.width + BESIDE + (THUMBNAIL + 8 if item.mark.thumbnail is not None else 0)
    rect = QRectF(left, (box.height - _BADGE_HEIGHT) / 2, _BADGE_WIDTH, _BADGE_HEIGHT)
    warns = item.mark.dead >= DEAD_WARNING
    painter.setPen(paints.pen("warn" if warns else "line2", 1))
    painter.setBrush(paints.brush("warn_bg" if warns else "raised"))
    painter.drawRoundedRect(rect, _BADGE_HEIGHT / 2, _BADGE_HEIGHT / 2)
    font = paints.fonts.strong if warns else paints.fonts.small
    text = f"{item.mark.dead:.0%}".replace("%", " % dead")
    painter.setPen(paints.pen("warn" if warns else "muted"))
    painter.setFont(font)
    width = QFontMetricsF(font).horizontalAdvance(text)
    painter.drawText(QPointF(rect.center().x() - width / 2, rect.center().y() + 4), text)
