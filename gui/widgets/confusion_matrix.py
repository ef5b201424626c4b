"""True classes against predicted ones: hits in blues, mistakes in oranges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.appearance import appearance

NUMBERS_UP_TO = 24  # classes; beyond, numbers appear on hover
NAMES_UP_TO = 40
GAP = 2


class ConfusionMatrix(QWidget):
    """Counts ``(classes, classes)``, rows true, columns predicted; ``chosen`` tells which cell was picked."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(280, 260)
        self.setAccessibleName("Confusion matrix")
        self._counts: NDArray[np.int64] = np.zeros((1, 1), np.int64)
        self._classes: tuple[str, ...] = ("",)
        self._shares = False
        self.current: tuple[int, int] | None = None
        appearance().changed.connect(self.update)

    def show_counts(self, counts: NDArray[np.int64], classes: tuple[str, ...]) -> None:
        """Show another matrix."""
        self._counts, self._classes, self.current = counts, classes, None
        self.update()

    def show_shares(self, shares: bool) -> None:
        """Write per cent of the row instead of counts."""
        self._shares = shares
        self.update()

    def mark(self, cell: tuple[int, int] | None) -> None:
        """Mark a cell."""
        self.current = cell
        if cell is not None:
            true, predicted = cell
            words = f"{self._counts[cell]} images of {self._classes[true]} taken for {self._classes[predicted]}"
            self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 400)

    # Where things stand

    @property
    def _side(self) -> int:
        return len(self._classes)

    def _names_width(self) -> int:
        self.setFont(appearance().font(12))
        widest = max(self.fontMetrics().horizontalAdvance(name) for name in self._classes)
        return min(120, widest) + 34 if self._side <= NAMES_UP_TO else 28

    def _edge(self) -> float:
        left, top = self._names_width(), self._top()
        return max(1.0, min((self.width() - left - 8) / self._side, (self.height() - top - 8) / self._side))

    def _top(self) -> int:
        return 46

    def area_of(self, true: int, predicted: int) -> QRectF:
        """Where a cell stands."""
        edge = self._edge()
        gap = GAP if edge > 8 else 0
        left = self._names_width() + predicted * edge
        return QRectF(left, self._top() + true * edge, edge - gap, edge - gap)

    def cell_at(self, point: QPoint) -> tuple[int, int] | None:
        """The cell at a point of the widget."""
        edge = self._edge()
        column = int((point.x() - self._names_width()) // edge)
        row = int((point.y() - self._top()) // edge)
        return (row, column) if 0 <= row < self._side and 0 <= column < self._side else None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most_wrong = max(1, int((self._counts - np.diag(self._counts.diagonal())).max()))
        rows = np.maximum(1, self._counts.sum(axis=1))
        for true in range(self._side):
            for predicted in range(self._side):
                count = int(self._counts[true, predicted])
                scale = count / rows[true] if true == predicted else count / most_wrong
                self._paint_cell(painter, (true, predicted), strength=float(scale), share=count / rows[true])
        self._paint_names(painter)

    def _paint_cell(self, painter: QPainter, cell: tuple[int, int], *, strength: float, share: float) -> None:
        look = appearance()
        area, (true, predicted) = self.area_of(*cell), cell
        empty = look.colour("raised")
        full = look.colour("primary" if true == predicted else "trainable")
        colour = _mixed(empty, full, 0.15 + 0.85 * strength) if strength else empty
        painter.setPen(QPen(look.colour("text"), 2) if cell == self.current else QPen(look.colour("line"), 1))
        painter.setBrush(colour)
        painter.drawRoundedRect(area, 2, 2)
        if strength and self._side <= NUMBERS_UP_TO and area.width() >= 20:
            painter.setPen(Qt.GlobalColor.white if colour.lightnessF() < 0.55 else Qt.GlobalColor.black)
            painter.setFont(look.font(12 if area.width() > 30 else 10, weight=600 if true == predicted else 400))
            text = f"{100 * share:.0f}" if self._shares else str(self._counts[cell])
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_names(self, painter: QPainter) -> None:
        look = appearance()
        painter.setFont(look.font(12, weight=600))
        painter.setPen(look.colour("muted"))
        edge = self._edge()
        across = QRectF(self._names_width(), 0, edge * self._side, 20)
        painter.drawText(across, Qt.AlignmentFlag.AlignCenter, "Predicted class")
        painter.save()
        painter.translate(10, self._top() + edge * self._side / 2)
        painter.rotate(-90)
        painter.drawText(QRectF(-100, -10, 200, 20), Qt.AlignmentFlag.AlignCenter, "True class")
        painter.restore()
        if self._side <= NAMES_UP_TO:
            for index in range(self._side):
                self._paint_name(painter, index)

    def _paint_name(self, painter: QPainter, index: int) -> None:
        look = appearance()
        row, column = self.area_of(index, 0), self.area_of(0, index)
        true, predicted = self.current or (-1, -1)
        painter.setFont(look.font(12, weight=600 if index == true else 400))
        painter.setPen(look.colour("text" if index == true else "muted"))
        left = QRectF(24, row.top(), row.left() - 32, row.height())
        name = painter.fontMetrics().elidedText(self._classes[index], Qt.TextElideMode.ElideRight, int(left.width()))
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)
        painter.setFont(look.font(12, weight=600 if index == predicted else 400))
        painter.setPen(look.colour("text" if index == predicted else "muted"))
        above = QRectF(column.left(), self._top() - 22, column.width(), 18)
        short = painter.fontMetrics().elidedText(self._classes[index], Qt.TextElideMode.ElideRight, int(above.width()))
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, short)

    # Events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell is None:
            QToolTip.hideText()
            return
        true, predicted = cell
        words = f"{self._counts[cell]} of class {self._classes[true]} predicted as {self._classes[predicted]}"
        QToolTip.showText(event.globalPosition().toPoint(), words, self, QRect(event.position().toPoint(), QSize(1, 1)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell is not None:
            self.chosen.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        row, column = self.current or (0, 0)
        last = self._side - 1
        self.chosen.emit(min(max(row + step[0], 0), last), min(max(column + step[1], 0), last))


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    """``share`` of the other colour in the one."""
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in parts))
