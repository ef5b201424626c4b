"""The mark of each class among points: a shape and a colour, of which no two of 42 are alike."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap, QPolygonF

from gui.style.appearance import appearance
from gui.train.curves.chart_lines import run_colour

SIZE = 12  # px of a mark with what is free around it
_REACH = 4.2
_CORNERS: tuple[tuple[int, float, float], ...] = (
    (24, 0.0, 1.0),  # of a polygon on a circle: corners, where the first stands, and how far in every other one is
    (4, 45.0, 1.0),
    (3, -90.0, 1.0),
    (4, 0.0, 1.0),
    (8, 0.0, 0.45),
    (10, -90.0, 0.5),
    (3, 90.0, 1.0),
)


def mark_of(number: int, *, scale: float = 1.0) -> QPixmap:
    """The mark of the class of that number, -1 for none, in the theme in force, ``SIZE`` px wide."""
    pixmap = QPixmap(round(SIZE * scale), round(SIZE * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    corners, first, inner = _CORNERS[max(number, 0) % len(_CORNERS)]
    points = []
    for corner in range(corners):
        reach = _REACH * (inner if corner % 2 else 1.15)
        angle = math.radians(first + 360 * corner / corners)
        points.append(QPointF(SIZE / 2 + reach * math.cos(angle), SIZE / 2 + reach * math.sin(angle)))
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(appearance().colour("canvas"), 0.8))
        painter.setBrush(run_colour(number) if number >= 0 else appearance().colour("muted"))
        painter.drawPolygon(QPolygonF(points))
    return pixmap


def ring(painter: QPainter, at: QPointF) -> None:
    """A ring around the mark of an image that is taken for another class."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(appearance().colour("text"), 1.4))
    painter.drawEllipse(QRectF(at.x() - 7, at.y() - 7, 14, 14))


def icon_of(number: int) -> QIcon:
    """The mark in a list."""
    return QIcon(mark_of(number, scale=2.0))
