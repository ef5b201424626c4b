"""The memory of a device as a bar, and what stands in it as a legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.words import memory
from gui.style.appearance import appearance

if TYPE_CHECKING:
    from engine.training.estimate import Part

_HEIGHT, _SCALE = 20, 18  # px, of the bar and of the figures below it
_ROW, _SWATCH, _GAP = 33, 10, 28  # px, of the legend: a row, its sign, between columns
_TWO_COLUMNS = 560  # px, from which there is room for two
_KEPT_FREE = 0.1
_COLOURS = {"weights": 0, "gradients": 1, "optimiser": 2, "activations": 3, "average": 4, "program": 5}
_TICKS = 4


def colour_of(part: str) -> QColor:
    """The colour of a part; the copies of weights are weights, but darker."""
    look = appearance()
    if part == "copies":
        one, other = QColor(look.theme.runs[0]), look.colour("panel")
        return QColor(*((getattr(one, part)() + getattr(other, part)()) // 2 for part in ("red", "green", "blue")))
    return QColor(look.theme.runs[_COLOURS.get(part, 5)])


class _Parts(QWidget):
    """Shows parts of memory; ``hovered`` names the one under the pointer, "" where none is."""

    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: tuple[Part, ...] = ()
        self.marked = ""
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance().changed.connect(self.update)

    def mark(self, part: str) -> None:
        """Make a part stand out from the others."""
        if part != self.marked:
            self.marked = part
            self.update()

    def part_at(self, x: float, y: float) -> Part | None:
        """The part at a place."""
        raise NotImplementedError

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        part = self.part_at(event.position().x(), event.position().y())
        self.hovered.emit(part.name if part else "")
        text = f"{part.title}: {memory(part.bytes)}, {part.note}" if part else ""
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit("")


class MemoryBar(_Parts):
    """Parts beside each other against all that a device has, the last tenth of it hatched, with a scale below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.capacity: int | None = None
        self.setFixedHeight(_HEIGHT + _SCALE)
        self.setAccessibleName("Memory")

    def show_parts(self, parts: Sequence[Part], capacity: int | None) -> None:
        """Show these parts of so many bytes."""
        if (self.parts, self.capacity) != (tuple(parts), capacity):
            self.parts, self.capacity = tuple(parts), capacity
            told = ", ".join(f"{part.title} {memory(part.bytes)}" for part in parts)
            self.setAccessibleDescription(told + (f", of {memory(capacity)}" if capacity else ""))
            self.update()

    @property
    def _whole(self) -> int:
        """The bytes that the bar is as wide as."""
        return max(self.capacity or 0, sum(part.bytes for part in self.parts), 1)

    def areas(self) -> Iterator[tuple[Part, QRectF]]:
        """Where each part stands."""
        left, scale = 1.0, (self.width() - 2) / self._whole
        for part in self.parts:
            yield part, QRectF(left, 1, part.bytes * scale, _HEIGHT - 2)
            left += part.bytes * scale

    def part_at(self, x: float, y: float) -> Part | None:
        return next((part for part, area in self.areas() if y < _HEIGHT and area.left() <= x < area.right()), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, frame = appearance(), QRectF(0.5, 0.5, self.width() - 1, _HEIGHT - 1)
        with QPainter(self) as painter:
            painter.fillRect(frame, look.colour("canvas"))
            self._paint_limit(painter)
            for part, area in self.areas():
                colour = colour_of(part.name)
                colour.setAlphaF(1.0 if self.marked in ("", part.name) else 0.35)
                gap = 1 if area.width() > 3 else 0
                painter.fillRect(area.adjusted(0, 0, -gap, 0), colour)
            painter.setPen(look.colour("wire"))
            painter.drawRoundedRect(frame, 2, 2)
            self._paint_scale(painter)

    def _paint_limit(self, painter: QPainter) -> None:
        """The tenth that is left to others, or where a device ends that has too little."""
        if self.capacity is None:
            return
        look, end = appearance(), self.width() * self.capacity / self._whole
        start = end * (1 - _KEPT_FREE)
        hatched = QBrush(look.colour("line2"), Qt.BrushStyle.BDiagPattern)
        painter.fillRect(QRectF(start, 1, end - start, _HEIGHT - 2), hatched)
        if end < self.width():
            painter.fillRect(QRectF(end, 0, self.width() - end, _HEIGHT), look.colour("err_bg"))

    def _paint_scale(self, painter: QPainter) -> None:
        look, whole = appearance(), self._whole
        painter.setFont(look.font(11, mono=True))
        painter.setPen(look.colour("faint"))
        for tick in range(_TICKS + 1):
            text = memory(whole * tick // _TICKS) if tick else "0"
            width, x = painter.fontMetrics().horizontalAdvance(text), self.width() * tick / _TICKS
            left = min(max(0.0, x - width / 2), self.width() - width)
            painter.drawText(QRectF(left, _HEIGHT, width + 1, _SCALE), Qt.AlignmentFlag.AlignBottom, text)
        if self.capacity is not None and self.capacity < whole:
            end = self.width() * self.capacity / whole
            painter.setPen(QPen(look.colour("err"), 2))
            painter.drawLine(round(end), 0, round(end), _HEIGHT)


class Legend(_Parts):
    """A row for each part, with its sign, its form and its bytes, and one for all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Memory by part")

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these parts."""
        if self.parts != tuple(parts):
            self.parts = tuple(parts)
            self.setAccessibleDescription(
                ". ".join(f"{part.title}, {part.note}, {memory(part.bytes)}" for part in parts)
            )
            self._take_height()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_height()

    def _take_height(self) -> None:
        self.setFixedHeight(-(-(len(self.parts) + 1) // self._columns) * _ROW)

    @property
    def _columns(self) -> int:
        return 2 if self.width() >= _TWO_COLUMNS else 1

    def _cells(self) -> Iterator[QRectF]:
        """Where the parts stand, row by row, and the total at the end."""
        columns = self._columns
        width = (self.width() - (columns - 1) * _GAP) / columns
        for index in range(len(self.parts) + 1):
            yield QRectF(index % columns * (width + _GAP), index // columns * _ROW, width, _ROW)

    def part_at(self, x: float, y: float) -> Part | None:
        return next((part for part, cell in zip(self.parts, self._cells(), strict=False) if cell.contains(x, y)), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            *rows, last = self._cells()
            for part, cell in zip(self.parts, rows, strict=True):
                if part.name == self.marked:
                    painter.fillRect(cell, appearance().colour("hover"))
                self._paint_row(painter, QRectF(cell), part.title, part.note, part.bytes)
                swatch = QRectF(cell.left() + 1, cell.center().y() - _SWATCH / 2, _SWATCH, _SWATCH)
                painter.fillRect(swatch, colour_of(part.name))
            everything = sum(part.bytes for part in self.parts)
            self._paint_row(painter, last, "Total", "", everything, weight=600)

    def _paint_row(
        self, painter: QPainter, area: QRectF, title: str, note: str, size: int, *, weight: int = 400
    ) -> None:
        look, middle = appearance(), Qt.AlignmentFlag.AlignVCenter
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), look.colour("line"))
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(12, weight=weight, mono=True))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, memory(size))
        area.setRight(area.right() - painter.fontMetrics().horizontalAdvance(memory(size)) - 8)
        painter.setFont(look.font(12, weight=weight))
        if note:
            area.setLeft(area.left() + _SWATCH + 8)
        painter.drawText(area, middle, title)
        area.setLeft(area.left() + painter.fontMetrics().horizontalAdvance(title) + 8)
        painter.setFont(look.font(11))
        painter.setPen(look.colour("muted"))
        painter.drawText(
            area, middle, painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, int(area.width()))
        )
