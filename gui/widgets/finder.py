"""A small window in which a choice of a registry is found by typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from engine.choices import Choice, Registry
from gui.style.appearance import appearance
from gui.style.style import LIST_ROW, role

_WIDTH, _ROWS = 240, 8
_NAME = Qt.ItemDataRole.UserRole


class Finder(QFrame):
    """A field above a list, over the window of ``parent``: arrows move in the list, Enter picks, Esc closes."""

    chosen = Signal(str)

    def __init__(self, registry: Registry[Choice], parent: QWidget) -> None:
        super().__init__(parent)
        self._registry = registry
        self._home = parent
        role(self, "card")
        self.setFixedWidth(_WIDTH)
        self.field = QLineEdit()
        self.field.setPlaceholderText(f"Add {registry.one}")
        self.field.setAccessibleName(f"Add {registry.one}")
        self.field.textChanged.connect(self._find)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._pick)
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        role(self.nothing, "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for widget in (self.field, self.list, self.nothing):
            column.addWidget(widget)
        self.hide()

    def open_at(self, where: QPoint) -> None:
        """Open at a point of the screen, as far as it fits into the window."""
        window = self._home.window()
        self.setParent(window)
        self.field.clear()
        self._find("")
        self.adjustSize()
        room = window.rect().adjusted(8, 8, -8, -8)
        at = window.mapFromGlobal(where)
        left = max(room.left(), min(at.x(), room.right() - self.width()))
        top = max(room.top(), min(at.y(), room.bottom() - self.height()))
        self.move(left, top)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(Qt.Key(event.key()))
        if event.type() is QEvent.Type.FocusOut:
            self.hide()
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick(self.list.currentItem())
        elif key is Qt.Key.Key_Escape:
            self._home.setFocus(Qt.FocusReason.PopupFocusReason)
        elif key in step:
            row = self.list.currentRow() + step[key]
            self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
        else:
            return False
        return True

    def _pick(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._home.setFocus(Qt.FocusReason.PopupFocusReason)
            self.chosen.emit(item.data(_NAME))

    def _find(self, text: str) -> None:
        wanted = text.lower().split()
        self.list.clear()
        for name, kind in self._registry.items():
            words = " ".join((kind.title, kind.group, name, *kind.aliases)).lower()
            if all(part in words for part in wanted):
                item = QListWidgetItem(appearance().icon(kind.icon), kind.title)
                item.setData(_NAME, name)
                item.setToolTip(kind.help())
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(self.list.count() > 0)
        self.list.setFixedHeight(min(_ROWS, self.list.count()) * LIST_ROW + 2)
        self.nothing.setText(f"No {self._registry.one} is called '{text.strip()}'.")
        self.nothing.setVisible(not self.list.count())
        self.adjustSize()
