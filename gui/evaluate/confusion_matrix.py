"""True classes against predicted ones: hits in blues, mistakes in oranges."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.words import counted, percent_text, thousands
from gui.evaluate.matrix_picture import FAINTEST, matrix_picture, rgb
from gui.style.appearance import appearance
from gui.style.colour_maps import ink_on

NUMBERS_UP_TO = 24  # classes; beyond, numbers appear on hover
NAMES_UP_TO = 40
GAP = 2
_LOWEST = 13  # px of a cell with a number
_LONGEST_NAME = 120  # px
_HEAD = 46  # px above the cells for what the columns are, and a line of names
_MARGIN = 8
_BESIDE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextDontClip
_SLANT = 45  # degrees at which names stand that are wider than their columns
_CLOSEST, _LINE = 16, 14  # px between lines of names at that slant, and of others


class ConfusionMatrix(QWidget):
    """Counts ``(classes, classes)``, rows true, columns predicted; ``chosen`` tells which cell was picked.

    Classes stand in their own order or in another that `show_order` gives; cells are named by classes all the same.
    """

    chosen = Signal(int, int)
    height_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(280, 200)
        self.setAccessibleName("Confusion matrix")
        self._counts: NDArray[np.int64] = np.zeros((1, 1), np.int64)
        self._classes: tuple[str, ...] = ("",)
        self._shares = False
        self._order: NDArray[np.int64] = np.zeros(1, np.int64)  # which class stands at a place
        self._place: NDArray[np.int64] = np.zeros(1, np.int64)  # and where a class stands
        self._image: QImage | None = None  # of many classes
        self._widest = 0  # px of the longest name
        self.current: tuple[int, int] | None = None
        self._pointed: tuple[int, int] | None = None  # the cell below the pointer
        appearance().changed.connect(self._repaint)

    def show_counts(self, counts: NDArray[np.int64], classes: tuple[str, ...]) -> None:
        """Show another matrix."""
        self._counts, self._classes, self.current, self._pointed = counts, classes, None, None
        metrics = QFontMetrics(appearance().font(12, weight=600))
        self._widest = max(map(metrics.horizontalAdvance, classes)) if len(classes) <= NAMES_UP_TO else _LONGEST_NAME
        self.show_order(np.arange(len(classes)))

    def show_order(self, order: NDArray[np.int64]) -> None:
        """Let the classes stand in another order."""
        self._order, self._place = order, np.argsort(order)
        self._repaint()

    def show_shares(self, shares: bool) -> None:
        """Write per cent of the row instead of counts."""
        self._shares = shares
        self.update()

    def mark(self, cell: tuple[int, int] | None) -> None:
        """Mark a cell."""
        self.current = cell
        words = self._words(*cell) if cell is not None else ""
        self.setAccessibleDescription(words)
        if words and self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.update()

    def _words(self, true: int, predicted: int) -> str:
        """A cell in words: "17 images of blight taken for scorch, 9.0 % of its 188"."""
        count, row = int(self._counts[true, predicted]), int(self._counts[true].sum())
        what = "recognised" if true == predicted else f"taken for {self._classes[predicted]}"
        share = f", {percent_text(count / row)} of its {thousands(row)}" if row else ""
        return f"{counted(count, 'image')} of {self._classes[true]} {what}{share}"

    def _repaint(self) -> None:
        self._image = None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 400)

    # Where things stand

    @property
    def _side(self) -> int:
        return len(self._classes)

    @property
    def _longest(self) -> int:
        """How much of a name is shown, px."""
        return min(self._widest, _LONGEST_NAME, self.width() // 4)

    @property
    def _names_width(self) -> int:
        return self._longest + 34 if self._side <= NAMES_UP_TO else 28

    def _rise(self) -> int:
        """How far names of columns that have no room beside each other reach upwards, and to the right."""
        rise = round(self._longest * math.sin(math.radians(_SLANT)))
        fits = self._widest <= self._edge_below(_HEAD, _MARGIN) - GAP
        aslant = not fits and self._edge_below(_HEAD + rise, rise) >= _CLOSEST
        return rise if aslant and self._side <= NAMES_UP_TO else 0

    def _edge(self) -> float:
        return self._edge_below(self._top(), max(_MARGIN, self._rise()))

    def _edge_below(self, top: int, right: int) -> float:
        """How large cells are with so much above them, and so much beside them."""
        across, down = self.width() - self._names_width - right, self.height() - top - _MARGIN
        return max(1.0, min(across, down)) / self._side

    def _left(self) -> float:
        """Where cells begin: what is wider than it need be has them in its middle."""
        return self._names_width + max(0.0, self.width() - self.needed_width()) / 2

    def needed_width(self) -> int:
        """How wide it must be for cells as large as its height allows, px."""
        square = self.height() - self._top() - _MARGIN
        return self._names_width + max(1, square) + max(_MARGIN, self._rise())

    def _top(self) -> int:
        return _HEAD + self._rise()

    def area_of(self, true: int, predicted: int) -> QRectF:
        """Where a cell stands."""
        edge = self._edge()
        gap = GAP if edge > 8 else 0
        left = self._left() + self._place[predicted] * edge
        return QRectF(left, self._top() + self._place[true] * edge, edge - gap, edge - gap)

    def cell_at(self, point: QPoint) -> tuple[int, int] | None:
        """The cell at a point of the widget."""
        edge = self._edge()
        column = int((point.x() - self._left()) // edge)
        row = int((point.y() - self._top()) // edge)
        if not (0 <= row < self._side and 0 <= column < self._side):
            return None
        return int(self._order[row]), int(self._order[column])

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._side <= NUMBERS_UP_TO:
                colours = self._colours()
                for cell in np.ndindex(colours.shape[:2]):
                    self._paint_cell(painter, cell, QColor(*colours[cell].tolist()))
                if self.current is not None:
                    self._paint_mark(painter, self.area_of(*self.current))
            else:
                self._paint_all(painter)
            self._paint_names(painter)

    def _colours(self) -> NDArray[np.uint8]:
        """A colour for each cell, ``(true, predicted, 3)``: hits by their share of the row, mistakes by their count."""
        hits = np.eye(self._side, dtype=bool)
        shares = self._counts / np.maximum(1, self._counts.sum(axis=1, keepdims=True))
        strength = np.where(hits, shares, self._counts / max(1, int(self._counts[~hits].max(initial=0))))
        strength = np.where(self._counts > 0, FAINTEST + (1 - FAINTEST) * strength, 0.0)[..., None]
        empty, hit, mistake = map(rgb, ("raised", "primary", "trainable"))
        full = np.where(hits[..., None], hit, mistake)
        colours: NDArray[np.uint8] = np.rint(empty + (full - empty) * strength).astype(np.uint8)
        return colours

    def _paint_cell(self, painter: QPainter, cell: tuple[int, ...], colour: QColor) -> None:
        look = appearance()
        true, predicted = cell
        area, count = self.area_of(true, predicted), int(self._counts[cell])
        painter.setPen(QPen(look.colour("line"), 1))
        painter.setBrush(colour)
        painter.drawRoundedRect(area, 2, 2)
        if not count:
            return
        painter.setPen(ink_on(colour))
        painter.setFont(look.font(12 if area.width() > 30 else 10, weight=600 if true == predicted else 400))
        text = _share(count, int(self._counts[true].sum())) if self._shares else thousands(count)
        if painter.fontMetrics().horizontalAdvance(text) < area.width() and area.height() >= _LOWEST:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_mark(self, painter: QPainter, area: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(appearance().colour("text"), 2))
        painter.drawRoundedRect(area, 2, 2)

    def _paint_all(self, painter: QPainter) -> None:
        """Many classes as one picture, kept: ten thousand cells one by one would take seconds."""
        square = self._edge() * self._side
        pixels = min(self._side, round(square * self.devicePixelRatioF()))
        if self._image is None or self._image.width() != pixels:
            self._image = matrix_picture(self._counts, self._order, pixels)
        area = QRectF(self._left(), self._top(), square, square)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(area, self._image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(appearance().colour("line"), 1))
        painter.drawRect(area)
        if self.current is not None:
            self._paint_mark(painter, self.area_of(*self.current).adjusted(-1, -1, 1, 1))

    def _paint_names(self, painter: QPainter) -> None:
        true, predicted = self._pointed or self.current or (-1, -1)
        square, few = self._edge() * self._side, self._side <= NAMES_UP_TO
        across, up = QRectF(self._left(), 0, square, 20), QRectF(-square / 2, -10, square, 20)
        self._paint_title(painter, across, "Predicted class", -1 if few and self._has_all_names() else predicted)
        painter.save()
        painter.translate(self._left() - self._names_width + 10, self._top() + square / 2)
        painter.rotate(-90)
        self._paint_title(painter, up, "True class", -1 if few else true)
        painter.restore()
        first = int(self._order[0])
        for index in range(self._side) if few else ():
            if self._edge() >= _LINE or index == true:
                self._choose_pen(painter, marked=index == true)
                self._paint_row_name(painter, self.area_of(index, first), self._classes[index])
            self._choose_pen(painter, marked=index == predicted)
            self._paint_column_name(painter, self.area_of(first, index), self._classes[index])

    def _has_all_names(self) -> bool:
        """Whether every column has room for its name above it."""
        return self._rise() > 0 or self._widest <= self._edge() - GAP

    def _paint_title(self, painter: QPainter, area: QRectF, title: str, index: int) -> None:
        """What an axis is; with the class of the cell that is looked at, where names do not stand beside the cells."""
        self._choose_pen(painter, marked=True)
        if index < 0:
            painter.setPen(appearance().colour("muted"))
        words = f"{title}: {self._classes[index]}" if index >= 0 else title
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, int(area.width()))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)

    def _choose_pen(self, painter: QPainter, *, marked: bool) -> None:
        painter.setFont(appearance().font(12, weight=600 if marked else 400))
        painter.setPen(appearance().colour("text" if marked else "muted"))

    def _paint_row_name(self, painter: QPainter, cell: QRectF, name: str) -> None:
        left = QRectF(cell.left() - self._longest - 10, cell.center().y() - _LINE / 2, self._longest + 2, _LINE)
        words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, int(left.width()))
        painter.drawText(left, _BESIDE, words)

    def _paint_column_name(self, painter: QPainter, cell: QRectF, name: str) -> None:
        metrics = painter.fontMetrics()
        if self._rise():
            painter.save()
            painter.translate(cell.center().x(), cell.top() - 4)
            painter.rotate(-_SLANT)
            words = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, self._longest)
            painter.drawText(QPointF(0, metrics.xHeight() / 2), words)
            painter.restore()
        elif metrics.horizontalAdvance(name) <= cell.width():
            above = QRectF(cell.left(), cell.top() - 22, cell.width(), 18)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, name)

    # Events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        self._point_at(cell)
        if cell is None:
            QToolTip.hideText()
            return
        here = QRect(event.position().toPoint(), QSize(1, 1))
        QToolTip.showText(event.globalPosition().toPoint(), self._words(*cell), self, here)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().height() != event.oldSize().height():
            self.height_changed.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def _point_at(self, cell: tuple[int, int] | None) -> None:
        if cell != self._pointed:
            self._pointed = cell
            self.update()

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
        row, column = (int(self._place[index]) for index in self.current or (self._order[0],) * 2)
        last = self._side - 1
        row, column = min(max(row + step[0], 0), last), min(max(column + step[1], 0), last)
        self.chosen.emit(int(self._order[row]), int(self._order[column]))


def _share(count: int, row: int) -> str:
    """Whole per cent of a row; what is there never shows as nothing."""
    share = 100 * count / row
    return "<1" if share < 1 else f"{share:.0f}"
