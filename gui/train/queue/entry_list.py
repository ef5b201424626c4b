"""The list of the queue: rows are chosen, dragged by their handles, and have a menu."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from gui.style.appearance import appearance
from gui.train.queue.entry_rows import ENTRY, HANDLE_WIDTH, MENU_WIDTH, EntryDelegate, EntryModel


class EntryList(QListView):
    """``chosen`` tells of clicks, ``dropped`` of an entry that was dragged to a place, ``menu_asked`` where."""

    chosen = Signal()
    dropped = Signal(str, int)
    menu_asked = Signal(QPoint)

    def __init__(self, model: EntryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(EntryDelegate(self, model))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setAccessibleName("Queue")
        self._dragged = ""
        self._landing = -1

    def content_height(self) -> int:
        """How high all rows are."""
        return sum(self.sizeHintForIndex(row).height() for row in self._rows())

    def bind(self, keys: tuple[str, ...], action: QAction) -> None:
        """Let keys trigger an action while the list has the keyboard."""
        action.setShortcuts([QKeySequence(one) for one in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addAction(action)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at, index = event.position().toPoint(), self.indexAt(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        if self._on_menu(at):
            self.menu_asked.emit(self.viewport().mapToGlobal(at))
        elif self._on_handle(at):
            self._dragged = index.data(ENTRY).key
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged:
            self._show_landing(self._place_at(event.position().toPoint()))
            return
        super().mouseMoveEvent(event)
        at, index = event.position().toPoint(), self.indexAt(event.position().toPoint())
        over = index.isValid() and self._on_handle(at)
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at, index = event.position().toPoint(), self.indexAt(event.position().toPoint())
        key, landing = self._end_drag()
        if key and landing >= 0:
            before = [row.data(ENTRY).key for row in self._rows()].index(key)
            self.dropped.emit(key, landing - (landing > before))
        elif event.button() is Qt.MouseButton.LeftButton and index.isValid() and not self._on_menu(at):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._dragged:
            self._end_drag()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = self.visualRect(self.currentIndex()).center()
        if self.indexAt(at).isValid():
            self.menu_asked.emit(self.viewport().mapToGlobal(at))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._landing >= 0:
            with QPainter(self.viewport()) as painter:
                line = QRect(0, self._line_at(self._landing) - 1, self.viewport().width(), 2)
                painter.fillRect(line, appearance().colour("accent"))

    def _end_drag(self) -> tuple[str, int]:
        """Which entry was dragged, and to which place; "" and -1 if none was."""
        ended = self._dragged, self._landing
        self._dragged = ""
        self._show_landing(-1)
        self.viewport().unsetCursor()
        return ended

    def _show_landing(self, place: int) -> None:
        self._landing = place
        self.viewport().update()

    def _place_at(self, at: QPoint) -> int:
        """Before which row what is let go there would come to stand."""
        return sum(at.y() > self.visualRect(row).center().y() for row in self._rows())

    def _on_menu(self, at: QPoint) -> bool:
        """Whether a place is on the menu of a row."""
        return self.viewport().width() - at.x() < MENU_WIDTH

    def _on_handle(self, at: QPoint) -> bool:
        """Whether a place is on the handle of a row."""
        return at.x() < HANDLE_WIDTH

    def _rows(self) -> list[QModelIndex]:
        return [self.model().index(row, 0) for row in range(self.model().rowCount())]

    def _line_at(self, place: int) -> int:
        last = self.model().rowCount() - 1
        row = self.visualRect(self.model().index(min(place, last), 0))
        return max(1, row.top()) if place <= last else row.bottom()
