"""The loss over the learning rate, on a logarithmic axis, with what the test found marked in words."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.training.range_result import Floats
from engine.words import power_text
from gui.style.appearance import appearance
from gui.train.range_test.marks import draw_marks, write
from gui.train.range_test.plan import Plan

_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 8, 14, 40  # px around the plot
_GRID = 44  # px between two grid lines, at least
_TITLE = "Learning rate, rising after every batch"
_MOST = 8  # grid lines
_TICKS = range(2, 10)
_FAINT = 0.45  # of the strength of what holds


class RangeChart(QWidget):
    """Shows a `Plan`. The pointer, and the arrow keys, read single batches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Training loss over the learning rate")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(150)
        self.plan: Plan | None = None
        self.place: int | None = None  # of the batch that is read
        appearance().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(620, 330)

    def show_plan(self, plan: Plan) -> None:
        """Draw this one."""
        self.plan = plan
        self._read(self.place)

    def area(self) -> QRectF:
        """Where the curves are."""
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def place_of(self, rate: float, loss: float) -> QPointF:
        """A learning rate and a loss in px."""
        assert self.plan is not None
        area, plan = self.area(), self.plan
        along = math.log(rate / plan.first) / math.log(plan.last / plan.first)
        up = (loss - plan.low) / (plan.high - plan.low)
        return QPointF(area.left() + along * area.width(), area.bottom() - up * area.height())

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.plan is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(appearance().font(11))
            self._draw_axes(painter, self.plan)
            painter.setOpacity(_FAINT if self.plan.faint else 1.0)
            draw_marks(painter, self.plan, self.area(), self.place_of, lines=self._draw_lines)
            painter.setOpacity(1.0)
            self._draw_reading(painter, self.plan)
            if self.hasFocus():
                painter.setPen(QPen(appearance().colour("accent"), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _draw_axes(self, painter: QPainter, plan: Plan) -> None:
        area, look = self.area(), appearance()
        losses = _ticks(plan.low, plan.high, min(_MOST, max(2, int(area.height() / _GRID))))
        decimals = max(len(f"{loss:g}".partition(".")[2]) for loss in losses)
        for loss in losses:
            y = self.place_of(plan.first, loss).y()
            painter.setPen(QPen(look.colour("line"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if len(plan.rates):
                label = QRectF(0, y - 8, _LEFT - 8, 16)
                write(painter, label, f"{loss:.{decimals}f}", look.colour("muted"), Qt.AlignmentFlag.AlignRight)
        painter.setPen(QPen(look.colour("wire"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        decades = plan.decades
        each = max(1, math.ceil(len(decades) * 44 / area.width()))  # labels that have room
        for index, rate in enumerate(decades):
            foot = self.place_of(rate, plan.low)
            painter.setPen(QPen(look.colour("wire"), 1))
            painter.drawLine(foot, foot + QPointF(0, 6))
            for part in _TICKS if rate < plan.last else ():
                small = self.place_of(rate * part, plan.low)
                painter.drawLine(small, small + QPointF(0, 3))
            if index % each == 0:
                label = QRectF(foot.x() - 30, foot.y() + 6, 60, 16)
                write(painter, label, power_text(rate), look.colour("muted"), Qt.AlignmentFlag.AlignHCenter)
        title = QRectF(area.left(), area.bottom() + 22, area.width(), 16)
        write(painter, title, _TITLE, look.colour("muted"), Qt.AlignmentFlag.AlignRight)

    def _draw_lines(self, painter: QPainter) -> None:
        plan = self.plan
        if plan is None or not len(plan.rates):
            return
        colour = appearance().colour("accent")
        painter.save()
        painter.setClipRect(self.area())
        thin = QColor(colour)
        thin.setAlphaF(0.4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen, losses in ((QPen(thin, 1), plan.losses), (QPen(colour, 2), plan.smooth)):
            painter.setPen(pen)
            painter.drawPolyline(self._points(plan, losses))
        painter.restore()

    def _points(self, plan: Plan, losses: Floats) -> QPolygonF:
        inside = np.minimum(losses, plan.high + 2 * (plan.high - plan.low))  # Qt cannot place what is far away
        return QPolygonF([self.place_of(rate, loss) for rate, loss in zip(plan.rates, inside, strict=True)])

    def _draw_reading(self, painter: QPainter, plan: Plan) -> None:
        if self.place is None:
            return
        area, look = self.area(), appearance()
        point = self.place_of(plan.rates[self.place], min(plan.high, plan.smooth[self.place]))
        painter.setPen(QPen(look.colour("muted"), 1))
        painter.drawLine(QPointF(point.x(), area.top()), QPointF(point.x(), area.bottom()))
        painter.setBrush(look.colour("accent"))
        painter.drawEllipse(point, 3, 3)
        words = plan.words_at(self.place)
        width = painter.fontMetrics().horizontalAdvance(words) + 12
        left = min(max(area.left(), point.x() - width / 2), area.right() - width)
        box = QRectF(left, area.bottom() - 24, width, 18)
        painter.setPen(QPen(look.colour("line2"), 1))
        painter.setBrush(look.colour("raised"))
        painter.drawRoundedRect(box, 4, 4)
        write(painter, box, words, look.colour("text"), Qt.AlignmentFlag.AlignCenter)

    # Reading

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plan, area = self.plan, self.area()
        if plan is None or not len(plan.rates) or not area.contains(event.position()):
            self._read(None)
            return
        along = (event.position().x() - area.left()) / area.width()
        rate = plan.first * (plan.last / plan.first) ** along
        self._read(int(np.abs(np.log(plan.rates / rate)).argmin()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._read(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -(10**6), Qt.Key.Key_End: 10**6}
        if (step := keys.get(Qt.Key(event.key()))) is not None:
            self._read((self.place or 0) + step)
        elif event.key() == Qt.Key.Key_Escape and self.place is not None:
            self._read(None)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._read(None)

    def _read(self, place: int | None) -> None:
        """Read a batch, the nearest there is, or none."""
        count = len(self.plan.rates) if self.plan is not None else 0
        self.place = min(max(place, 0), count - 1) if place is not None and count else None
        words = self.plan.words_at(self.place) if self.plan is not None and self.place is not None else ""
        self.setAccessibleDescription(words or (self.plan.summary if self.plan is not None else ""))
        self.update()


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Round values between two limits, at most so many and one more."""
    power = 10 ** math.floor(math.log10((high - low) / most))
    step = next(part * power for part in (1, 2, 2.5, 5, 10) if part * power >= (high - low) / most * 0.999)
    return [float(f"{index * step:.6g}") for index in range(math.ceil(low / step), math.floor(high / step) + 1)]
