"""What is marked on a chart beside its curves: the best epoch, and where something happened to a run."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gui.style.appearance import appearance
from gui.train.curves.chart_lines import DOTTED, run_colour

_LINE = 15  # px a line of words


@dataclass(frozen=True, slots=True)
class Best:
    """The best epoch of the run with this colour: its place on the x axis."""

    x: float
    colour: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Where something happened to a run: a place on the x axis and a value, a run colour, and the words beside it."""

    x: float
    y: float
    colour: int
    words: tuple[str, ...]


def draw_best(painter: QPainter, best: Best, foot: QPointF) -> None:
    """A triangle on the axis, at ``foot``, with a word beside it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(run_colour(best.colour))
    painter.drawPolygon(QPolygonF([foot + QPointF(-5, 0), foot + QPointF(5, 0), foot + QPointF(0, -8)]))
    painter.setFont(appearance().font(11))
    width = painter.fontMetrics().horizontalAdvance("best")
    _write(painter, QRectF(foot.x() - 10 - width, foot.y() - 17, width, _LINE), "best", best.colour)


def draw_remark(painter: QPainter, remark: Remark, place: QPointF, *, area: QRectF, index: int) -> None:
    """A dotted line through ``area``, a ring at ``place`` on the curve, words at the top; ``index`` counts them."""
    pen = QPen(run_colour(remark.colour), 1)
    pen.setDashPattern(DOTTED)
    painter.setPen(pen)
    painter.drawLine(QPointF(place.x(), area.top()), QPointF(place.x(), area.bottom()))
    if area.contains(place):
        painter.setPen(QPen(run_colour(remark.colour), 2))
        painter.setBrush(appearance().colour("panel"))
        painter.drawEllipse(place, 4, 4)
    painter.setFont(appearance().font(11))
    width, height = max(map(painter.fontMetrics().horizontalAdvance, remark.words)), _LINE * len(remark.words)
    right = place.x() + 6
    left = right if right + width <= area.right() else place.x() - 6 - width
    _write(painter, QRectF(left, area.top() + index * height, width, height), "\n".join(remark.words), remark.colour)


def _write(painter: QPainter, area: QRectF, text: str, colour: int) -> None:
    """Words in a run's colour, on a ground that the curves behind them shine through."""
    surface = appearance().colour("panel")
    surface.setAlphaF(0.8)
    painter.fillRect(area.adjusted(-2, 0, 2, 0), surface)
    painter.setPen(run_colour(colour))
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft, text)
