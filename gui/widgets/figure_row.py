"""A number with its name, that unfolds to the formula behind it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from engine.layers import Formula
from gui.style.appearance import appearance
from gui.widgets import layouts
from gui.widgets.formula_view import FormulaView

_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class FigureRow(QWidget):
    """``Parameters      3·3·64·128 = 73 728``; a click unfolds the formula with its note."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = _Line(title, self)
        self.formula = FormulaView(self)
        self.formula.hide()
        layouts.column(self, self.line, self.formula)
        self.line.toggled.connect(self.formula.setVisible)

    def show_figure(self, result: str, formula: Formula | None = None, *, suffix: str = "") -> None:
        """Show a result, and the formula it unfolds to; ``suffix`` is said quietly after it."""
        steps = formula.steps[-1] if formula and formula.steps else ""
        self.line.show_text(steps, result, suffix)
        self.line.setEnabled(formula is not None)
        self.line.setToolTip("Show how it comes about" if formula else "")
        if formula is None:
            self.line.setChecked(False)
        self.formula.show_formulas([formula] if formula else [])


class _Line(QAbstractButton):
    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title, self.steps, self.result, self.suffix = title, "", "", ""
        self.setCheckable(True)
        self.setFixedHeight(28)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        appearance().changed.connect(self.update)

    def show_text(self, steps: str, result: str, suffix: str) -> None:
        if (steps, result, suffix) != (self.steps, self.result, self.suffix):
            self.steps, self.result, self.suffix = steps, result, suffix
            self.setAccessibleName(f"{self.title} {result}{suffix}")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, rect = appearance(), self.rect()
        with QPainter(self) as painter:
            painter.setPen(look.colour("line"))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
            if self.hasFocus():
                painter.setPen(look.colour("accent"))
                painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -1.5), 4, 4)
            painter.setFont(look.font(12))
            painter.setPen(look.colour("muted"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self.title)
            left = painter.fontMetrics().horizontalAdvance(self.title) + 12
            painter.setFont(look.font(12, mono=True))
            self._draw_right(painter, rect, self.suffix, "text")
            painter.setFont(look.font(12, weight=600, mono=True))
            self._draw_right(painter, rect, self.result, "text")
            painter.setFont(look.font(12, mono=True))
            steps = f"{self.steps} = " if self.steps else ""
            if painter.fontMetrics().horizontalAdvance(steps) <= rect.width() - left:
                self._draw_right(painter, rect, steps, "muted")

    def _draw_right(self, painter: QPainter, rect: QRect, text: str, token: str) -> None:
        """Draw at the right end and cut the rect to what is left of it."""
        painter.setPen(appearance().colour(token))
        painter.drawText(rect, _RIGHT, text)
        rect.setRight(rect.right() - painter.fontMetrics().horizontalAdvance(text))
