"""Numbers as colours: the maps that feature maps, filters and their legends are painted with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from engine.words import number_text, signed_text


class ColourMap(StrEnum):
    """What the colour-map chooser offers; `SIGNED` is for data around 0 and is chosen by itself."""

    VIRIDIS = "Viridis"
    MAGMA = "Magma"
    GREY = "Grey"
    SIGNED = "Signed"


class Normalise(StrEnum):
    """What the ends of the colour map stand for."""

    PER_MAP = "Per map"
    LAYER = "Layer"
    FIXED = "Fixed"


@dataclass(frozen=True, slots=True)
class Span:
    """The values at the two ends of a colour map."""

    low: float
    high: float


_SOURCES = {
    ColourMap.VIRIDIS: "viridis",
    ColourMap.MAGMA: "magma",
    ColourMap.GREY: "CET-L1",
    ColourMap.SIGNED: "CET-D1",
}


@cache
def table(colours: ColourMap) -> list[int]:
    """256 colours as ``QImage.setColorTable`` takes them."""
    rgb = pyqtgraph.colormap.get(_SOURCES[colours]).getLookupTable(nPts=256).astype(np.uint32)
    return [int(0xFF000000 | red << 16 | green << 8 | blue) for red, green, blue in rgb[:, :3]]


def span_of(values: NDArray[np.floating], *, signed: bool = False) -> Span:
    """The span that just holds the finite ones of ``values`` and 0; symmetric around 0 if ``signed``."""
    finite = values[np.isfinite(values)]
    low, high = float(np.min(finite, initial=0.0)), float(np.max(finite, initial=0.0))
    if signed:
        low, high = -max(-low, high), max(-low, high)
    return Span(low, high)


def short(value: float) -> str:
    """A value in few signs: two places, or powers of ten for what two places would hide: "0.42", "2.0e-3"."""
    if value == 0 or abs(value) >= 0.01:
        return number_text(value, 2)
    mantissa, exponent = f"{value:.1e}".split("e")
    return signed_text(f"{mantissa}e{int(exponent)}")


def image_of(values: NDArray[np.float32], colours: ColourMap, span: Span) -> QImage:
    """One map ``(H, W)`` as an image of its size; NaN takes the low end, what is infinite its own."""
    width = span.high - span.low
    inside = np.nan_to_num(values.astype(np.float64), nan=span.low).clip(span.low, span.high)
    indices = (inside - span.low) * (255 / width) if width > 0 else np.zeros_like(inside)
    return _indexed(indices.astype(np.uint8), colours)


def image_of_pixels(pixels: NDArray[np.uint8]) -> QImage:
    """An input image ``(C, H, W)``, uint8, as it looks: three channels as colour, else the first as grey."""
    if len(pixels) != 3:
        return _indexed(np.ascontiguousarray(pixels[0]), ColourMap.GREY)
    rgb = np.ascontiguousarray(pixels.transpose(1, 2, 0))
    height, width, _ = rgb.shape
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _indexed(indices: NDArray[np.uint8], colours: ColourMap) -> QImage:
    indices = np.ascontiguousarray(indices)
    height, width = indices.shape
    image = QImage(indices.data, width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(table(colours))
    return image
