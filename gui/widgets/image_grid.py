"""A grid of small images to choose from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from gui.style.appearance import appearance
from gui.style.colour_maps import image_of_pixels
from gui.widgets.steady import SteadyArea

EDGE, LARGEST = 40, 96  # px
GAP = 4
MARGIN = 16


class ImageGrid(SteadyArea):
    """Images ``(N, C, H, W)``; ``chosen`` tells the index of the one clicked, or reached by arrow keys."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._images = _Images()
        self._images.chosen.connect(self.chosen)
        self.setWidget(self._images)

    def show_images(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show images, or none."""
        self._images.show_images(pixels)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._images.fit(self.viewport().height())

    def click_target(self) -> QWidget:
        """The widget that takes the mouse."""
        return self._images


class _Images(QWidget):
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Images of the data set")
        self._shown: list[QImage] = []
        self._current = 0
        self._edge = EDGE
        self._room = 0
        appearance().changed.connect(self.update)

    def show_images(self, pixels: NDArray[np.uint8] | None) -> None:
        self._shown = [] if pixels is None else [image_of_pixels(image) for image in pixels]
        self._current = 0
        self._fit()
        self.update()

    @property
    def _columns(self) -> int:
        return self._columns_of(self._edge)

    def _columns_of(self, edge: int) -> int:
        return max(1, (self.width() - 2 * MARGIN + GAP) // (edge + GAP))

    def _height_of(self, edge: int) -> int:
        return -(-len(self._shown) // self._columns_of(edge)) * (edge + GAP) + 4

    def area_of(self, index: int) -> QRect:
        row, column = divmod(index, self._columns)
        step = self._edge + GAP
        return QRect(MARGIN + column * step, row * step + 2, self._edge, self._edge)

    def fit(self, room: int) -> None:
        """Show the images as large as all of them have ``room`` (px of height) for, but for limits."""
        self._room = room
        self._fit()

    def _fit(self) -> None:
        sizes = range(LARGEST, EDGE, -8)
        self._edge = next((edge for edge in sizes if self._height_of(edge) <= self._room), EDGE)
        self.setMinimumHeight(self._height_of(self._edge))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for index, image in enumerate(self._shown):
                area = self.area_of(index)
                if area.intersects(event.rect()):
                    painter.drawImage(area, image)
                    if index == self._current:
                        painter.setPen(QPen(appearance().colour("accent"), 2))
                        painter.drawRect(area.adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = [i for i in range(len(self._shown)) if self.area_of(i).contains(event.position().toPoint())]
        if found:
            self._choose(found[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._columns
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -row, Qt.Key.Key_Down: row}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._shown:
            super().keyPressEvent(event)
            return
        self._choose(min(max(self._current + step, 0), len(self._shown) - 1))

    def _choose(self, index: int) -> None:
        self._current = index
        self.update()
        self.chosen.emit(index)
