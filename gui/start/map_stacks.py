"""A network as stacks of its feature maps, the way papers draw LeNet-5."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.families import Family
from gui.style.appearance import appearance

if TYPE_CHECKING:
    from engine.layers import Shape  # the first paint does without it

_MOST_SHEETS = 6
_OFFSET = 4  # px from one sheet to the next
_VECTOR = 8  # px a vector's bar is wide
_CAPTION = 20  # px below for the shapes


class MapStacks(QWidget):
    """One stack a layer: sheets as large as its maps, as many as the logarithm of their number; bars for vectors."""

    def __init__(self, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps: tuple[tuple[Family, Shape], ...] = ()
        self.setFixedSize(size)

    def show_maps(self, maps: tuple[tuple[Family, Shape], ...]) -> None:
        """Paint the maps of another network."""
        self._maps = maps
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._maps:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(appearance().font(10, mono=True))
            unit = (self.height() - _CAPTION - _OFFSET * _MOST_SHEETS) / max(_extent(shape) for _, shape in self._maps)
            widths = [_width(shape, unit) for _, shape in self._maps]
            gap = (self.width() - sum(widths) - 2 * _VECTOR) / max(1, len(widths) - 1)
            middle = (self.height() - _CAPTION) / 2
            painter.setPen(QPen(appearance().colour("wire"), 1))
            painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
            x = float(_VECTOR)
            for (family, shape), width in zip(self._maps, widths, strict=True):
                self._paint_layer(painter, QPointF(x, middle), family, shape, unit)
                painter.setPen(appearance().colour("faint"))
                caption = QRectF(x + width / 2 - 40, self.height() - _CAPTION, 80, _CAPTION)
                painter.drawText(caption, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, str(shape))
                x += width + gap

    def _paint_layer(self, painter: QPainter, at: QPointF, family: Family, shape: Shape, unit: float) -> None:
        painter.setPen(QPen(appearance().colour("panel"), 1))
        painter.setBrush(appearance().family(family))
        size = _extent(shape) * unit
        if shape.is_vector:
            painter.drawRoundedRect(QRectF(at.x(), at.y() - size / 2, _VECTOR, size), 2, 2)
            return
        sheets = _sheets(shape)
        top = at.y() - (size + _OFFSET * (sheets - 1)) / 2
        for sheet in range(sheets):
            painter.drawRect(QRectF(at.x() + _OFFSET * sheet, top + _OFFSET * sheet, size, size))


def _sheets(shape: Shape) -> int:
    return min(_MOST_SHEETS, 1 + round(math.log2(shape.channels)))


def _extent(shape: Shape) -> float:
    """Square root of the side, so that small maps stay visible beside large ones."""
    return math.pow(shape.height * shape.width if shape.is_map else shape.elements, 0.25)


def _width(shape: Shape, unit: float) -> float:
    return _VECTOR if shape.is_vector else _extent(shape) * unit + _OFFSET * (_sheets(shape) - 1)
