"""Small tables of figures, painted: facts in two columns, or a head with rows that can stand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.appearance import appearance

_INSET = 4.0
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, in the colour of a token."""

    text: str
    token: str = "text"


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row of cells, on the surface of a token; ``key`` is what a click tells."""

    cells: tuple[Cell, ...]
    surface: str = ""
    key: str = ""


class FigureTable(QWidget):
    """A head and rows; the first column stands left in Inter, the others right in mono.

    ``widths`` are the columns' shares of the width. ``activated`` gives the key of a row that was clicked.
    """

    activated = Signal(str)

    def __init__(
        self, heads: Sequence[str], widths: Sequence[float], *, row_height: int = 28, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._heads = tuple(heads)
        self._widths = tuple(width / sum(widths) for width in widths)
        self._row_height = row_height
        self.lines: tuple[TableLine, ...] = ()
        appearance().changed.connect(self.update)

    def show_heads(self, heads: Sequence[str]) -> None:
        """Show other heads."""
        if tuple(heads) != self._heads:
            self._heads = tuple(heads)
            self._tell_cut()
            self.update()

    def show_lines(self, lines: Sequence[TableLine]) -> None:
        """Show these rows."""
        before, self.lines = self.lines, tuple(lines)
        if self.lines == before:
            return
        self._tell_cut()
        self.setAccessibleDescription(". ".join(", ".join(cell.text for cell in line.cells) for line in lines))
        if len(self.lines) != len(before):
            self.updateGeometry()
            self.update()
            return
        for index, (line, old) in enumerate(zip(self.lines, before, strict=True)):
            if line != old:
                self.update(self._row(index).toAlignedRect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_cut()

    def _tell_cut(self) -> None:
        """Let the tooltip have what there is too little room for."""
        width = self.width() - 2 * _INSET
        rows = [self._heads, *([cell.text for cell in line.cells] for line in self.lines)]
        cells = [
            (text, bool(index and place), round(width * share))
            for place, texts in enumerate(rows)
            for index, (text, share) in enumerate(zip(texts, self._widths, strict=False))
        ]
        self.setToolTip("\n".join(text for text, mono, room in cells if _fitted(text, mono, room) != text))

    def sizeHint(self) -> QSize:
        return QSize(200, self._row_height * (len(self.lines) + bool(self._heads)))

    def _row(self, index: int) -> QRectF:
        """Where a line stands; -1 is the head."""
        return QRectF(0, (index + bool(self._heads)) * self._row_height, self.width(), self._row_height)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, exposed = appearance(), QRectF(event.rect())
        with QPainter(self) as painter:
            exposed.adjust(0, -1, 0, 0)  # the line below a row is the first px of the next
            if self._heads and self._row(-1).intersects(exposed):
                self._draw_cells(painter, self._row(-1), [Cell(head, "muted") for head in self._heads])
            for index, line in enumerate(self.lines):
                row = self._row(index)
                if row.intersects(exposed):
                    if line.surface:
                        painter.fillRect(row, look.colour(line.surface))
                    self._draw_cells(painter, row, line.cells, mono=True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = int(event.position().y() // self._row_height) - bool(self._heads)
        if 0 <= index < len(self.lines) and self.lines[index].key:
            self.activated.emit(self.lines[index].key)

    def _draw_cells(self, painter: QPainter, row: QRectF, cells: Sequence[Cell], *, mono: bool = False) -> None:
        look, left, width = appearance(), _INSET, self.width() - 2 * _INSET
        for index, (cell, share) in enumerate(zip(cells, self._widths, strict=True)):
            area = QRectF(left, row.top(), share * width, row.height())
            painter.setFont(look.font(12, mono=mono and index > 0))
            painter.setPen(look.colour(cell.token))
            text = _fitted(cell.text, mono and index > 0, round(area.width()))
            painter.drawText(area, _RIGHT if index else _LEFT, text)
            left += area.width()
        painter.setPen(look.colour("line"))
        painter.drawLine(row.bottomLeft().toPoint(), row.bottomRight().toPoint())


@lru_cache(1024)
def _fitted(text: str, mono: bool, available: int) -> str:
    """The text of a cell, cut to ``available`` px."""
    metrics = QFontMetrics(appearance().font(12, mono=mono))
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, available)


class FactList(QWidget):
    """Rows of a name and its value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.facts: tuple[tuple[str, str], ...] = ()
        appearance().changed.connect(self.update)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these names and values."""
        self.facts = tuple(facts)
        self.setAccessibleDescription(". ".join(f"{name}: {value}" for name, value in facts))
        self._tell_cut()
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_cut()

    def _tell_cut(self) -> None:
        """Let the tooltip have what there is too little room for."""
        shown = ((value, _fitted(value, False, self._room(name))) for name, value in self.facts)
        self.setToolTip("\n".join(value for value, fitted in shown if fitted != value))

    def _room(self, name: str) -> int:
        return round(self.width() - QFontMetrics(appearance().font(12)).horizontalAdvance(name) - 12)

    def sizeHint(self) -> QSize:
        return QSize(200, 28 * len(self.facts))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            painter.setFont(look.font(12))
            row = QRectF(0, 0, self.width(), 28)
            for name, value in self.facts:
                painter.setPen(look.colour("muted"))
                painter.drawText(row, _LEFT, name)
                painter.setPen(look.colour("text"))
                painter.drawText(row, _RIGHT, _fitted(value, False, self._room(name)))
                painter.setPen(look.colour("line"))
                painter.drawLine(row.bottomLeft().toPoint(), row.bottomRight().toPoint())
                row.translate(0, 28)
