"""The learning rate over the epochs, as the training code will have it."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from engine.recipe.course import Course
from engine.words import rate_text
from gui.style.appearance import appearance
from gui.style.style import role
from gui.train.recipe.line import INDENT
from gui.widgets import layouts

_HEIGHT = 132
_LEFT, _TOP, _RIGHT, _BOTTOM = 50, 10, 12, 22  # px around the curve
_TICKS = 4  # epochs that are named, about
_STRIDES = 60  # of the cross-hair by keys, over the whole


class CourseView(QWidget):
    """The curve, what it says in a sentence, and the formula; or why there is no curve."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curve = CourseCurve()
        self.words = QLabel()
        self.formula = QLabel()
        for label, kind in ((self.words, "caption"), (self.formula, "formula")):
            label.setWordWrap(True)
            role(label, kind)
        column = layouts.column(self, self.curve, self.words, self.formula, spacing=3)
        column.setContentsMargins(INDENT, 6, 0, 0)

    def show_course(self, course: Course | None, *, formula: str, otherwise: str = "", counts: bool = True) -> None:
        """Show a course, or ``otherwise`` where there is none; without words where nobody ``counts`` steps yet."""
        self.curve.show_course(course)
        self.curve.setVisible(course is not None)
        words = course.words() if course and counts else "" if course else otherwise
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.formula.setText(formula)
        self.formula.setVisible(bool(formula))


class CourseCurve(QWidget):
    """The curve with its highest rate marked; mouse and arrow keys ask for the rate at an epoch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.course: Course | None = None
        self.place: int | None = None  # the step that is asked for
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Learning rate by epoch")
        appearance().changed.connect(self.update)

    def show_course(self, course: Course | None) -> None:
        """Draw another course."""
        self.course = course
        self.setAccessibleDescription(course.words() if course else "")
        self.place = None if course is None or self.place is None else course.near(min(self.place, course.steps))
        self.update()

    def words_at(self, step: int) -> str:
        """What stands beside a step: "epoch 8.5: 0.002"."""
        assert self.course is not None
        return f"epoch {step / self.course.steps_per_epoch:.3g}: {rate_text(self.course.rates[step])}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.course is not None:
            area = self._area()
            self._ask(1 + (event.position().x() - area.left()) / area.width() * (self.course.steps - 1))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.place = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not direction or self.course is None:
            super().keyPressEvent(event)
            return
        known = list(self.course.rates)
        place = known.index(self.place) if self.place in known else -1 if direction > 0 else len(known)
        stride = max(1, len(known) // _STRIDES)
        self._ask(known[min(max(0, place + direction * stride), len(known) - 1)])
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.words_at(self.place or 1)))

    def _ask(self, step: float) -> None:
        assert self.course is not None
        self.place = self.course.near(step)
        self.update()

    # Drawing

    def _area(self) -> QRectF:
        return QRectF(_LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM)

    def _point(self, step: int) -> QPointF:
        assert self.course is not None
        area, course = self._area(), self.course
        across = (step - 1) / max(1, course.steps - 1)
        up = course.rates[step] / course.rates[course.peak]
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.course is None or not self.course.rates[self.course.peak]:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(appearance().font(11, mono=True))
            self._paint_axes(painter)
            painter.setPen(QPen(appearance().colour("accent"), 1.5))
            painter.drawPolyline([self._point(step) for step in self.course.rates])
            self._paint_mark(painter)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(appearance().colour("accent"))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_axes(self, painter: QPainter) -> None:
        assert self.course is not None
        area, highest = self._area(), self.course.rates[self.course.peak]
        for share in (0.0, 0.5, 1.0):
            y = round(area.bottom() - share * area.height()) + 0.5
            painter.setPen(appearance().colour("wire" if share == 0 else "line"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(appearance().colour("muted"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, _LEFT - 6, 16), side, rate_text(share * highest))
        epochs, limit = self.course.steps // self.course.steps_per_epoch, float(self.width())
        for epoch in (epochs, *reversed(range(0, epochs, _stride(epochs)))):
            x = area.left() + epoch / epochs * area.width()
            text = f"epoch {epoch}" if epoch == epochs else str(epoch)
            wide = painter.fontMetrics().horizontalAdvance(text)
            left = min(x - wide / 2, self.width() - wide - 1)
            if left + wide < limit:  # else the label after it has taken the room
                painter.drawText(QRectF(left, area.bottom() + 5, wide + 1, 16), Qt.AlignmentFlag.AlignLeft, text)
                limit = left - 6

    def _paint_mark(self, painter: QPainter) -> None:
        """The step that is asked for, or else the highest rate, where it is not the first."""
        assert self.course is not None
        course, area = self.course, self._area()
        if self.place is None and not course.rises:
            return
        step = course.peak if self.place is None else self.place
        text = f"peak, epoch {step / course.steps_per_epoch:.3g}" if self.place is None else self.words_at(step)
        point = self._point(step)
        painter.setPen(QPen(appearance().colour("muted"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(point.x(), area.bottom()), point)
        painter.setPen(QPen(appearance().colour("accent"), 1.5))
        painter.setBrush(appearance().colour("panel"))
        painter.drawEllipse(point, 3.5, 3.5)
        painter.setFont(appearance().font(11))
        wide = painter.fontMetrics().horizontalAdvance(text) + 2
        left = point.x() + 6 if point.x() + 6 + wide < self.width() else point.x() - 6 - wide
        box = QRectF(left, area.bottom() - 20, wide, 16)
        painter.fillRect(box, appearance().colour("panel"))
        painter.setPen(appearance().colour("muted" if self.place is None else "text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _stride(epochs: int) -> int:
    """Epochs between two that are named: 1, 2, 5, 10 …"""
    least = max(1.0, epochs / _TICKS)
    decade = 10 ** math.floor(math.log10(least))
    return int(next(step * decade for step in (1, 2, 5, 10) if step * decade >= least))
