"""Curves in the unit square, told apart by colour, dash and name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.evaluation.curves import Curve
from gui.style.appearance import appearance
from gui.train.curves.chart_lines import run_colour

_DASHES: tuple[tuple[float, ...], ...] = ((), (5.0, 3.0), (1.0, 2.0), (6.0, 2.0, 1.0, 2.0))
_LEFT, _BELOW, _ABOVE, _RIGHT = 56, 44, 12, 16  # px around the square
_CATCH = 24  # px from a curve within which the pointer reads it
_TICKS = 5
_MIDDLE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True, eq=False)
class NamedCurve:
    """A curve with its name and the place that gives its stroke."""

    name: str
    curve: Curve
    stroke: int

    def pen(self, width: float = 2.0) -> QPen:
        """The stroke: after all colours of runs the next dash, so that no two of 24 look alike."""
        pen = QPen(run_colour(self.stroke), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        dash = _DASHES[self.stroke // len(appearance().theme.runs) % len(_DASHES)]
        if dash:
            pen.setDashPattern(dash)
        return pen

    def icon(self) -> QIcon:
        """The stroke, for a list."""
        picture = QPixmap(24, 12)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setPen(self.pen())
            painter.drawLine(0, 6, 24, 6)
        return QIcon(picture)


class CurvePlot(QWidget):
    """Curves over axes from 0 to 1; ``pointed`` brings the words of the point that is read, "" where none is.

    The pointer reads the nearest curve; Left and Right go along one, Up and Down to the next.
    """

    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(280, 280)
        self.setAccessibleName("Curves")
        self.curves: Sequence[NamedCurve] = ()
        self._axes = ("", "")
        self._chance = False
        self._at: tuple[int, int] | None = None  # the curve, and its point
        appearance().changed.connect(self.update)

    def show_curves(self, curves: Sequence[NamedCurve], axes: tuple[str, str], *, chance: bool) -> None:
        """Show curves, on axes of these names; with ``chance`` also the dashed line that guessing gives."""
        self.curves, self._axes, self._chance, self._at = curves, axes, chance, None
        listed = ", ".join(f"{one.name} {one.curve.area:.3f}" for one in curves)
        self.setAccessibleDescription(f"{axes[1]} over {axes[0]}: {listed or 'no curve'}")
        self.pointed.emit("")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(520, 480)

    def square(self) -> QRectF:
        """Where the curves are."""
        edge = max(1.0, min(self.width() - _LEFT - _RIGHT, self.height() - _ABOVE - _BELOW))
        return QRectF(_LEFT, _ABOVE, edge, edge)

    def words(self) -> str:
        """What is read: "scab: from probability 0.42 on, recall 85.0 %, precision 91.2 %"."""
        if self._at is None:
            return ""
        one, point = self.curves[self._at[0]], self._at[1]
        limit = float(one.curve.thresholds[point])
        at = f"from probability {min(limit, 1.0):.3f} on, " if not np.isnan(limit) else ""
        values = (f"{name.lower()} {100 * value:.1f} %" for name, value in zip(self._axes, self._value(), strict=True))
        return f"{one.name}: {at}{', '.join(values)}"

    def _value(self) -> tuple[float, float]:
        assert self._at is not None  # words are asked for then alone
        curve = self.curves[self._at[0]].curve
        return float(curve.x[self._at[1]]), float(curve.y[self._at[1]])

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        look, square = appearance(), self.square()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_axes(painter, square)
            if self._chance:
                pen = QPen(look.colour("wire"), 1)
                pen.setDashPattern((4.0, 3.0))
                painter.setPen(pen)
                painter.drawLine(QLineF(square.bottomLeft(), square.topRight()))
            for one in self.curves:
                painter.setPen(one.pen())
                painter.drawPolyline(self._polygon(one.curve, square))
            if self._at is not None:
                x, y = self._value()
                place = QPointF(square.left() + x * square.width(), square.bottom() - y * square.height())
                painter.setPen(QPen(look.colour("text"), 2))
                painter.setBrush(look.colour("panel"))
                painter.drawEllipse(place, 5, 5)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(look.colour("accent"), 1))
                painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _polygon(self, curve: Curve, square: QRectF) -> QPolygonF:
        xs, ys = square.left() + curve.x * square.width(), square.bottom() - curve.y * square.height()
        return QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])

    def _paint_axes(self, painter: QPainter, square: QRectF) -> None:
        look = appearance()
        painter.setFont(look.font(11))
        for tick in range(_TICKS + 1):
            share = tick / _TICKS
            x, y = square.left() + share * square.width(), square.bottom() - share * square.height()
            painter.setPen(look.colour("line"))
            painter.drawLine(QLineF(square.left(), y, square.right(), y))
            painter.drawLine(QLineF(x, square.top(), x, square.bottom()))
            painter.setPen(look.colour("muted"))
            painter.drawText(QRectF(x - 20, square.bottom() + 4, 40, 16), _MIDDLE, f"{100 * share:.0f}")
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(square.left() - 42, y - 8, 36, 16), right, f"{100 * share:.0f}")
        below = QRectF(square.left(), square.bottom() + 22, square.width(), 18)
        painter.drawText(below, _MIDDLE, f"{self._axes[0]} (%)")
        painter.save()
        painter.translate(12, square.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-120, -9, 240, 18), _MIDDLE, f"{self._axes[1]} (%)")
        painter.restore()

    # Hands and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        square, point = self.square(), event.position()
        best: tuple[float, tuple[int, int]] | None = None
        for index, one in enumerate(self.curves):
            xs, ys = square.left() + one.curve.x * square.width(), square.bottom() - one.curve.y * square.height()
            far = np.hypot(xs - point.x(), ys - point.y())
            nearest = int(far.argmin())
            if best is None or far[nearest] < best[0]:
                best = float(far[nearest]), (index, nearest)
        self._read(best[1] if best is not None and best[0] <= _CATCH else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._read(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._read(None)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        along = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        across = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if not (along or across) or not self.curves:
            super().keyPressEvent(event)
            return
        index, point = self._at or (0, 0)
        index = (index + across) % len(self.curves)
        self._read((index, min(max(point + along, 0), len(self.curves[index].curve.x) - 1)))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.words()))

    def _read(self, at: tuple[int, int] | None) -> None:
        if at != self._at:
            self._at = at
            self.pointed.emit(self.words())
            self.update()
