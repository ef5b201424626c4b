"""A few images side by side, enlarged, with their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.style.appearance import appearance

_GAP = 16
_CAPTION = 24


class NamedImage(NamedTuple):
    """An image and what stands below it."""

    name: str
    image: QImage


class ImagesView(QWidget):
    """Images as large as there is room, all in the proportions of the first: they show the same field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: tuple[NamedImage, ...] = ()
        appearance().changed.connect(self.update)

    def show_images(self, images: Sequence[NamedImage]) -> None:
        """Show these images."""
        self._images = tuple(images)
        self.setAccessibleName(", ".join(image.name for image in images))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            look = appearance()
            painter.setFont(look.font(11))
            for place, (name, image) in enumerate(self._images):
                area = self._area(place)
                painter.drawImage(area, image)
                painter.setPen(look.colour("line2"))
                painter.drawRect(area.adjusted(0, 0, -1, -1))
                painter.setPen(look.colour("muted"))
                below = QRect(area.left(), area.bottom() + 1, area.width(), _CAPTION)
                painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def _area(self, place: int) -> QRect:
        """Where an image stands."""
        count = len(self._images)
        room = QSize((self.width() - _GAP * (count - 1)) // count, self.height() - _CAPTION)
        size = self._images[0].image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        return QRect(place * (size.width() + _GAP), 0, size.width(), size.height())
