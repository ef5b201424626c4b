"""The kernels of a convolution in a row, signed around 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from engine.inspection.results import Kernels
from engine.words import counted
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap, image_of, short, span_of

EDGE = 44
GAP = 8
HEAD = 24
CAPTION = 18
MOST = 512  # kernels; beyond this many nobody scrolls


class KernelStrip(QScrollArea):
    """One picture for each output map: the kernel over its first input map, or the mean over several."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(HEAD + EDGE + CAPTION + 14)
        self._row = _Row()
        self.setWidget(self._row)
        self.hide()

    def show_kernels(self, kernels: Kernels | None, current: int) -> None:
        """Show the kernels of a convolution; nothing for None or other weights."""
        self.setVisible(kernels is not None and kernels.values.ndim == 4)
        if kernels is not None and kernels.values.ndim == 4:
            self._row.show_kernels(kernels.node, kernels.values[:MOST], current)

    def mark(self, current: int) -> None:
        """Mark the kernel of a map."""
        self._row.mark(current)


class _Row(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Kernels")
        self._title = ""
        self._current = 0
        self._images: list[QImage] = []
        appearance().changed.connect(self.update)

    def show_kernels(self, node: str, kernels: NDArray[np.float32], current: int) -> None:
        maps, inputs, rows, columns = kernels.shape
        means = kernels.mean(axis=1)
        span = span_of(means, signed=True)
        self._images = [image_of(kernel, ColourMap.SIGNED, span) for kernel in means]
        over = f", mean over {inputs} input maps" if inputs > 1 else ""
        ends = f"blue −{short(span.high)}, red {short(span.high)}"
        self._title = f"{node} · {counted(maps, 'kernel')} of {inputs}×{rows}×{columns}{over} · {ends}"
        self._current = current
        words = QFontMetrics(appearance().font(12)).horizontalAdvance(self._title)
        self.setFixedSize(max(words, maps * (EDGE + GAP)) + 2, HEAD + EDGE + CAPTION + 2)
        self.update()

    def mark(self, current: int) -> None:
        self._current = current
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            look = appearance()
            painter.setFont(look.font(12))
            painter.setPen(look.colour("muted"))
            painter.drawText(QRect(0, 0, self.width(), HEAD), Qt.AlignmentFlag.AlignVCenter, self._title)
            for index, image in enumerate(self._images):
                area = QRect(index * (EDGE + GAP), HEAD, EDGE, EDGE)
                if not area.intersects(event.rect()):
                    continue
                is_current = index == self._current
                painter.drawImage(area, image)
                painter.setPen(QPen(look.colour("accent" if is_current else "line2"), 2 if is_current else 1))
                painter.drawRect(area.adjusted(0, 0, -1, -1))
                painter.setPen(look.colour("text" if is_current else "muted"))
                painter.setFont(look.font(11, weight=600 if is_current else 400))
                below = QRect(area.left(), area.bottom() + 1, EDGE, CAPTION)
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(index))
