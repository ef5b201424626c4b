"""The lines of a chart, and painting them: at most two points a pixel column, each line in one call."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.style.appearance import appearance

Floats = NDArray[np.float64]
DASHED = (5.0, 3.0)
DOTTED = (1.0, 3.0)
_DOT = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A curve: its points, a run colour by index, and its stroke; ``stamp`` tells whether its points are others."""

    x: Floats
    y: Floats
    stamp: Hashable
    colour: int
    width: float = 1.5
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    dots: bool = False

    def looks_like(self, other: Line) -> bool:
        """Whether drawing the other one gives the same picture."""
        mine, theirs = ((line.stamp, line.colour, line.width, line.dash) for line in (self, other))
        return mine == theirs

    def pen(self) -> QPen:
        """The stroke in the theme in force."""
        colour = run_colour(self.colour)
        colour.setAlphaF(self.opacity)
        cap = Qt.PenCapStyle.FlatCap if self.dash else Qt.PenCapStyle.SquareCap
        return QPen(colour, self.width, Qt.PenStyle.SolidLine, cap)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart draws in px, and which values lie at its edges; with ``log`` ``low`` and ``high`` are exponents."""

    area: QRectF
    end: float
    low: float
    high: float
    log: bool = False
    start: float = 0.0

    def place(self, line: Line) -> tuple[Floats, Floats]:
        """The line's points in px, from the one before the area to the one behind it.

        Those far above or below are moved to just outside; nan where y is not finite.
        """
        here = within(line.x, self.start, self.end)
        with np.errstate(divide="ignore", invalid="ignore"):
            y = np.log10(line.y[here]) if self.log else line.y[here]
        across = self.area.left() + (line.x[here] - self.start) * (self.area.width() / (self.end - self.start))
        height = self.area.height()
        down = self.area.bottom() - np.clip((y - self.low) / (self.high - self.low), -1, 2) * height
        return across, np.where(np.isfinite(y), down, np.nan)


def within(x: Floats, start: float, end: float) -> slice:
    """The points from ``start`` to ``end``, with the one before and the one after; ``x`` does not fall."""
    first, last = np.searchsorted(x, (start, end))
    return slice(max(0, int(first) - 1), int(last) + 1)


def run_colour(index: int) -> QColor:
    """The colour of the run in place ``index`` of a comparison; the first is the accent."""
    colours = appearance().theme.runs
    return QColor(colours[index % len(colours)])


def paint_line(painter: QPainter, line: Line, frame: Frame) -> None:
    """Draw a line, and dots at its points if it has them."""
    x, y = frame.place(line)
    painter.setPen(line.pen())
    for part in _unbroken(*thinned(x, y)):
        if line.width <= 1:
            painter.drawPolyline(pg.functions.arrayToQPolygonF(*part))
        else:  # antialiased and wider than a px, a polyline takes up to 30 times as long as its segments
            lines = _lines(dashes(*part, line.dash) if line.dash else segments(*part))
            painter.drawLines(*lines.drawargs())
    known = np.isfinite(y)
    if line.dots and known.any():
        painter.setPen(QPen(run_colour(line.colour), _DOT, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints(pg.functions.arrayToQPolygonF(x[known], y[known]))


def thinned(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Points in px with at most two a pixel column, its highest and its lowest; ``x`` does not fall."""
    if not len(x) or len(x) <= 2 * (x[-1] - x[0]):
        return x, y
    columns = np.floor(x)
    starts = np.concatenate([[0], np.flatnonzero(columns[1:] != columns[:-1]) + 1])
    ends = np.fmax.reduceat(y, starts), np.fmin.reduceat(y, starts)
    return np.repeat(x[starts], 2), np.stack(ends, axis=1).ravel()


def _unbroken(x: Floats, y: Floats) -> list[tuple[Floats, Floats]]:
    """The stretches of two points and more between which y is nan."""
    gaps = np.flatnonzero(np.isnan(y))
    stretches = zip([0, *(gaps + 1)], [*gaps, len(y)], strict=True)
    return [(x[start:end], y[start:end]) for start, end in stretches if end - start > 1]


def segments(x: Floats, y: Floats) -> Floats:
    """The lines from each point to the next: ``(N, 4)``, x and y of both ends."""
    return np.stack([x[:-1], y[:-1], x[1:], y[1:]], axis=1)


def dashes(x: Floats, y: Floats, pattern: tuple[float, ...]) -> Floats:
    """Dashes along a line as segments, each of ``pattern[0]`` px with ``pattern[1]`` px after it."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    starts = np.arange(0.0, along[-1] + 1e-9, sum(pattern))  # one at least
    ends = np.minimum(starts + pattern[0], along[-1])
    return np.stack([np.interp(at, along, of) for at in (starts, ends) for of in (x, y)], axis=1)


def _lines(ends: Floats) -> PrimitiveArray:
    """Segments for `QPainter.drawLines`, which reads the array's own memory: it has to outlive the drawing."""
    lines = PrimitiveArray(QLineF, 4)
    lines.resize(len(ends))
    lines.ndarray()[:] = ends
    return lines
