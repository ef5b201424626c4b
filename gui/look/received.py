"""A small picture of what the network receives, where that is not what was drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from gui.style.colour_maps import image_of_pixels

EDGE = 56  # px


class ReceivedPicture(QLabel):
    """Shows an image pixel by pixel; it is hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What the network receives")
        self.setFixedSize(EDGE, EDGE)
        self.hide()

    def show_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show an image ``(C, H, W)``, or none."""
        self.setVisible(pixels is not None)
        if pixels is not None:
            whole, sharp = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
            self.setPixmap(QPixmap.fromImage(image_of_pixels(pixels).scaled(QSize(EDGE, EDGE), whole, sharp)))
