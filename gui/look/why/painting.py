"""Evidence as it is painted: in colours over its image."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from engine.inspection.explaining.evidence import ClassMap, Evidence
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap, Span, image_of, image_of_pixels

_FAINT = 0.25  # of an image under two colours
_KEPT = 64  # pictures that are painted again and again
_OUTLINED = 64  # px: larger images are pictures, whose ink has no outline


def grey_of(pixels: NDArray[np.uint8]) -> QImage:
    """An image in grey, on which colours stand out."""
    return image_of_pixels(pixels).convertToFormat(QImage.Format.Format_Grayscale8)


@lru_cache(maxsize=_KEPT)
def heat_of(evidence: Evidence) -> QImage:
    """What speaks for the class, from 0 to its own 99.5th percentile."""
    return image_of(evidence.strength, ColourMap.MAGMA, Span(0, evidence.strongest or 1.0))


@lru_cache(maxsize=4)
def lead_of(evidence: Evidence) -> QImage:
    """What speaks for one class in red, and for the other in blue."""
    most = float(np.percentile(np.abs(evidence.values), 99.5)) or float(np.abs(evidence.values).max()) or 1.0
    return image_of(evidence.values, ColourMap.SIGNED, Span(-most, most))


def paint_heat(
    painter: QPainter, area: QRect, image: QImage, heat: QImage | None, opacity: float, *, smooth: bool = False
) -> None:
    """Paint heat over an image; without heat the image in grey alone, faint."""
    painter.save()
    painter.fillRect(area, appearance().colour("canvas"))
    painter.setOpacity(1.0 if heat is not None else 0.45)
    painter.drawImage(area, image)
    if heat is not None:
        painter.setOpacity(opacity)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(area, heat.convertToFormat(QImage.Format.Format_RGB32) if smooth else heat)
    painter.restore()


def is_smooth(evidence: Evidence | None, asked_smooth: bool) -> bool:
    """Whether evidence is enlarged without showing pixels: that of a layer is coarser than they are."""
    return asked_smooth and isinstance(evidence, ClassMap)


def paint_lead(painter: QPainter, area: QRect, pixels: NDArray[np.uint8], lead: QImage) -> None:
    """Paint what speaks for one of two classes, with the ink of the image outlined."""
    painter.drawImage(area, lead)
    if max(pixels.shape[1:]) > _OUTLINED:
        painter.setOpacity(_FAINT)
        painter.drawImage(area, grey_of(pixels))
        painter.setOpacity(1.0)
        return
    painter.setPen(QPen(QColor(Qt.GlobalColor.black), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline(pixels, QRectF(area)))


def outline(pixels: NDArray[np.uint8], area: QRectF) -> QPainterPath:
    """The edges between pixels that are brighter than the middle of the image's range and those that are not."""
    grey = pixels.mean(axis=0)
    ink = np.pad(grey > (float(grey.max()) + float(grey.min())) / 2, 1)
    across, down = area.width() / grey.shape[1], area.height() / grey.shape[0]
    path = QPainterPath()
    for row, column in np.argwhere(ink[1:, 1:-1] != ink[:-1, 1:-1]):
        path.moveTo(area.left() + column * across, area.top() + row * down)
        path.lineTo(area.left() + (column + 1) * across, area.top() + row * down)
    for row, column in np.argwhere(ink[1:-1, 1:] != ink[1:-1, :-1]):
        path.moveTo(area.left() + column * across, area.top() + row * down)
        path.lineTo(area.left() + column * across, area.top() + (row + 1) * down)
    return path


def paint_ramp(painter: QPainter, area: QRect, colours: ColourMap) -> None:
    """A bar with the colours of a map, from low to high."""
    ramp = np.linspace(0, 1, 256, dtype=np.float32)[None]
    painter.drawImage(area, image_of(ramp, colours, Span(0, 1)))
