"""True classes against predicted ones: hits in blues, mistakes in oranges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.words import counted
from gui.style.appearance import appearance

NUMBERS_UP_TO = 24  # classes; beyond, numbers appear on hover
NAMES_UP_TO = 40
GAP = 2
_LONGEST_NAME = 120  # px


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
        self._names_width = 0
        self.current: tuple[int, int] | None = None
        appearance().changed.connect(self.update)

    def show_counts(self, counts: NDArray[np.int64], classes: tuple[str, ...]) -> None:
        """Show another matrix."""
        self._counts, self._classes, self.current = counts, classes, None
        self._names_width = self._width_of_names()
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
            images, taken = counted(int(self._counts[cell]), "image"), self._classes[predicted]
            words = f"{images} of {self._classes[true]} taken for {taken}"
            self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 400)

    # Where things stand

    @property
    def _side(self) -> int:
        return len(self._classes)

    def _width_of_names(self) -> int:
        metrics = QFontMetrics(appearance().font(12))
        widest = max(metrics.horizontalAdvance(name) for name in self._classes)
        return min(_LONGEST_NAME, widest) + 34 if self._side <= NAMES_UP_TO else 28

    def _edge(self) -> float:
        left, top = self._names_width, self._top()
        return max(1.0, min((self.width() - left - 8) / self._side, (self.height() - top - 8) / self._side))

    def _top(self) -> int:
        return 46

    def area_of(self, true: int, predicted: int) -> QRectF:
        """Where a cell stands."""
        edge = self._edge()
        gap = GAP if edge > 8 else 0
        left = self._names_width + predicted * edge
        return QRectF(left, self._top() + true * edge, edge - gap, edge - gap)

    def cell_at(self, point: QPoint) -> tuple[int, int] | None:
        """The cell at a point of the widget."""
        edge = self._edge()
        column = int((point.x() - self._names_width) // edge)
        row = int((point.y() - self._top()) // edge)
        return (row, column) if 0 <= row < self._side and 0 <= column < self._side else None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = self._colours()
            if self._side <= NUMBERS_UP_TO:
                for cell in np.ndindex(colours.shape[:2]):
                    self._paint_cell(painter, cell, QColor(*colours[cell].tolist()))
            else:
                self._paint_all(painter, colours)
            self._paint_names(painter)

    def _colours(self) -> NDArray[np.uint8]:
        """A colour for each cell, ``(true, predicted, 3)``: hits by their share of the row, mistakes by their count."""
        look, hits = appearance(), np.eye(self._side, dtype=bool)
        shares = self._counts / np.maximum(1, self._counts.sum(axis=1, keepdims=True))
        strength = np.where(hits, shares, self._counts / max(1, int(self._counts[~hits].max(initial=0))))
        strength = np.where(self._counts > 0, 0.15 + 0.85 * strength, 0.0)[..., None]
        empty, hit, mistake = (_rgb(look.colour(name)) for name in ("raised", "primary", "trainable"))
        full = np.where(hits[..., None], hit, mistake)
        colours: NDArray[np.uint8] = np.rint(empty + (full - empty) * strength).astype(np.uint8)
        return colours

    def _paint_cell(self, painter: QPainter, cell: tuple[int, ...], colour: QColor) -> None:
        look = appearance()
        true, predicted = cell
        area, count = self.area_of(true, predicted), int(self._counts[cell])
        painter.setPen(QPen(look.colour("text"), 2) if cell == self.current else QPen(look.colour("line"), 1))
        painter.setBrush(colour)
        painter.drawRoundedRect(area, 2, 2)
        if count and area.width() >= 20:
            painter.setPen(Qt.GlobalColor.white if colour.lightnessF() < 0.55 else Qt.GlobalColor.black)
            painter.setFont(look.font(12 if area.width() > 30 else 10, weight=600 if true == predicted else 400))
            text = f"{100 * count / self._counts[true].sum():.0f}" if self._shares else str(count)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_all(self, painter: QPainter, colours: NDArray[np.uint8]) -> None:
        """Many classes as one picture: ten thousand cells one by one would take seconds."""
        image = QImage(colours.data, self._side, self._side, 3 * self._side, QImage.Format.Format_RGB888)
        square = self._edge() * self._side
        area = QRectF(self._names_width, self._top(), square, square)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(area, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(appearance().colour("line"), 1))
        painter.drawRect(area)
        if self.current is not None:
            painter.setPen(QPen(appearance().colour("text"), 2))
            painter.drawRect(self.area_of(*self.current).adjusted(-1, -1, 1, 1))

    def _paint_names(self, painter: QPainter) -> None:
        look = appearance()
        painter.setFont(look.font(12, weight=600))
        painter.setPen(look.colour("muted"))
        edge = self._edge()
        across = QRectF(self._names_width, 0, edge * self._side, 20)
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


def _rgb(colour: QColor) -> NDArray[np.float64]:
    return np.array((colour.red(), colour.green(), colour.blue()), np.float64)
