"""Find command: every command by its words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.registry.commands import commands_in_menus
from gui.shell.actions import Actions
from gui.style.appearance import appearance
from gui.style.style import role

_WIDTH, _ROWS = 480, 10
_AIR = 8  # px that the style keeps free around a list's rows
_KEYS_FOLLOW = "\t"  # in the text of an action whose keys Qt does not know
Index = QModelIndex | QPersistentModelIndex
_KEYS = Qt.ItemDataRole.UserRole + 1


class CommandPalette(QDialog):
    """A field and a list; Enter runs the command, Esc closes."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._actions = actions
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find command")
        self.field.textChanged.connect(self._fill)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_KeysAtTheRight(self.list))
        self.list.setUniformItemSizes(True)
        self.list.itemClicked.connect(self._run)
        self._nothing = QLabel()
        role(self._nothing, "label")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        for part in (self.field, self.list, self._nothing):
            column.addWidget(part)
        self.setFixedWidth(_WIDTH)
        self._fill()

    def open_over(self, window: QWidget) -> None:
        """Open at the top of a window, in the middle."""
        self.move(window.mapToGlobal(QPoint((window.width() - _WIDTH) // 2, 80)))
        self.show()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.currentItem())
        else:
            super().keyPressEvent(event)

    def _fill(self) -> None:
        words = self.field.text().casefold().split()
        self.list.clear()
        for menu, command in commands_in_menus():
            action, keys = self._actions[command.name], command.key_text
            title = f"{menu} › {action.text().partition(_KEYS_FOLLOW)[0].removesuffix('…')}"
            if action.isEnabled() and all(word in title.casefold() for word in words):
                item = QListWidgetItem(title)
                item.setData(Qt.ItemDataRole.UserRole, command.name)
                item.setData(_KEYS, keys)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, {keys}" if keys else title)
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(self.list.count() > 0)
        rows = min(_ROWS, self.list.count()) * max(1, self.list.sizeHintForRow(0))
        self.list.setFixedHeight(rows + 2 * self.list.frameWidth() + _AIR)
        self._nothing.setVisible(not self.list.count())
        self._nothing.setText(f"No command that can be used now is called '{self.field.text()}'.")
        self.adjustSize()

    def _run(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            name = item.data(Qt.ItemDataRole.UserRole)
            self.close()
            self._actions[name].trigger()


class _KeysAtTheRight(QStyledItemDelegate):
    """A row as the style draws it, and the keys of its command at its right end."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        painter.save()
        painter.setFont(appearance().font(12))
        painter.setPen(appearance().colour("muted"))
        place = option.rect.adjusted(0, 0, -10, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, index.data(_KEYS))
        painter.restore()
