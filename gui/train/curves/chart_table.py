"""The card beside the cross-hair: what the shown runs had there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.style.appearance import appearance
from gui.train.curves.chart_lines import run_colour

_MARGIN, _ROW, _NAME, _CELL = 12, 23, 84, 76


@dataclass(frozen=True, slots=True)
class TableRow:
    """A run's colour, its name and one text a column."""

    colour: int
    name: str
    cells: tuple[str, ...]


class ChartTable(QWidget):
    """A painted table with a title, column heads and a line below; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.title = ""
        self.heads: tuple[str, ...] = ()
        self.rows: tuple[TableRow, ...] = ()
        self.note = ""
        self.hide()

    def show_table(self, title: str, heads: tuple[str, ...], rows: Sequence[TableRow], *, note: str = "") -> None:
        """Show these rows; the size follows."""
        self.title, self.heads, self.rows, self.note = title, heads, tuple(rows), note
        self.resize(self.sizeHint())
        self.show()
        self.update()

    def place_beside(self, x: float, area: QRectF) -> None:
        """Stand left of ``x``, or right of it where there is no room, at the top of ``area``."""
        left = x - self.width() - 12
        self.move(round(left if left >= area.left() else x + 12), round(area.top()))

    def sizeHint(self) -> QSize:
        height = _MARGIN + _ROW * (1 + len(self.rows)) + (_ROW + 4 if self.note else 0) + 6
        return QSize(2 * _MARGIN + _NAME + _CELL * len(self.heads), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.colour("line2"))
            painter.setBrush(look.colour("raised"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setFont(look.font(12, weight=600))
            painter.setPen(look.colour("text"))
            line = QRectF(_MARGIN, 8, _NAME + _CELL, _ROW)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.title)
            painter.setFont(look.font(11))
            painter.setPen(look.colour("muted"))
            self._draw_cells(painter, line, self.heads)
            for row in self.rows:
                line.translate(0, _ROW)
                self._draw_row(painter, line, row)
            painter.setFont(look.font(11))
            painter.setPen(look.colour("muted"))
            line.translate(0, _ROW + 2)
            line.setWidth(self.width() - 2 * _MARGIN)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.note)

    def _draw_row(self, painter: QPainter, line: QRectF, row: TableRow) -> None:
        look = appearance()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(run_colour(row.colour))
        painter.drawRoundedRect(QRectF(line.left(), line.center().y() - 5, 10, 10), 2, 2)
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(12))
        painter.drawText(line.adjusted(16, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, row.name)
        painter.setFont(look.font(12, mono=True))
        self._draw_cells(painter, line, row.cells)

    def _draw_cells(self, painter: QPainter, line: QRectF, cells: tuple[str, ...]) -> None:
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for column, text in enumerate(cells):
            cell = QRectF(_MARGIN + _NAME + column * _CELL, line.top(), _CELL, line.height())
            painter.drawText(cell, right, text)
