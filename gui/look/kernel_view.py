"""Kernels as small pictures, blue below 0 and red above."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.words import counted
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap, image_of, span_of

_TILE, _GAP, _COLUMNS, MOST = 40, 4, 6, 48


class KernelView(QWidget):
    """The first kernels of a convolution, each by its first input channel, all on one scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._images: list[QImage] = []

    def show_kernels(self, kernels: NDArray[np.float32]) -> None:
        """Show kernels ``(out, in, H, W)``."""
        first = kernels[:MOST, 0]
        span = span_of(first, signed=True)
        self._images = [image_of(kernel, ColourMap.SIGNED, span) for kernel in first]
        self.setAccessibleName(f"{counted(len(self._images), 'kernel')}, weights within ±{span.high:.3g}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = -(-len(self._images) // _COLUMNS)
        return QSize(_COLUMNS * (_TILE + _GAP), rows * (_TILE + _GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(appearance().colour("line"))
            for index, image in enumerate(self._images):
                row, column = divmod(index, _COLUMNS)
                tile = QRect(column * (_TILE + _GAP), row * (_TILE + _GAP), _TILE, _TILE)
                painter.drawImage(tile, image)
                painter.drawRect(tile.adjusted(0, 0, -1, -1))
