"""The popup that adds a layer by name: type, pick, Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.layers import Family
from gui.draw.canvas.floating.popup import Popup
from gui.draw.canvas.items.paints import icon_name, paints
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets.index import Index

ROWS = 6
ROW_HEIGHT = 26
CHOICE = Qt.ItemDataRole.UserRole


class Choice:
    """A row of a chooser: its words, its family, what stands at its right, and what it stands for."""

    def __init__(
        self, title: str, value: object, *, family: Family | None = None, right: str = "", fails: bool = False
    ) -> None:
        self.title = title
        self.value = value
        self.family = family
        self.right = right
        self.fails = fails


class Chooser(Popup):
    """A field above a list, floating over the canvas. Arrows move in the list, Enter picks, Esc closes."""

    text_changed = Signal(str)
    chosen = Signal(object)  # the value of the picked row

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(False)
        self._lens = self.field.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        appearance().changed.connect(self._show_lens)
        self._show_lens()
        self.field.textChanged.connect(self.text_changed)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Row(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName("Layers that can be added")
        self.list.itemClicked.connect(self._pick)
        self.foot = QLabel()
        role(self.foot, "caption")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 10, 10, 8)
        self._column.setSpacing(6)
        for widget in (self.field, self.list, self.foot):
            self._column.addWidget(widget)

    def _show_lens(self) -> None:
        self._lens.setIcon(appearance().icon("mdi6.magnify"))

    def open_at(self, point: QPointF, placeholder: str) -> None:
        """Show the popup with its top middle at a point of the parent, as far as it fits in."""
        self.field.setPlaceholderText(placeholder)
        self.field.setAccessibleName(placeholder)
        self.field.clear()
        self.text_changed.emit("")
        self.adjustSize()
        self.show_at(point)
        self.field.setFocus()

    def offer(self, choices: list[Choice], *, nothing: str, foot: str) -> None:
        """Fill the list and say ``foot`` below it; ``nothing`` if it is empty."""
        self.list.clear()
        for choice in choices:
            item = QListWidgetItem(choice.title)
            item.setData(CHOICE, choice)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{choice.title}, {choice.right}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(min(ROWS, len(choices)) * ROW_HEIGHT)
        self.list.setVisible(bool(choices))
        self.foot.setText(foot if choices else nothing)
        self._column.activate()
        self.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if watched is self.field and event.type() is QEvent.Type.FocusOut:
            self.close_up()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS}
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick(self.list.currentItem())
        elif key is Qt.Key.Key_Escape:
            self.close_up()
        elif key in step:
            row = self.list.currentRow() + step[key]
            self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
        else:
            return False
        return True

    def _pick(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.hide()
            self.closed.emit()
            self.chosen.emit(item.data(CHOICE).value)


class _Row(QStyledItemDelegate):
    """Stripe, icon, title, and the shape at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, choice, row = appearance(), index.data(CHOICE), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            painter.setBrush(look.colour("sel" if selected else "hover"))
            painter.drawRoundedRect(row, 4, 4)
        painter.setBrush(paints().family(choice.family))
        painter.drawRoundedRect(QRectF(row.left() + 4, row.top() + 5, 3, row.height() - 10), 1.5, 1.5)
        look.icon(icon_name(choice.family)).paint(painter, round(row.left()) + 14, round(row.center().y()) - 7, 14, 14)
        self._texts(painter, choice, row)
        painter.restore()

    def _texts(self, painter: QPainter, choice: Choice, row: QRectF) -> None:
        look, middle = appearance(), Qt.AlignmentFlag.AlignVCenter
        right_font = look.font(11, mono=choice.right[:1].isdigit())
        title_font = look.font(13)
        title_width = QFontMetricsF(title_font).horizontalAdvance(choice.title)
        width = row.width() - 36 - 8
        right = QFontMetricsF(right_font).elidedText(
            choice.right, Qt.TextElideMode.ElideRight, max(60, width - title_width - 10)
        )
        right_width = QFontMetricsF(right_font).horizontalAdvance(right)
        painter.setFont(right_font)
        painter.setPen(look.colour("err" if choice.fails else "muted"))
        painter.drawText(row.adjusted(0, 0, -8, 0), middle | Qt.AlignmentFlag.AlignRight, right)
        painter.setFont(title_font)
        painter.setPen(look.colour("muted" if choice.fails else "text"))
        title = QFontMetricsF(title_font).elidedText(
            choice.title, Qt.TextElideMode.ElideRight, width - right_width - 10
        )
        painter.drawText(row.adjusted(36, 0, 0, 0), middle, title)
