"""One problem as a row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from engine.network import Problem
from engine.words import path_text
from gui.draw.fix_buttons import FixButtons
from gui.draw.severity import severity_icon
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.steady import steady_width
from gui.widgets.two_lines import two_lines

_LOCATION_WIDTHS = (110, 180)  # px, and where there is room
_FIXES_WIDTH = 236
_ROOMY, _ROOMIEST = 700, 1000
"""A narrower row leaves the location out: the message names the layer."""


class ProblemRow(QWidget):
    """Sign, message with what its first fix does, where it is, and the fixes."""

    activated = Signal()  # clicked, or Enter
    moved = Signal(int)  # Up or Down: to the row that many further on
    previewed = Signal(object)  # a Fix or None
    chosen = Signal(object)  # a Fix

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem: Problem | None = None
        self.selected = False
        self.icon, self.message, self.effect, self.location = QLabel(), QLabel(), QLabel(), ElidedLabel()
        self.fixes = FixButtons()
        self.fixes.previewed.connect(self.previewed)
        self.fixes.chosen.connect(self.chosen)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._lay_out()
        appearance().changed.connect(self._retheme)

    def show_problem(self, problem: Problem, *, selected: bool) -> None:
        """Show a problem; ``selected`` says that its layer is."""
        if selected != self.selected:
            self.selected = selected
            self.update()
        if problem == self.problem and problem.fixes == self.fixes.fixes:
            return
        self.problem = problem
        effect = problem.fixes[0].effect if problem.fixes else problem.hint
        self.message.setText(problem.message)
        self.effect.setText(effect)
        self.effect.setVisible(bool(effect))
        self.location.setText(path_text(problem.node) if problem.node else "whole network")
        self.setAccessibleName(f"{problem.severity.value.capitalize()}: {problem.message} {effect}")
        self.fixes.show_fixes(problem.fixes)
        self._retheme()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activated.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = appearance().colour
        with QPainter(self) as painter:
            if self.selected or self.underMouse():
                painter.fillRect(self.rect(), colour("sel" if self.selected else "hover"))
            painter.setPen(colour("line"))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
            if self.hasFocus():
                painter.setPen(colour("accent"))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = steady_width(self)
        roomy = room >= _ROOMY
        self.location.setVisible(roomy)
        self.location.setFixedWidth(_LOCATION_WIDTHS[room >= _ROOMIEST])
        self._end.setMinimumWidth(_FIXES_WIDTH if roomy else 0)

    def _retheme(self) -> None:
        if self.problem:
            self.icon.setPixmap(severity_icon(self.problem.severity).pixmap(16, 16))
        self.update()

    def _lay_out(self) -> None:
        role(self.effect, "caption")
        role(self.location, "mono12-quiet")
        self.location.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # else it is given no room
        for label in (self.message, self.effect):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 9)
        row.setSpacing(12)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(two_lines(self.message, self.effect), 1)
        row.addWidget(self.location, 0, Qt.AlignmentFlag.AlignVCenter)
        self._end = QWidget()
        end = layouts.row(self._end)
        end.addStretch(1)
        end.addWidget(self.fixes)
        row.addWidget(self._end, 0, Qt.AlignmentFlag.AlignVCenter)
