"""Figures of a table with a dot beside each, on one scale for all rows."""

from __future__ import annotations

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.style.appearance import appearance

VALUE = Qt.ItemDataRole.UserRole + 1  # a fraction; infinite where there is none
_TEXT, _GAP, _PAD, _DOT = 44, 14, 8, 8  # px


class DotDelegate(QStyledItemDelegate):
    """The number, and right of it a dot between ``low`` and 1; the column's head says where the scale starts."""

    def __init__(self, parent: QWidget, *, strong: bool = False) -> None:
        super().__init__(parent)
        self.low = 0.0
        self._token = "accent" if strong else "wire"

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look, value = appearance(), index.data(VALUE)
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        whole.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, whole, painter, option.widget)
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(12, mono=True))
        painter.setPen(look.colour("text"))
        text = QRectF(area.left() + _PAD, area.top(), _TEXT, area.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(index.data()))
        track = QRectF(text.right() + _GAP, area.center().y() - 3, area.right() - _PAD - text.right() - _GAP, 6)
        if track.width() > _DOT and value is not None and math.isfinite(value):
            self._paint_dot(painter, track, value)
        painter.restore()

    def _paint_dot(self, painter: QPainter, track: QRectF, value: float) -> None:
        look = appearance()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("line"))
        painter.drawRoundedRect(track, 3, 3)
        place = min(max((value - self.low) / (1 - self.low), 0.0), 1.0)
        left = track.left() + place * (track.width() - _DOT)
        painter.setBrush(look.colour(self._token))
        painter.drawEllipse(QRectF(left, track.center().y() - _DOT / 2, _DOT, _DOT))
