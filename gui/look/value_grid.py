"""A small matrix with its numbers in coloured cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.words import number_text
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap, Span, span_of, table

MOST_NUMBERS = 5  # cells a side; larger kernels show colours, and the numbers in a tooltip
_FONTS = (11, 9, 8)  # px, as cells are wide
GAP = 2
_TALLEST_ROW = 34  # px


class ValueGrid(QWidget):
    """Values ``(rows, columns)``; places that are padding are hatched."""

    def __init__(self, name: str, colours: ColourMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._colours = colours
        self._values: NDArray[np.float64] = np.zeros((3, 3))
        self._texts: list[list[str]] = []
        self._padded: NDArray[np.bool_] | None = None
        self._span = Span(0, 1)
        appearance().changed.connect(self.update)

    def show_values(
        self, values: NDArray[np.float64], padded: NDArray[np.bool_] | None = None, *, decimals: int = 2
    ) -> None:
        """Show values with so many decimals; ``padded`` marks those that lie outside the map."""
        self._values, self._padded = values + 0.0, padded  # −0.0 would print a sign
        self._texts = [[number_text(value, decimals) for value in row] for row in self._values]
        self._span = span_of(self._values.astype(np.float32), signed=self._colours is ColourMap.SIGNED)
        self.setAccessibleDescription("; ".join(map(", ".join, self._texts)))
        self.setToolTip("\n".join("  ".join(f"{text:>{decimals + 4}}" for text in row) for row in self._texts))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows, columns = self._values.shape
        return QSize(150, max(60, min(round(150 * rows / columns), _TALLEST_ROW * rows)))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            rows, columns = self._values.shape
            wide, high = self.width() / columns, self.height() / rows
            font = self._font(wide - GAP)
            if font is not None:
                painter.setFont(font)
            for row in range(rows):
                for column in range(columns):
                    cell = QRectF(column * wide, row * high, wide - GAP, high - GAP)
                    self._paint_cell(painter, cell, row, column, numbers=font is not None)

    def _font(self, wide: float) -> QFont | None:
        """The largest font in which every number fits into a cell; None where none does."""
        if self._values.shape[1] > MOST_NUMBERS:
            return None
        longest = max((text for row in self._texts for text in row), key=len)
        fonts = (appearance().font(size, mono=True) for size in _FONTS)
        return next((font for font in fonts if QFontMetricsF(font).horizontalAdvance(longest) <= wide), None)

    def _paint_cell(self, painter: QPainter, cell: QRectF, row: int, column: int, *, numbers: bool) -> None:
        value = float(self._values[row, column])
        back = self._colour(value)
        painter.fillRect(cell, back)
        if self._padded is not None and self._padded[row, column]:
            painter.fillRect(cell, Qt.BrushStyle.BDiagPattern)
        if numbers:
            dark = back.lightnessF() > 0.55
            painter.setPen(Qt.GlobalColor.black if dark else Qt.GlobalColor.white)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, self._texts[row][column])

    def _colour(self, value: float) -> QColor:
        width = self._span.high - self._span.low
        place = (value - self._span.low) / width if width else 0.5
        return QColor.fromRgba(table(self._colours)[round(255 * min(max(place, 0.0), 1.0))])
