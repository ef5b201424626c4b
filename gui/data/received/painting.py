"""How the parts of the picture of what the network receives are drawn."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPen, QPolygonF

from gui.data.received.receipt import Cell, Column, Row
from gui.style.appearance import appearance

HEAD, ROW, LARGEST_ROW = 26, 72, 112
_AIR = 6  # px of a row above and below its pictures
_BADGE_AT, _BADGE = 24, 9  # middle, radius
_ORIGINAL_AT, _WORDS = 40, 70  # where an original stands, and px for its words and the gap before them
_LEFT = 17  # px left of a picture, for the sign of what comes after what
_LINE = 15  # px from one line of words to the next
_WHOLE = 1e-3
_START, _END = Qt.TextElideMode.ElideLeft, Qt.TextElideMode.ElideRight
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def wide_of(row: int) -> int:
    """The width of an original in a row of that height."""
    return (row - _AIR) * 4 // 3


def originals_of(row: int) -> int:
    """The width of the column of the originals."""
    return _ORIGINAL_AT + wide_of(row) + _WORDS


def paint_tint(painter: QPainter, area: QRect) -> None:
    """The ground of the column that is selected."""
    painter.fillRect(area, appearance().colour("sel"))


def paint_nothing(painter: QPainter, area: QRect, words: str) -> None:
    """What is said where there are no images."""
    look = appearance()
    painter.setFont(look.font(13))
    painter.setPen(look.colour("muted"))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(24, 0, -24, 0), flags, words)


def paint_column_head(painter: QPainter, area: QRect, column: Column, number: int, *, chosen: bool) -> None:
    """Number, icon and title of a step; ``number`` is 0 for what is none."""
    look = appearance()
    painter.fillRect(area, look.colour("sel" if chosen else "panel"))
    left, tone = area.left() + _LEFT, "text" if chosen else "muted"
    painter.setFont(look.font(11, mono=True))
    painter.setPen(look.colour(tone))
    if number:
        painter.drawText(QRect(left, area.top(), 20, HEAD), _MIDDLE, str(number))
        left += 8 + QFontMetrics(painter.font()).horizontalAdvance(str(number))
    if column.icon:
        look.icon(column.icon, tone).paint(painter, left, area.top() + 6, 14, 14)
        left += 19
    painter.setFont(look.font(11, weight=600 if chosen else 400))
    _write(painter, QRect(left, area.top(), area.right() - left, HEAD), column.title)


def paint_original_head(painter: QPainter, area: QRect) -> None:
    """The head of the column of the originals."""
    look = appearance()
    painter.fillRect(area, look.colour("panel"))
    painter.setFont(look.font(11))
    painter.setPen(look.colour("muted"))
    painter.drawText(area.adjusted(_ORIGINAL_AT, 0, 0, 0), _MIDDLE, "Original")


def paint_original(painter: QPainter, area: QRect, image: QImage, row: Row, *, number: int) -> None:
    """An image before all steps with its number, its class and name, and a box around what the network sees."""
    look = appearance()
    painter.fillRect(area, look.colour("panel"))
    middle = area.center().y()
    paint_badge(painter, QPoint(_BADGE_AT, middle), number)
    wide, high = wide_of(area.height()), area.height() - _AIR
    place = _fitted(image.size(), QRect(area.left() + _ORIGINAL_AT, area.top() + 2, wide, high))
    _draw(painter, place, image)
    _outline(painter, place, row)
    words = QRect(area.left() + _ORIGINAL_AT + wide + 8, area.top(), _WORDS - 10, area.height())
    lines = [line for line in (row.label, row.name) if line]
    for line, at, tone in zip(lines, _lines(words, len(lines)), ("text", "muted"), strict=False):
        painter.setFont(look.font(11, mono=line is row.name))
        painter.setPen(look.colour(tone))
        _write(painter, at, line, where=_START if line is row.name else _END)


def paint_badge(painter: QPainter, middle: QPoint, number: int) -> None:
    """The number of a marked image in a filled circle."""
    look = appearance()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("primary"))
    painter.drawEllipse(middle, _BADGE, _BADGE)
    painter.setFont(look.font(11, weight=600))
    painter.setPen(look.colour("on_primary"))
    around = QRect(middle.x() - _BADGE, middle.y() - _BADGE, 2 * _BADGE, 2 * _BADGE)
    painter.drawText(around, Qt.AlignmentFlag.AlignCenter, str(number))


def paint_cell(painter: QPainter, area: QRect, image: QImage, cell: Cell, *, limits: Mapping[str, float]) -> None:
    """An image after a step, and beside it what was drawn; both stand out where a value is beyond its limit."""
    beyond = cell.lines_beyond(limits)
    look = appearance()
    sign = look.icon("mdi6.chevron-right", "faint")
    sign.paint(painter, area.left() - 1, area.center().y() - 7, 14, 14)
    edge = area.height() - _AIR
    place = _fitted(image.size(), QRect(area.left() + _LEFT, area.top() + 2, edge, edge))
    _draw(painter, place, image)
    if beyond:
        painter.setPen(QPen(look.colour("warn"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(place).adjusted(0, 0, 0, 0), 3, 3)
    left = area.left() + _LEFT + edge + 5
    words = QRect(left, area.top(), area.right() - left, area.height())
    for number, (line, at) in enumerate(zip(cell.lines, _lines(words, len(cell.lines)), strict=True)):
        painter.setPen(look.colour("warn" if number in beyond else "muted" if cell.skipped else "text"))
        painter.setFont(_font_of(line, strong=number in beyond))
        _write(painter, at, line)


def _font_of(line: str, *, strong: bool) -> QFont:
    """Numbers stand in columns, words do not."""
    return appearance().font(11, weight=600 if strong else 400, mono=any(map(str.isdigit, line)))


def _lines(area: QRect, count: int) -> list[QRect]:
    """Where lines of words stand, together in the middle."""
    top = area.center().y() - count * _LINE // 2
    return [QRect(area.left(), top + number * _LINE, area.width(), _LINE) for number in range(count)]


def _write(painter: QPainter, area: QRect, text: str, *, where: Qt.TextElideMode = _END) -> None:
    shown = painter.fontMetrics().elidedText(text, where, area.width())
    painter.drawText(area, _MIDDLE, shown)


def _draw(painter: QPainter, place: QRect, image: QImage) -> None:
    """Draw an image; the pixels of one that is enlarged can be told apart, as on the sheet."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > place.width())
    painter.drawImage(place, image)


def _fitted(size: QSize, area: QRect) -> QRect:
    """The largest place within an area that keeps the proportions, in its middle."""
    fitted = size.scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(
        area.left() + (area.width() - fitted.width()) // 2,
        area.top() + (area.height() - fitted.height()) // 2,
        fitted.width(),
        fitted.height(),
    )


def _outline(painter: QPainter, place: QRect, row: Row) -> None:
    """A box around what the network sees, unless that is the whole image; black beside it shows it on any picture."""
    corners = np.array(((0, 0), (1, 0), (1, 1), (0, 1)), float)
    found = row.outline[:: max(len(row.outline) // 4, 1)]
    if _same(found, corners) and _same(row.outline.clip(0, 1), row.outline):
        return
    points = [QPointF(place.left() + x * place.width(), place.top() + y * place.height()) for x, y in row.outline]
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    painter.save()
    painter.setClipRect(place, Qt.ClipOperation.IntersectClip)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor("black"), 4), (appearance().colour("focus_pixel"), 2)):
        painter.setPen(QPen(colour, width))
        painter.drawPath(path)
    painter.restore()


def _same(these: np.ndarray, those: np.ndarray) -> bool:
    return these.shape == those.shape and bool(np.abs(these - those).max() < _WHOLE)
