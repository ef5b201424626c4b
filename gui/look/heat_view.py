"""How much each place of an image counts, beside the image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from gui.look.colour_legend import ColourLegend
from gui.look.images_view import ImagesView, NamedImage
from gui.style.colour_maps import ColourMap, image_of, image_of_pixels, span_of
from gui.widgets import layouts


class HeatView(QWidget):
    """The image, its heat at the same size, and what the colours stand for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images = ImagesView()
        self.legend = ColourLegend()
        column = layouts.column(self, spacing=8)
        column.addWidget(self.images, 1)
        column.addWidget(self.legend)

    def show_heat(self, heat: NDArray[np.float32], pixels: NDArray[np.uint8] | None) -> None:
        """Show heat ``(H, W)`` of an image ``(C, H, W)``; heat of another size is stretched over the image."""
        assert pixels is not None  # there is no heat without an image
        finite = np.where(np.isfinite(heat), heat, 0)
        signed = bool((finite < 0).any())
        colours = ColourMap.SIGNED if signed else ColourMap.MAGMA
        span = span_of(finite, signed=signed)
        row, column = np.unravel_index(int(np.abs(finite).argmax()), heat.shape)
        size, most = "×".join(map(str, heat.shape)), f"strongest at row {row}, column {column}"
        self.images.show_images(
            [
                NamedImage("Image {}×{}".format(*pixels.shape[1:]), image_of_pixels(pixels)),
                NamedImage(f"Heat {size}, {most}", image_of(heat, colours, span)),
            ]
        )
        words = "Red is above 0, blue below." if signed else "Brighter counts more."
        self.legend.show_span(colours, span, words)
