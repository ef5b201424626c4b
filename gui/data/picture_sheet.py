"""The sheet of pictures of data without classes."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.words import counted
from gui.data.sample_loader import EDGE, Samples
from gui.style.colour_maps import image_of_pixels

_PICTURE, _STEP = EDGE // 2, EDGE // 2 + 4
_SIDE, _ABOVE = 16, 2  # margins


class PictureSheet(QWidget):
    """As many pictures beside each other as there is room for, in the order of the data."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: list[QImage] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Images of the data set")

    def show_samples(self, samples: Samples | None) -> None:
        """Show the pictures of a data set."""
        found = samples.thumbnails if samples else None
        self.pictures = [image_of_pixels(pixels) for pixels in found.pixels] if found else []
        self.setAccessibleDescription(counted(samples.description.images, "image") if samples else "")
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return -(-len(self.pictures) // _columns(width)) * _STEP + 2 * _ABOVE

    def sizeHint(self) -> QSize:
        width = 2 * _SIDE + 16 * _STEP
        return QSize(width, self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            columns = _columns(self.width())
            for index, picture in enumerate(self.pictures):
                row, column = divmod(index, columns)
                place = QRect(_SIDE + column * _STEP, _ABOVE + row * _STEP, _PICTURE, _PICTURE)
                if place.intersects(event.rect()):
                    painter.drawImage(place, picture)


def _columns(width: int) -> int:
    return max(1, (width - 2 * _SIDE + _STEP - _PICTURE) // _STEP)
