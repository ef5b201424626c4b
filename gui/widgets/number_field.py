"""A field for one number with its unit: typed, stepped, spun or dragged."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.style.appearance import appearance
from gui.widgets.typed_field import TypedField
from gui.widgets.values import Editor, Kind, TypedError

_PADDING = 7
_DRAG_STEP = 6  # px of sideways drag for one step


class NumberField(TypedField):
    """Takes 3, 3x5 (in a pair) and arithmetic; up and down step, Shift steps by ten, and so does the wheel
    while the field has the focus. Dragging the unit sideways spins the value, as one gesture.
    """

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(kind, parent)
        self._drag: tuple[float, int | float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.textChanged.connect(self._fit_unit)

    def text_of(self, value: Any) -> str:
        if value in self.kind.words:
            return super().text_of(value)
        return f"{value:g}" if isinstance(value, float) else str(value)

    def step(self, steps: int) -> None:
        """Raise the number by so many steps: ones, or for a real number its leading decimal."""
        number = self._number()
        if number is None or not steps:
            return
        self._show_and_take(stepped(self.kind, number, steps))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if direction:
            self.step(direction * _stride(event.modifiers()))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()  # with Shift some systems turn the wheel sideways
        if not self.hasFocus() or not turn:
            event.ignore()
            return
        self.step(int(math.copysign(_stride(event.modifiers()), turn)))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._number()
        if self._over_unit(event) and number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.begin_gesture()
            self._drag = (event.position().x(), number)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            self.setCursor(Qt.CursorShape.SizeHorCursor if self._over_unit(event) else Qt.CursorShape.IBeamCursor)
            super().mouseMoveEvent(event)
            return
        start, number = self._drag
        steps = int((event.position().x() - start) / _DRAG_STEP) * _stride(event.modifiers())
        self._show_and_take(stepped(self.kind, number, steps))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            super().mouseReleaseEvent(event)
            return
        self._drag = None
        self.begin_gesture()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_unit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._unit_fits():
            return
        with QPainter(self) as painter:
            painter.setFont(appearance().font(11))
            painter.setPen(appearance().colour("faint"))
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(self._unit_rect(), side, self.kind.unit)

    def _show_and_take(self, value: int | float) -> None:
        self.setText(self.text_of(value))
        self._take(self.text())

    def _number(self) -> int | float | None:
        try:
            number = self.meaning_of(self.text())
        except TypedError:
            return None
        return number if isinstance(number, int | float) else None

    # The unit stands at the right end while there is room for it

    def _unit_width(self) -> int:
        return QFontMetrics(appearance().font(11)).horizontalAdvance(self.kind.unit) if self.kind.unit else 0

    def _unit_rect(self) -> QRect:
        return self.rect().adjusted(self.width() - self._unit_width() - _PADDING, 0, -_PADDING, 0)

    def _unit_fits(self) -> bool:
        needed = self.fontMetrics().horizontalAdvance(self.text()) + self._unit_width() + 2 * _PADDING + 8
        return bool(self.kind.unit) and needed <= self.width()

    def _over_unit(self, event: QMouseEvent) -> bool:
        return self._unit_fits() and self._unit_rect().contains(event.position().toPoint())

    def _fit_unit(self) -> None:
        right = self._unit_width() + 2 if self._unit_fits() else 0
        self.setTextMargins(0, 0, right, 0)


def stepped(kind: Kind, number: int | float, steps: int) -> int | float:
    """A number some steps on, within the field's limits: whole numbers by ones, real ones by their leading decimal."""
    if kind.editor is Editor.REAL:
        for _ in range(abs(steps)):
            number = _real_step(number, 1 if steps > 0 else -1)
        return min(max(number, kind.least), kind.most)
    return int(min(max(int(number) + steps, kind.least), kind.most))


def _real_step(number: float, direction: int) -> float:
    if number == 0:
        return 0.1 * direction
    outward = direction * number > 0
    decade = math.floor(math.log10(abs(number)) + 1e-9)
    if not outward and math.isclose(abs(number), 10.0**decade):
        decade -= 1  # from 0.1 down to 0.09, so that the number never falls to zero in one step
    return float(f"{number + direction * 10.0**decade:.10g}")


def _stride(modifiers: Qt.KeyboardModifier) -> int:
    return 10 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
