"""The strongest answers of a unit to each image, as a histogram for each class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.style.appearance import appearance
from gui.style.colour_maps import short

if TYPE_CHECKING:
    from engine.inspection.units.answers import Answers

ROW, _AXIS = 18, 18  # px
_NAMES, _MEANS = 72, 44  # px: the widest names, and the column of the means
_BINS = 32  # that are drawn, at most
_TICKS = 4


class ClassRows(QWidget):
    """A row a class: its histogram from the least to the largest answer, the mean in orange and in figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: Answers | None = None
        self._unit = 0
        self.setAccessibleName("Strongest answer to each image")
        appearance().changed.connect(self.update)

    def show_unit(self, answers: Answers, unit: int) -> None:
        """Show another unit."""
        self._answers, self._unit = answers, unit
        told = (f"{name}: {short(float(mean))}" for name, mean in zip(self._names, self._means, strict=True))
        self.setAccessibleDescription("Means " + ", ".join(told))
        self.setFixedHeight(self.height_of(len(self._names)))
        self.update()

    @property
    def _names(self) -> tuple[str, ...]:
        return (self._answers.classes or ("all",)) if self._answers else ()

    @property
    def _means(self) -> list[float]:
        return self._answers.class_means[self._unit].tolist() if self._answers else []

    @staticmethod
    def height_of(rows: int) -> int:
        """The height of so many classes, px."""
        return ROW * rows + _AXIS

    def sizeHint(self) -> QSize:
        return QSize(300, self.height_of(len(self._names)))

    def _span(self) -> tuple[float, float]:
        """The values at the ends of the axis."""
        answers, unit = self._answers, self._unit
        assert answers is not None
        used = np.flatnonzero(answers.counts[unit].any(axis=0))
        low, width = float(answers.bins_from[unit]), float(answers.bin_width[unit])
        first, last = low + int(used[0]) * width, low + (int(used[-1]) + 1) * width
        return (min(0.0, first), last) if first >= 0 else (first, max(0.0, last))

    def paintEvent(self, event: QPaintEvent) -> None:
        answers = self._answers
        if answers is None:
            return
        with QPainter(self) as painter:
            look = appearance()
            painter.setFont(look.font(11))
            metrics = painter.fontMetrics()
            names = min(_NAMES, max(map(metrics.horizontalAdvance, self._names)) + 12)
            plot = QRect(names, 0, self.width() - names - _MEANS, ROW * len(self._names))
            span = self._span()
            for row, name in enumerate(self._names):
                area = QRect(0, row * ROW, self.width(), ROW)
                if area.intersects(event.rect()):
                    self._paint_row(painter, area, plot, name=name, row=row, span=span)
            self._paint_axis(painter, plot, span)

    def _paint_row(
        self, painter: QPainter, area: QRect, plot: QRect, *, name: str, row: int, span: tuple[float, float]
    ) -> None:
        look, middle, mean = appearance(), Qt.AlignmentFlag.AlignVCenter, self._means[row]
        painter.setFont(look.font(11))
        painter.setPen(look.colour("text"))
        text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, plot.left() - 8)
        painter.drawText(area, middle, text)
        floor = area.bottom() - 1
        painter.setPen(look.colour("line"))
        painter.drawLine(plot.left(), floor, plot.right(), floor)
        self._paint_bars(painter, QRect(plot.left(), area.top() + 3, plot.width(), ROW - 5), row=row, span=span)
        if math.isnan(mean):
            return
        painter.setPen(QPen(look.colour("focus_pixel"), 2))
        x = round(_along(plot, mean, span))
        painter.drawLine(x, area.top() + 3, x, floor)
        painter.setFont(look.font(11, mono=True))
        painter.setPen(look.colour("text"))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, short(mean))

    def _paint_bars(self, painter: QPainter, area: QRect, *, row: int, span: tuple[float, float]) -> None:
        answers, unit = self._answers, self._unit
        assert answers is not None
        counts = answers.counts[unit]
        if row >= len(counts):
            return  # of many classes there is one histogram
        together = max(1, len(counts[row]) // _BINS)
        binned = counts.reshape(len(counts), -1, together).sum(axis=2)
        most, low = int(binned.max()) or 1, float(answers.bins_from[unit])
        width = float(answers.bin_width[unit]) * together
        for place in np.flatnonzero(binned[row]).tolist():
            left, right = (min(_along(area, low + at * width, span), area.right()) for at in (place, place + 1))
            high = max(1.5, area.height() * int(binned[row, place]) / most)
            bar = QRectF(left, area.bottom() + 1 - high, max(1.0, right - left - 0.5), high)
            painter.fillRect(bar, appearance().colour("accent"))

    def _paint_axis(self, painter: QPainter, plot: QRect, span: tuple[float, float]) -> None:
        painter.setFont(appearance().font(10, mono=True))
        painter.setPen(appearance().colour("muted"))
        step = _tick(span[1] - span[0])
        first = math.ceil(span[0] / step)
        for tick in range(first, math.floor(span[1] / step) + 1):
            x = _along(plot, tick * step, span)
            words = QRectF(x - 24, plot.bottom() + 2, 48, _AXIS - 2)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, f"{tick * step:.3g}".replace("-", "−"))


def _along(area: QRect, value: float, span: tuple[float, float]) -> float:
    return area.left() + area.width() * (value - span[0]) / ((span[1] - span[0]) or 1.0)


def _tick(width: float) -> float:
    """A round distance between ticks."""
    rough = (width or 1.0) / _TICKS
    decade = 10.0 ** math.floor(math.log10(rough))
    return next(decade * step for step in (1, 2, 5, 10) if decade * step >= rough)
