"""The line of a range: what lies between its two handles."""

from __future__ import annotations

import itertools
import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.appearance import appearance
from gui.widgets.range_words import end_text, spoken_range
from gui.widgets.values import Kind

_WIDTHS, _HEIGHT = (80, 138), 22  # where there is little room, and where there is more
_HANDLE = 14  # px, the ring that is drawn
_LARGE = 10  # grains that Shift or PageUp moves

_gestures = itertools.count()
Range = tuple[float, float]


class RangeTrack(QWidget):
    """A line with a tick where nothing changes; its handles are dragged, or moved by arrow keys, not past each other.

    ``gesture`` names one drag, or one stay at a handle with the keyboard.
    """

    edited = Signal(object)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.gesture = next(_gestures)
        self._range: Range | None = None
        self._line: Range = kind.track
        self.handles = (_Handle(self, 0), _Handle(self, 1))
        self.setMinimumWidth(_WIDTHS[0])
        self.setMaximumWidth(_WIDTHS[1])
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance().changed.connect(self.update)

    @property
    def grain(self) -> float:
        """The smallest change that a key or a drag makes: a whole degree, a hundredth."""
        width = (self._line[1] - self._line[0]) / _WIDTHS[1]
        decade: float = 10.0 ** math.floor(math.log10(width) + 0.5)
        return max(decade, 0.01)

    @property
    def ends(self) -> Range:
        """The range that is shown, or where nothing changes while there is none."""
        return self._range or (self.kind.neutral, self.kind.neutral)

    def show_range(self, ends: Range | None) -> None:
        """Show a range; one beyond the line makes it longer."""
        self._range = ends
        low, high = self.kind.track
        self._line = (min(low, *self.ends), max(high, *self.ends))
        for handle in self.handles:
            handle.place()
        self.update()

    def begin_gesture(self) -> None:
        """What follows is an undo step of its own."""
        self.gesture = next(_gestures)

    def x_of(self, value: float) -> float:
        """Where a value lies."""
        low, high = self._line
        return _HANDLE / 2 + (value - low) / (high - low) * (self.width() - _HANDLE)

    def value_at(self, x: float) -> float:
        """The value that lies there."""
        low, high = self._line
        return low + (x - _HANDLE / 2) / (self.width() - _HANDLE) * (high - low)

    def move_end(self, which: int, value: float) -> None:
        """Bring an end to a value, as far as the other end, the line and the setting let it."""
        low, high = self.ends
        least, most = (
            max(self._line[0], self.kind.least, self.kind.above + self.grain),
            min(self._line[1], self.kind.most),
        )
        value = round(value / self.grain) * self.grain
        value = min(max(value, least if which == 0 else low), high if which == 0 else most)
        value = float(f"{value:.10g}")
        ends = (value, high) if which == 0 else (low, value)
        if ends != self._range:
            self.edited.emit(ends)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTHS[1], _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for handle in self.handles:
            handle.place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the handles brings the nearer one there."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        far = [abs(self.x_of(end) - x) for end in self.ends]
        which = 0 if far[0] < far[1] or (far[0] == far[1] and x < self.x_of(self.ends[0])) else 1
        self.handles[which].setFocus(Qt.FocusReason.MouseFocusReason)
        self.begin_gesture()
        self.move_end(which, self.value_at(x))
        self.begin_gesture()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, middle = appearance(), _HEIGHT / 2
        low, high = (self.x_of(end) for end in self.ends)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("line"))
            painter.drawRoundedRect(QRectF(0, middle - 2, self.width(), 4), 2, 2)
            painter.setBrush(look.colour("accent" if self.isEnabled() else "wire"))
            painter.drawRect(QRectF(low, middle - 2, high - low, 4))
            if self._line[0] < self.kind.neutral < self._line[1]:
                painter.setPen(QPen(look.colour("text"), 1))
                tick = round(self.x_of(self.kind.neutral)) + 0.5
                painter.drawLine(QPointF(tick, middle - 6), QPointF(tick, middle + 6))


class _Handle(QWidget):
    """One end: dragged, or moved by arrow keys, by ten grains with Shift."""

    def __init__(self, track: RangeTrack, which: int) -> None:
        super().__init__(track)
        self._track = track
        self._which = which
        self._grip: float | None = None  # where within itself it is held
        self.setFixedSize(_HANDLE, _HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)

    @property
    def _value(self) -> float:
        return self._track.ends[self._which]

    def place(self) -> None:
        """Stand where its end is, and say so."""
        kind = self._track.kind
        self.move(round(self._track.x_of(self._value) - _HANDLE / 2), 0)
        spoken = spoken_range((self._value, self._value), kind.unit).partition(" to ")[2]
        self.setAccessibleName(f"{kind.title}, {('lower', 'upper')[self._which]} end, {spoken}")
        self.setToolTip(end_text(self._value, kind.unit, signed=kind.signed))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.raise_()
            self._track.begin_gesture()
            self._grip = event.position().x() - _HANDLE / 2

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._track.move_end(self._which, self._track.value_at(self.x() + event.position().x() - self._grip))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self._track.begin_gesture()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, line = Qt.Key(event.key()), self._track.kind.track
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: -_LARGE, Qt.Key.Key_PageUp: _LARGE}
        ends = {Qt.Key.Key_Home: line[0], Qt.Key.Key_End: line[1]}
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            super().keyPressEvent(event)
        elif key in steps:
            large = _LARGE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._track.move_end(self._which, self._value + steps[key] * large * self._track.grain)
        elif key in ends:
            self._track.move_end(self._which, ends[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._track.begin_gesture()
        super().focusInEvent(event)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, inset = appearance(), 1.5
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            on = self.isEnabled()
            painter.setPen(QPen(look.colour("accent" if on else "wire"), 2))
            painter.setBrush(look.colour("sel" if self.hasFocus() else "panel"))
            ring = QRectF(inset, (_HEIGHT - _HANDLE) / 2 + inset, _HANDLE - 2 * inset, _HANDLE - 2 * inset)
            painter.drawEllipse(ring.adjusted(-0.5, -0.5, 0.5, 0.5) if self.hasFocus() else ring)
