"""A pad to draw on: strokes become the pixels of an input image, at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.layers.shape import Shape
from gui.look.mosaic import paint_focus_box
from gui.style.appearance import appearance
from gui.style.colour_maps import image_of_pixels

FINENESS = 4  # the drawing is kept this many times finer than the image, so that strokes are smooth
LARGEST = 512  # px; an image that is larger than this is drawn at its own fineness


class DrawPad(QWidget):
    """An image of the network's input size, shown large, that can be drawn on with the mouse.

    ``drawn`` tells of every stroke segment; `pixels` then gives the image. ``erasing`` draws black.
    """

    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Drawing pad")
        self.erasing = False
        self.enabled = True
        self._shape = Shape(1, 28, 28)
        self._fine = QImage()
        self._shown = QImage()
        self._last: QPointF | None = None
        self._focus: QRectF | None = None
        self.set_shape(self._shape)
        appearance().changed.connect(self.update)

    @property
    def shape(self) -> Shape:
        """The input shape the pad draws for."""
        return self._shape

    @property
    def blank(self) -> bool:
        """Whether nothing has been drawn."""
        return not self.pixels().any()

    def set_shape(self, shape: Shape) -> None:
        """Draw for another input shape, on an empty pad."""
        self._shape = shape
        self.clear()

    def clear(self) -> None:
        """Begin again with an empty pad."""
        fineness = self._fineness
        size = QSize(self._shape.width * fineness, self._shape.height * fineness)
        self._fine = QImage(size, QImage.Format.Format_RGB888)
        self._fine.fill(Qt.GlobalColor.black)
        self._show()

    def set_pixels(self, pixels: NDArray[np.uint8]) -> None:
        """Begin from an image ``(C, H, W)``, which can then be drawn over."""
        image = image_of_pixels(pixels).convertToFormat(QImage.Format.Format_RGB888)
        self._shape = Shape(*pixels.shape)
        size = QSize(self._shape.width * self._fineness, self._shape.height * self._fineness)
        self._fine = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation)
        self._show()

    def pixels(self) -> NDArray[np.uint8]:
        """The image ``(C, H, W)``, uint8."""
        image = self._shown.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        rgb = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).transpose(2, 0, 1)
        return np.ascontiguousarray(rgb if self._shape.channels == 3 else rgb[:1].repeat(self._shape.channels, axis=0))

    def show_focus(self, box: QRectF | None) -> None:
        """Mark a part of the image, in image pixels: a receptive field."""
        self._focus = box
        self.update()

    @property
    def _fineness(self) -> int:
        return FINENESS if self._shape.width * FINENESS <= LARGEST else 1

    def _show(self) -> None:
        size = QSize(self._shape.width, self._shape.height)
        smooth = Qt.TransformationMode.SmoothTransformation
        self._shown = self._fine.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        self.updateGeometry()
        self.update()

    # Qt

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(width * self._shape.height / self._shape.width)

    def sizeHint(self) -> QSize:
        return QSize(272, self.heightForWidth(272))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.drawImage(self.rect(), self._shown)
            painter.setPen(appearance().colour("line2"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            if self._focus is not None:
                wide, high = self.width() / self._shape.width, self.height() / self._shape.height
                box = self._focus
                paint_focus_box(
                    painter, QRectF(box.x() * wide, box.y() * high, box.width() * wide, box.height() * high)
                )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.enabled:
            self._last = self._on_image(event)
            self._stroke(self._last)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is not None:
            self._stroke(self._on_image(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._last = None

    def _on_image(self, event: QMouseEvent) -> QPointF:
        point = event.position()
        return QPointF(point.x() * self._fine.width() / self.width(), point.y() * self._fine.height() / self.height())

    def _stroke(self, to: QPointF) -> None:
        with QPainter(self._fine) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = QColor(Qt.GlobalColor.black if self.erasing else Qt.GlobalColor.white)
            pen = QPen(colour, self._fine.width() / (5 if self.erasing else 8))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(self._last or to, to + QPointF(0.01, 0))
        self._last = to
        self._show()
        self.drawn.emit()
