"""How patches, pictures and means are painted, on cards and beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gui.style.appearance import appearance

ACROSS = 3
"""Patches beside each other, and below each other."""

_SMALL = 28  # px of an image that is enlarged by whole numbers
_ARROW = 16  # px
_LABEL = 11  # px below bars
_MOST_LABELS, _LONGEST_LABEL = 12, 2  # bars that all have names, and signs of such a name
_GAP = 2  # px between bars


def sheet_size(tile: int) -> int:
    """The edge of a sheet of nine patches, px."""
    return ACROSS * tile + ACROSS - 1


def tile_area(corner: QPoint, rank: int, tile: int) -> QRect:
    """Where a patch stands on a sheet."""
    row, column = divmod(rank, ACROSS)
    return QRect(corner.x() + column * (tile + 1), corner.y() + row * (tile + 1), tile, tile)


def tile_at(corner: QPoint, tile: int, point: QPoint) -> int | None:
    """The patch of a sheet at a point."""
    return next((rank for rank in range(ACROSS**2) if tile_area(corner, rank, tile).contains(point)), None)


def shown_size(image: QSize, area: QSize) -> QSize:
    """How large an image is shown in a place: enlarged by whole numbers if it is small, else as large as there is room.

    A patch that fits a usual tile keeps its pixels square and sharp.
    """
    factor = min(area.width() // max(1, image.width()), area.height() // max(1, image.height()))
    if factor and max(image.width(), image.height()) <= _SMALL:
        return image * factor
    return image.scaled(area, Qt.AspectRatioMode.KeepAspectRatio)


def paint_image(painter: QPainter, area: QRect, image: QImage) -> QRect:
    """Paint an image in the middle of its place, by the mean of its pixels where it is made smaller; where it is."""
    target = QRect(QPoint(0, 0), shown_size(image.size(), area.size()))
    target.moveCenter(area.center())
    painter.fillRect(area, appearance().colour("canvas"))
    if max(image.width(), image.height()) > _SMALL:
        ratio, smooth = painter.device().devicePixelRatioF(), Qt.TransformationMode.SmoothTransformation
        image = image.scaled(target.size() * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    painter.drawImage(target, image)
    return target


def paint_sheet(painter: QPainter, corner: QPoint, tile: int, images: Sequence[QImage]) -> None:
    """Nine patches; wells where there are none."""
    for rank in range(ACROSS**2):
        area = tile_area(corner, rank, tile)
        if rank < len(images):
            paint_image(painter, area, images[rank])
        else:
            painter.fillRect(area, appearance().colour("canvas"))


def paint_arrow(painter: QPainter, area: QRect) -> None:
    """An arrow from patches to what was projected back."""
    if area.width() < _ARROW // 2:
        return
    middle = QRect(0, 0, min(_ARROW, area.width()), _ARROW)
    middle.moveCenter(area.center())
    appearance().icon("mdi6.arrow-right-thin", "faint").paint(painter, middle)


def paint_hatching(painter: QPainter, area: QRect) -> None:
    """The ground of what is dead."""
    painter.save()
    painter.setClipRect(area)
    painter.setPen(QPen(appearance().colour("line"), 3))
    for left in range(area.left() - area.height(), area.right(), 10):
        painter.drawLine(left, area.bottom() + 1, left + area.height() + 1, area.top())
    painter.restore()


def paint_means(painter: QPainter, area: QRect, means: NDArray[np.float64], names: Sequence[str], best: int) -> None:
    """The mean of the strongest answers for each class as bars from 0, that of the ``best`` class in accent.

    Few classes with short names all have theirs below; else the best alone has it.
    """
    look, count = appearance(), len(means)
    bars = area.adjusted(0, 0, 0, -_LABEL)
    known = np.nan_to_num(means, nan=0.0)
    low, high = min(0.0, float(known.min())), max(0.0, float(known.max()))
    scale = bars.height() / (high - low) if high > low else 0.0
    ground, pitch = bars.bottom() + 1 + low * scale, area.width() / count
    gap = _GAP if pitch > 2 * _GAP else 0
    all_named = count <= _MOST_LABELS and max(map(len, names), default=0) <= _LONGEST_LABEL
    painter.setFont(look.font(9))
    for place, mean in enumerate(known.tolist()):
        left, is_best = area.left() + place * pitch, place == best
        top = min(ground, ground - mean * scale)
        bar = QRectF(left, top, max(1.0, pitch - gap), max(1.0, abs(mean) * scale))
        painter.fillRect(bar, look.colour("accent" if is_best else "wire"))
        if names and (all_named or is_best):
            painter.setFont(look.font(9, weight=600 if is_best else 400))
            painter.setPen(look.colour("text" if is_best else "muted"))
            if all_named:
                below = QRectF(left - 4, bars.bottom() + 1, pitch - gap + 8, _LABEL)
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, names[place])
            else:
                _write_name(painter, area, QPointF(left + pitch / 2, bars.bottom() + 1), names[place])


def _write_name(painter: QPainter, area: QRect, at: QPointF, name: str) -> None:
    """A name below its bar, but within the area."""
    metrics = painter.fontMetrics()
    text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, area.width())
    wide = metrics.horizontalAdvance(text) + 1
    left = min(max(area.left(), at.x() - wide / 2), area.right() + 1 - wide)
    painter.drawText(QRectF(left, at.y(), wide, _LABEL), Qt.AlignmentFlag.AlignVCenter, text)


def ring(painter: QPainter, area: QRect) -> None:
    """The mark of the patch below the pointer, and of what belongs to it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(appearance().colour("focus_pixel"), 2))
    painter.drawRect(area.adjusted(0, 0, -1, -1))
