"""The picture of what the network receives: a row an image, a column a step; the originals stay when it scrolls."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from gui.data.received.painting import (
    HEAD,
    LARGEST_ROW,
    ROW,
    originals_of,
    paint_cell,
    paint_column_head,
    paint_nothing,
    paint_original,
    paint_original_head,
    paint_tint,
)
from gui.data.received.receipt import Column, Receipt
from gui.style.appearance import appearance
from gui.style.colour_maps import image_of_pixels
from gui.widgets.steady import steady_viewport

_BESIDE, _MOST_BESIDE = 71, 118  # px by which a column is wider than a row is high, and where there is room
_ROWS = 6  # which have room where rows grow


class ReceivedGrid(QAbstractScrollArea):
    """Shows a `Receipt`; a click, or Left and Right, ``select`` the step of a column by its place."""

    selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("What the network receives")
        self.receipt: Receipt | None = None
        self.nothing = ""  # what is said while there are no rows
        self._place = -1
        self._limits: Mapping[int, Mapping[str, float]] = {}
        self._originals: list[QImage] = []
        self._cells: list[list[QImage]] = []
        self.horizontalScrollBar().setSingleStep((ROW + _BESIDE) // 2)
        self.verticalScrollBar().setSingleStep(ROW // 2)
        appearance().changed.connect(self.viewport().update)

    def show_receipt(self, receipt: Receipt | None, nothing: str) -> None:
        """Show images after each step; ``nothing`` where there are none."""
        self.receipt, self.nothing = receipt, nothing
        rows = receipt.rows if receipt else ()
        self._originals = [image_of_pixels(row.original) for row in rows]
        self._cells = [[image_of_pixels(cell.pixels) for cell in row.cells] for row in rows]
        self.setAccessibleDescription(_spoken(receipt) if receipt else nothing)
        self._fit()
        self.viewport().update()

    def show_limits(self, limits: Mapping[int, Mapping[str, float]]) -> None:
        """Mark the values that a step drew beyond these, by its place and their names."""
        self._limits = limits
        self.viewport().update()

    def select(self, place: int) -> None:
        """Tint the column of a step, and bring it into view."""
        self._place = place
        number = next((number for number, column in enumerate(self._columns) if place == column.place >= 0), None)
        if number is not None:
            bar, area = self.horizontalScrollBar(), self.column_area(number)
            over = area.right() - self.viewport().width()
            bar.setValue(bar.value() + max(over, 0) - max(self.originals - area.left(), 0))
        self.viewport().update()

    def column_area(self, number: int) -> QRect:
        """Where a column is in the viewport."""
        left = self.originals + number * self.column_width - self.horizontalScrollBar().value()
        return QRect(left, 0, self.column_width, self.viewport().height())

    def row_top(self, number: int) -> int:
        """Where a row begins in the viewport."""
        return HEAD + number * self.row - self.verticalScrollBar().value()

    @property
    def row(self) -> int:
        """How high a row is: as there is room for six, and for the columns beside each other, between limits."""
        count = max(len(self._columns), 1)
        high = (self.maximumViewportSize().height() - HEAD) // _ROWS
        room = self._width - originals_of(0) - count * _BESIDE
        wide = 3 * room // (3 * count + 4)  # as an original is a third wider than high
        return max(ROW, min(high, wide, LARGEST_ROW))

    @property
    def _width(self) -> int:
        """How wide the view is; beside a scroll bar, where rows as high as they get would need one."""
        full = self.maximumViewportSize()
        highest = max(ROW, min((full.height() - HEAD) // _ROWS, LARGEST_ROW))
        fits = HEAD + len(self._originals) * highest <= full.height()
        return full.width() if fits else steady_viewport(self).width()

    @property
    def originals(self) -> int:
        """How wide the column of the originals is."""
        return originals_of(self.row)

    @property
    def column_width(self) -> int:
        """As wide as there is room for, between limits."""
        count = max(len(self._columns), 1)
        room = (self._width - self.originals) // count
        return min(max(room, self.row + _BESIDE), self.row + _MOST_BESIDE)

    @property
    def _columns(self) -> tuple[Column, ...]:
        return self.receipt.columns if self.receipt else ()

    def sizeHint(self) -> QSize:
        return QSize(originals_of(ROW) + 5 * (ROW + _BESIDE), HEAD + _ROWS * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(originals_of(ROW) + ROW + _BESIDE, HEAD + ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.select(self._place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._column_at(event.position().toPoint())
        if number is not None and self._columns[number].place >= 0:
            self.selected.emit(self._columns[number].place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        places = [column.place for column in self._columns if column.place >= 0]
        if not step or not places:
            super().keyPressEvent(event)
            return
        now = places.index(self._place) if self._place in places else -1 if step > 0 else len(places)
        self.selected.emit(places[min(max(now + step, 0), len(places) - 1)])

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.receipt is None or not self.receipt.rows:
                paint_nothing(painter, self.viewport().rect(), self.nothing)
                return
            painter.setClipRect(self.originals, 0, self.viewport().width(), self.viewport().height())
            for number in range(len(self._columns)):
                self._paint_column(painter, number)
            painter.setClipRect(0, 0, self.originals, self.viewport().height())
            self._paint_originals(painter)
            painter.setClipping(False)
            self._paint_lines(painter)

    def _paint_column(self, painter: QPainter, number: int) -> None:
        assert self.receipt is not None
        column, area = self._columns[number], self.column_area(number)
        chosen = self._place == column.place >= 0
        if chosen:
            paint_tint(painter, area)
        for index, row in enumerate(self.receipt.rows):
            top = self.row_top(index)
            if top + self.row > HEAD:
                cell = QRect(area.left(), top, area.width(), self.row)
                limits = self._limits.get(column.place, {})
                paint_cell(painter, cell, self._cells[index][number], row.cells[number], limits=limits)
        head = QRect(area.left(), 0, area.width(), HEAD)
        paint_column_head(painter, head, column, number + 1 if column.place >= 0 else 0, chosen=chosen)

    def _paint_originals(self, painter: QPainter) -> None:
        assert self.receipt is not None
        for index, row in enumerate(self.receipt.rows):
            area = QRect(0, self.row_top(index), self.originals, self.row)
            paint_original(painter, area, self._originals[index], row, number=index + 1)
        paint_original_head(painter, QRect(0, 0, self.originals, HEAD))

    def _paint_lines(self, painter: QPainter) -> None:
        painter.setPen(appearance().colour("line"))
        width = self.viewport().width()
        for index in range(len(self._originals) + 1):
            y = self.row_top(index) - 1
            if y >= HEAD - 1:
                painter.drawLine(0, y, width, y)
        painter.drawLine(0, HEAD - 1, width, HEAD - 1)
        if self.horizontalScrollBar().value():
            painter.drawLine(self.originals - 1, 0, self.originals - 1, self.viewport().height())

    def _fit(self) -> None:
        rows, columns = len(self._originals), len(self._columns)
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        height = self.viewport().height()
        vertical.setPageStep(height)
        vertical.setRange(0, max(0, HEAD + rows * self.row - height))
        width = self.viewport().width()  # read now: one scroll bar takes room from the other's direction
        horizontal.setPageStep(width)
        horizontal.setRange(0, max(0, self.originals + columns * self.column_width - width) if rows else 0)

    def _column_at(self, point: QPoint) -> int | None:
        if point.x() < self.originals:
            return None
        number = (point.x() - self.originals + self.horizontalScrollBar().value()) // self.column_width
        return number if number < len(self._columns) else None

    def _tip(self, point: QPoint) -> str:
        """The words of a cell in whole, as they may be cut."""
        index, number = (point.y() - self.row_top(0)) // self.row, self._column_at(point)
        if self.receipt is None or not 0 <= index < len(self.receipt.rows) or point.y() < HEAD:
            return ""
        row = self.receipt.rows[index]
        return ", ".join((row.label, row.name) if number is None else row.cells[number].lines)


def _spoken(receipt: Receipt) -> str:
    """All that is shown, row by row."""
    rows = []
    for number, row in enumerate(receipt.rows, 1):
        columns = zip(receipt.columns, row.cells, strict=True)
        said = "; ".join(f"{column.title}: {', '.join(cell.lines)}" for column, cell in columns)
        rows.append(f"Image {number}, {row.label}, {row.name}. {said}.")
    return " ".join(rows)
