"""How a row of the Layers panel is drawn, and the picture that follows the pointer in a drag."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.layers import Family, Layer
from gui.style.appearance import appearance
from gui.style.style import LIST_ROW
from gui.style.theme import FAMILY_ICONS
from gui.widgets.index import Index

ENTRY = Qt.ItemDataRole.UserRole
"""Role of an `Entry`; a family's row has none and answers `FAMILY` and `COUNT`."""
FAMILY = Qt.ItemDataRole.UserRole + 1
COUNT = Qt.ItemDataRole.UserRole + 2

_MARGIN = 8
_VERTICAL = Qt.AlignmentFlag.AlignVCenter
_RIGHT = _VERTICAL | Qt.AlignmentFlag.AlignRight


class RowPainter(QStyledItemDelegate):
    """Families with chevron, colour square and count; layers with stripe, icon, title and hint."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, LIST_ROW + (2 if index.data(ENTRY) is None else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = QRect(option.rect).adjusted(_MARGIN, 0, -_MARGIN, 0)
        _background(painter, row, option.state)
        if index.data(ENTRY) is None:
            self._family(painter, row, option, index)
        else:
            self._layer(painter, row, index)
        painter.restore()

    def _family(self, painter: QPainter, row: QRect, option: QStyleOptionViewItem, index: Index) -> None:
        look = appearance()
        family = Family(index.data(FAMILY))  # Qt keeps the plain text of a StrEnum
        open_ = bool(option.state & QStyle.StateFlag.State_Open)
        chevron = look.icon("mdi6.chevron-down" if open_ else "mdi6.chevron-right")
        chevron.paint(painter, row.left() + 3, row.top(), 14, row.height())
        square(painter, row.left() + 27, row.center().y() - 4, family)
        painter.setFont(look.font(13, weight=600))
        painter.setPen(look.colour("text"))
        painter.drawText(row.adjusted(46, 0, -24, 0), _VERTICAL, family.value)
        painter.setFont(look.font(12))
        painter.setPen(look.colour("faint"))
        painter.drawText(row, _RIGHT, f"{index.data(COUNT)}")

    def _layer(self, painter: QPainter, row: QRect, index: Index) -> None:
        look, entry = appearance(), index.data(ENTRY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.family(entry.family))
        painter.drawRoundedRect(QRectF(row.left() + 1, row.top() + 6, 3, row.height() - 12), 1.5, 1.5)
        look.icon(FAMILY_ICONS[entry.family]).paint(painter, row.left() + 16, row.center().y() - 7, 15, 15)
        painter.setFont(look.font(11))
        hint_width = painter.fontMetrics().horizontalAdvance(entry.hint)
        painter.setPen(look.colour("muted"))
        painter.drawText(row.adjusted(0, 0, -2, 0), _RIGHT, entry.hint)
        painter.setFont(look.font(13))
        painter.setPen(look.colour("text"))
        rect = row.adjusted(42, 0, -hint_width - 10, 0)
        title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _VERTICAL, title)


def square(painter: QPainter, x: int, y: int, family: Family) -> None:
    """The family's colour as a small square."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(appearance().family(family))
    painter.drawRoundedRect(QRectF(x, y, 10, 10), 2, 2)


def drag_picture(layer: Layer, ratio: float) -> QPixmap:
    """The node that a drop would make, as the canvas draws it."""
    look, size = appearance(), QSize(200, 48)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.5, 0.5, size.width() - 1, size.height() - 1)
        painter.setPen(look.colour("accent"))
        painter.setBrush(look.colour("raised"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.family(layer.family))
        painter.drawRoundedRect(QRectF(1, 1, 5, size.height() - 2), 2, 2)
        look.icon(FAMILY_ICONS[layer.family]).paint(painter, 13, 8, 14, 14)
        painter.setFont(look.font(13, weight=600))
        painter.setPen(look.colour("text"))
        painter.drawText(32, 19, layer.title)
        painter.setFont(look.font(11))
        painter.setPen(look.colour("muted"))
        painter.drawText(32, 37, painter.fontMetrics().elidedText(layer.summary(), Qt.TextElideMode.ElideRight, 156))
    return pixmap


def _background(painter: QPainter, row: QRect, state: QStyle.StateFlag) -> None:
    selected = bool(state & QStyle.StateFlag.State_Selected)
    focused = bool(state & QStyle.StateFlag.State_HasFocus)
    if not (selected or focused or state & QStyle.StateFlag.State_MouseOver):
        return
    colour = appearance().colour
    painter.setPen(colour("accent") if focused else Qt.PenStyle.NoPen)
    painter.setBrush(colour("sel" if selected else "hover"))
    painter.drawRoundedRect(QRectF(row).adjusted(-3.5, 0.5, 3.5, -0.5), 4, 4)
