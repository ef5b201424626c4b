"""A pad to draw on: strokes become the pixels of an input image, at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.layers.shape import Shape
from gui.look.mosaic import paint_focus_box
from gui.look.pose import Pose
from gui.look.strokes import Stroke, paint_strokes, posed
from gui.style.appearance import appearance
from gui.style.colour_maps import image_of_pixels

FINENESS = 4  # the drawing is kept this many times finer than the image, so that strokes are smooth
LARGEST = 512  # px; an image that is larger than this is drawn at its own fineness


class DrawPad(QWidget):
    """An image of the network's input size, shown large, that can be drawn on with the mouse.

    ``drawn`` tells of every stroke segment; `pixels` then gives the image. ``erasing`` draws black. With a ``pose``,
    what is drawn on an empty pad is given moved and scaled so that it stands as the images of a data set do, and as
    coarse as they are if these have ``own`` sizes below the network's.
    """

    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Drawing pad")
        self.erasing = False
        self.pose: Pose | None = None
        self.own: Shape | None = None
        self._strokes: list[Stroke] = []
        self._on_empty = True
        self._given: tuple[QImage, QTransform] | None = None  # what stands as the pose says, and where it went
        self.enabled = True
        self._shape = Shape(1, 28, 28)
        self._fine = QImage()
        self._shown = QImage()
        self._drawing = False
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
        self._strokes, self._on_empty = [], True
        fineness = self._fineness
        size = QSize(self._shape.width * fineness, self._shape.height * fineness)
        self._fine = QImage(size, QImage.Format.Format_RGB888)
        self._fine.fill(Qt.GlobalColor.black)
        self._show()

    def set_pixels(self, pixels: NDArray[np.uint8]) -> None:
        """Begin from an image ``(C, H, W)``, which can then be drawn over."""
        self._strokes, self._on_empty = [], False
        image = image_of_pixels(pixels).convertToFormat(QImage.Format.Format_RGB888)
        self._shape = Shape(*pixels.shape)
        size = QSize(self._shape.width * self._fineness, self._shape.height * self._fineness)
        self._fine = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation)
        self._show()

    def pixels(self) -> NDArray[np.uint8]:
        """The image ``(C, H, W)``, uint8."""
        shown = self._given[0] if self._given else self._shown
        image = shown.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        rgb = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).transpose(2, 0, 1)
        own = np.ascontiguousarray(rgb if self._shape.channels == 3 else rgb[:1].repeat(self._shape.channels, axis=0))
        return _as_trained(own, self._shape) if self._given else own

    @property
    def moved(self) -> bool:
        """Whether the image is not as it was drawn, but stands as the pose says."""
        return self._given is not None

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
        self._given = self._stand(size) if self._on_empty and self._strokes else None
        self.updateGeometry()
        self.update()

    def _stand(self, size: QSize) -> tuple[QImage, QTransform] | None:
        """What was drawn as the images of the data stand."""
        if self.pose is None:
            return None
        own = size.boundedTo(QSize(self.own.width, self.own.height)) if self.own else size
        return posed(self._strokes, self.pose, own)

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
                paint_focus_box(painter, self._on_pad(self._focus))

    def _on_pad(self, box: QRectF) -> QRectF:
        """Where a part of the image, in image pixels, was drawn, in this widget's px."""
        shares = QTransform.fromScale(1 / self._shape.width, 1 / self._shape.height)
        drawn = self._given[1].inverted()[0] if self._given else QTransform()
        return (shares * drawn * QTransform.fromScale(self.width(), self.height())).mapRect(box)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.enabled:
            self._strokes.append(Stroke(self.erasing))
            self._drawing = True
            self._draw_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drawing:
            self._draw_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drawing = False

    def _draw_to(self, event: QMouseEvent) -> None:
        at = event.position()
        stroke = self._strokes[-1]
        stroke.points.append(QPointF(at.x() / self.width(), at.y() / self.height()))
        with QPainter(self._fine) as painter:
            paint_strokes(painter, [Stroke(stroke.erases, stroke.points[-2:])], self._fine.size())
        self._show()
        self.drawn.emit()


def _as_trained(pixels: NDArray[np.uint8], shape: Shape) -> NDArray[np.uint8]:
    """An image enlarged as the images of the data are."""
    from engine.data.images import fit

    return fit(pixels, shape)
