"""How Grad-CAM comes about: the maps that add most, and the sum before and after it is enlarged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from engine.inspection.explaining.evidence import ClassMap
from engine.words import counted, number_text, signed_text
from gui.look.why import painting
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap, Span, image_of, short, span_of

MOST, _ROW, _MAP = 5, 40, 34
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LargestParts(QWidget):
    """Five maps with the largest Σ α·A: the map, its α, and the sum with a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: ClassMap | None = None
        self._images: dict[int, QImage] = {}
        self.setAccessibleName("Maps with the largest part")
        appearance().changed.connect(self.update)

    def show_parts(self, found: ClassMap) -> None:
        """Show those of Grad-CAM that kept its maps."""
        if found is self._found:
            return
        self._found = found
        maps = found.maps
        self._images = {} if maps is None else {place: _image(maps[place]) for place in found.largest(MOST)}
        lines = (f"map {place}, α {_alpha(found, place)}, {_part(found, place)}" for place in found.largest(MOST))
        self.setAccessibleDescription("; ".join(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _ROW * (len(self._found.largest(MOST)) if self._found else MOST))

    minimumSizeHint = sizeHint  # noqa: N815

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._found is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row, place in enumerate(self._found.largest(MOST)):
                self._paint(painter, QRect(0, row * _ROW, self.width(), _ROW), place)

    def _paint(self, painter: QPainter, area: QRect, place: int) -> None:
        look, found = appearance(), self._found
        assert found is not None
        picture = QRect(area.left(), area.top() + 3, _MAP, _MAP)
        if place in self._images:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
            painter.drawImage(picture, self._images[place])
        words = area.adjusted(_MAP + 10, 0, 0, 0)
        painter.setFont(look.font(12))
        painter.setPen(look.colour("text"))
        painter.drawText(words, _LEFT, f"map {place}")
        painter.drawText(area, _RIGHT, _part(found, place))
        painter.setFont(look.font(11, mono=True))
        painter.setPen(look.colour("muted"))
        painter.drawText(words.adjusted(64, 0, 0, 0), _LEFT, f"α {_alpha(found, place)}")
        track = QRectF(words.left() + 150, area.center().y() - 2, max(20, area.width() - words.left() - 210), 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("hover"))
        painter.drawRoundedRect(track, 2, 2)
        most = float(np.abs(found.parts[found.largest(MOST)]).max()) or 1.0
        track.setWidth(track.width() * max(0.0, float(found.parts[place])) / most)
        painter.setBrush(look.colour("accent"))
        painter.drawRoundedRect(track, 2, 2)


class Enlarging(QWidget):
    """The sum as coarse as the layer is, and beside it as large as the image."""

    SIDE = 84

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: ClassMap | None = None
        self._pixels: NDArray[np.uint8] | None = None
        self._opacity, self._smooth = 1.0, True
        self.setFixedHeight(self.SIDE)
        self.setMinimumWidth(2 * self.SIDE + 36)
        appearance().changed.connect(self.update)

    def show_map(self, found: ClassMap, pixels: NDArray[np.uint8], opacity: float, *, smooth: bool) -> None:
        """Show the map of a layer for an image."""
        self._found, self._pixels, self._opacity, self._smooth = found, pixels, opacity, smooth
        self.setAccessibleName(enlarged_words(found, pixels, smooth=smooth))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        found, pixels = self._found, self._pixels
        if found is None or pixels is None:
            return
        with QPainter(self) as painter:
            raw = image_of(found.raw, ColourMap.MAGMA, Span(0, float(found.raw.max()) or 1.0))
            painter.drawImage(QRect(0, 0, self.SIDE, self.SIDE), raw)
            painter.setPen(appearance().colour("muted"))
            middle = self.SIDE / 2
            painter.drawLine(QPointF(self.SIDE + 10, middle), QPointF(self.SIDE + 26, middle))
            for up in (-4, 4):
                painter.drawLine(QPointF(self.SIDE + 22, middle + up), QPointF(self.SIDE + 26, middle))
            area = QRect(self.SIDE + 36, 0, self.SIDE, self.SIDE)
            heat = painting.heat_of(found)
            painting.paint_heat(painter, area, painting.grey_of(pixels), heat, self._opacity, smooth=self._smooth)


def enlarged_words(found: ClassMap, pixels: NDArray[np.uint8], *, smooth: bool) -> str:
    """What enlarging does, with the sizes."""
    rows, columns = found.raw.shape
    height, width = pixels.shape[1:]
    sizes = f"{rows}×{columns} cells enlarged to {height}×{width}"
    return (
        f"{sizes}: the blur is the layer’s own coarseness, not evidence."
        if smooth
        else f"{sizes}, as coarse as they are."
    )


def numbers(found: ClassMap, name: str) -> str:
    """The formula with the numbers of an image."""
    rows, columns = found.raw.shape
    maps = len(found.weights)
    against = found.speaking_against
    score = number_text(found.explained.score, 2)
    have = "has" if against == 1 else "have"
    speak = "speaks" if against == 1 else "speak"
    cells = counted(rows * columns, "cell")
    return (
        f"y = {score}, the score of {name} before the softmax. n = {rows}·{columns} = {cells}. "
        f"{against} of {counted(maps, 'map')} {have} a negative α and {speak} against {name}."
    )


def _image(values: NDArray[np.float32]) -> QImage:
    return image_of(values, ColourMap.SIGNED, span_of(values, signed=True))


def _alpha(found: ClassMap, place: int) -> str:
    value = float(found.weights[place])
    return number_text(value, 4) if abs(value) >= 0.0001 or value == 0 else signed_text(short(value))


def _part(found: ClassMap, place: int) -> str:
    return signed_text(short(float(found.parts[place])))
