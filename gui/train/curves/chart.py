"""One line chart in the window's own colours, with a cross-hair that others can share."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from engine.words import duration
from gui.style.appearance import appearance
from gui.train.curves.chart_lines import Frame, Line, paint_line
from gui.train.curves.chart_marks import Best, Remark, draw_best, draw_remark
from gui.train.runs.words import rate

AXIS_WIDTH = 48  # the same for every chart, so that charts above each other line up
_GRID = 40  # px between two grid lines, at least
_CLICK = 4  # px; a press that goes no farther is no drag
_ZOOMS = {Qt.Key.Key_Plus: 0.5, Qt.Key.Key_Equal: 0.5, Qt.Key.Key_Minus: 2.0}
_ASIDE = {Qt.Key.Key_Left: -0.25, Qt.Key.Key_Right: 0.25}  # of the range in view
_PLAIN_POWERS = 4  # of ten, that a log scale writes out
_MOST_DECIMALS = 4  # of a label beside an axis: more have no room there


class Chart(pg.PlotWidget):
    """Curves over one x axis; it does not move by itself, it answers where the mouse is and what it asks for.

    ``pointed`` gives the x under the mouse, ``left`` says that it went; ``stepped`` is the number of places that an
    arrow key asks the cross-hair to go, ``switched`` the number of curves. The wheel and the keys + and - ask for a
    ``zoomed`` range of x, a drag for the one that was ``dragged``, Shift with an arrow or the wheel for one that is
    ``moved`` by a part of its width; a double click, 0 and Esc for all of it again (``zoomed_out``).
    """

    pointed = Signal(float)
    left = Signal()
    stepped = Signal(int)
    switched = Signal(int)
    zoomed = Signal(float, float)  # the x that stays, and the width of the range over what it is now
    dragged = Signal(float, float)
    moved = Signal(float)
    zoomed_out = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, axisItems={"left": _Axis("left"), "bottom": _Axis("bottom")}, useOpenGL=False)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameStyle(0)
        self.lines: dict[tuple[int, str], Line] = {}
        self._log = False
        self._limits: tuple[float, ...] = ()
        self._ticks: tuple[float, ...] = ()
        self._best: Best | None = None
        self._remarks: tuple[Remark, ...] = ()
        self._cross_hair = pg.InfiniteLine(angle=90)
        self._cross_hair.hide()
        self._drag: tuple[float, float] | None = None  # px across, from where to where
        self._set_up_plot()
        self._restyle()
        appearance().changed.connect(self._restyle)

    def _set_up_plot(self) -> None:
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.setDefaultPadding(0)
        plot.disableAutoRange()
        plot.setContentsMargins(0, 8, 14, 0)  # half of the last label stands beyond the axis
        plot.getAxis("left").setWidth(AXIS_WIDTH)
        plot.getAxis("bottom").setHeight(24)
        plot.addItem(self._cross_hair, ignoreBounds=True)

    # What is drawn

    def show_lines(self, lines: Mapping[tuple[int, str], Line]) -> None:
        """Draw these curves and no others, the widest on top: it is that of the run in view."""
        before, self.lines = self.lines, dict(sorted(lines.items(), key=lambda item: item[1].width))
        same = before.keys() == lines.keys() and all(line.looks_like(before[key]) for key, line in lines.items())
        if not same:
            self.viewport().update()

    def set_limits(self, end: float, low: float, high: float, *, start: float = 0.0) -> None:
        """Show x from ``start`` to ``end`` and y from ``low`` to ``high``; on a log scale these are exponents."""
        if self._limits == (start, end, low, high):
            return  # laying out an axis anew costs more than a curve
        self._limits = (start, end, low, high)
        slack, more = 1e-6 * (high - low), 1e-6 * (end - start)  # a tick just on the edge would be lost to rounding
        self.getPlotItem().vb.setRange(xRange=(start, end + more), yRange=(low - slack, high + slack), padding=0)

    def set_ticks(self, major: float, minor: float, *, time: bool = False) -> None:
        """Label x every ``major`` and mark it every ``minor``; as hours, minutes and seconds if it is ``time``."""
        if self._ticks == (major, minor, time):
            return
        self._ticks = (major, minor, time)
        axis = self.getPlotItem().getAxis("bottom")
        axis.counts_time = time
        axis.setTickSpacing(major, minor)

    @property
    def is_log(self) -> bool:
        """Whether y is drawn by its logarithm."""
        return self._log

    def set_log(self, log: bool) -> None:
        """Draw y by its logarithm."""
        self._log = log
        self.getPlotItem().setLogMode(x=False, y=log)

    def place_cross_hair(self, x: float | None) -> None:
        """Show the cross-hair at ``x``, or hide it."""
        self._cross_hair.setVisible(x is not None)
        if x is not None:
            self._cross_hair.setValue(x)

    def set_marks(self, best: Best | None, remarks: tuple[Remark, ...] = ()) -> None:
        """Mark the best epoch, and what is to be said of places on the curves."""
        if (self._best, self._remarks) != (best, remarks):
            self._best, self._remarks = best, remarks
            self.viewport().update()

    def plot_area(self) -> QRectF:
        """Where the curves are, in this widget's px."""
        box = self.getPlotItem().vb
        return QRectF(self.mapFromScene(box.sceneBoundingRect()).boundingRect())

    def x_to_px(self, x: float) -> float:
        """The place of ``x`` in this widget's px."""
        scene = self.getPlotItem().vb.mapViewToScene(QPointF(x, 0))
        return float(self.mapFromScene(scene).x())

    def _restyle(self) -> None:
        look = appearance()
        self.setBackground(look.colour("panel"))
        self._cross_hair.setPen(pg.mkPen(look.colour("muted"), width=1))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setStyle(tickFont=look.font(11), tickTextOffset=6)
            axis.setZValue(-1)  # the grid lies below the curves
            axis.setTextPen(look.colour("muted"))
            axis.setTickPen(pg.mkPen(look.colour("wire" if side == "bottom" else "line"), width=1))
            axis.setPen(pg.mkPen(look.colour("wire"), width=1) if side == "bottom" else pg.mkPen(None))

    # Where the mouse and the keys are

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.plot_area().contains(event.position()):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._drag = (event.position().x(),) * 2

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area, x = self.plot_area(), event.position().x()
        if self._drag is not None:
            self._drag = self._drag[0], min(max(x, area.left()), area.right())
            self.viewport().update()
        if area.contains(event.position()):
            self.pointed.emit(self._x_at(x))
        else:
            self.left.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if drag is not None and abs(drag[1] - drag[0]) > _CLICK:
            self.dragged.emit(*sorted(map(self._x_at, drag)))
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.zoomed_out.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned, aside = event.angleDelta().y(), event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or abs(aside) > abs(turned):
            self.moved.emit(-(aside or turned) / 960)
        elif turned and self.plot_area().contains(event.position()):
            self.zoomed.emit(self._x_at(event.position().x()), 0.8 ** (turned / 120))
        event.accept()

    def _x_at(self, across: float) -> float:
        """The x at so many px from the left."""
        return float(self.getPlotItem().vb.mapSceneToView(self.mapToScene(round(across), 0)).x())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and key in _ASIDE:
            self.moved.emit(_ASIDE[key])
        elif key in _ZOOMS:
            start, end = self.getPlotItem().vb.viewRange()[0]
            middle = self._cross_hair.value() if self._cross_hair.isVisible() else (start + end) / 2
            self.zoomed.emit(middle, _ZOOMS[key])
        elif key == Qt.Key.Key_0:
            self.zoomed_out.emit()
        else:
            self._move_cross_hair(event, key)

    def _move_cross_hair(self, event: QKeyEvent, key: Qt.Key) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -(10**9), Qt.Key.Key_End: 10**9}
        turns = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if key in steps:
            self.stepped.emit(steps[key])
        elif key in turns:
            self.switched.emit(turns[key])
        elif key == Qt.Key.Key_Escape:
            self._escape()
        else:
            event.ignore()

    def _escape(self) -> None:
        """Take back a drag, else the cross-hair, else the zoom."""
        if self._drag is not None:
            self._drag = None
            self.viewport().update()
        elif self._cross_hair.isVisible():
            self.left.emit()
        else:
            self.zoomed_out.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        super().drawForeground(painter, rect)
        self._draw_lines(painter)
        self._draw_marks(painter)
        if self._drag is not None:
            self._draw_drag(painter, *sorted(self._drag))
        if self.hasFocus():
            painter.setPen(QPen(appearance().colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.mapToScene(self.viewport().rect()).boundingRect().adjusted(0, 0, -1, -1))

    def _draw_lines(self, painter: QPainter) -> None:
        box = self.getPlotItem().vb
        (start, end), (low, high) = box.viewRange()
        frame = Frame(box.sceneBoundingRect(), end, low, high, log=self._log, start=start)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(frame.area)
        for line in self.lines.values():
            paint_line(painter, line, frame)
        painter.restore()

    def _draw_drag(self, painter: QPainter, left: float, right: float) -> None:
        """The range that the mouse goes over."""
        area, fill = self.plot_area(), appearance().colour("accent")
        painter.setPen(QPen(fill, 1))
        fill.setAlphaF(0.15)
        painter.setBrush(fill)
        painter.drawRect(QRectF(left, area.top(), right - left, area.height()))

    def _draw_marks(self, painter: QPainter) -> None:
        area = self.plot_area()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = [remark for remark in self._remarks if self._shows(remark.x)]
        for index, remark in enumerate(seen):
            draw_remark(painter, remark, self._to_px(remark.x, remark.y), area=area, index=index)
        if self._best is not None and self._shows(self._best.x):
            draw_best(painter, self._best, QPointF(self.x_to_px(self._best.x), area.bottom()))

    def _shows(self, x: float) -> bool:
        start, end = self.getPlotItem().vb.viewRange()[0]
        return bool(start <= x <= end)

    def _to_px(self, x: float, y: float) -> QPointF:
        """The place of a value in this widget's px."""
        shown = math.log10(y) if self._log and y > 0 else y
        return QPointF(self.mapFromScene(self.getPlotItem().vb.mapViewToScene(QPointF(x, shown))))


class _Axis(pg.AxisItem):
    """An axis whose left side is a grid of lines and whose bottom has ticks below; it can count time."""

    def __init__(self, side: str) -> None:
        super().__init__(side, showValues=True)
        self.counts_time = False
        if side == "left":
            self.setGrid(255)
            self.setStyle(tickLength=0, maxTickLevel=0, tickAlpha=255, hideOverlappingLabels=False)
        else:
            self.setStyle(tickLength=5, maxTickLevel=1, maxTextLevel=0, tickAlpha=255, hideOverlappingLabels=False)

    def boundingRect(self) -> QRectF:
        return QRectF(super().boundingRect()).adjusted(0, -10, 0, 10)  # else the labels at both ends are left out

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        if self.orientation == "bottom":
            return list(super().tickSpacing(low, high, size))
        wanted = (high - low) / max(2.0, size / _GRID)
        if self.logMode and high - low >= 1:
            return [(float(math.ceil(wanted)), 0)]  # whole powers of ten
        power = 10 ** math.floor(math.log10(wanted))
        return [(next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= wanted * 0.999), 0)]

    def logTickValues(
        self, low: float, high: float, size: float, ticks: list[tuple[float, list[float]]]
    ) -> list[tuple[float, list[float]]]:
        return ticks  # without the lines between powers of ten, which would fill a low chart

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.counts_time:
            return [duration(value) for value in values]
        if self.logMode:
            return [rate(10**value) if abs(value) < _PLAIN_POWERS else f"1e{value:.0f}" for value in values]
        decimals = next((digits for digits in range(9) if math.isclose(round(spacing, digits), spacing)), 9)
        if decimals > _MOST_DECIMALS:
            return [rate(value) for value in values]
        return [f"{value:.{decimals}f}" for value in values]
