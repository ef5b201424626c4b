"""The My blocks panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from engine.errors import LayerloomError
from engine.network import Network, Point, names
from engine.network.clipboard import fragment_from_json, fragment_to_json, insert_fragment
from engine.network.geometry import around, box_of, has_place
from engine.network.rows import gives_value, insert_behind
from engine.words import counted
from gui.document import Document
from gui.draw.mime import fragment_to_mime
from gui.draw.my_blocks.shelf import Shelf
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.style.theme import BLOCK_ICON
from gui.widgets import layouts
from gui.widgets.panel import Panel
from gui.widgets.section import separator

_GAP = 48  # px between the network and what is put below it
_EMPTY = "No block is kept yet. Select layers or a block on the canvas and keep them for other networks."


@PANELS.register
class MyBlocksPanel(Panel):
    """Keep the selection, and put kept blocks into any network: with a drag, or behind what is selected."""

    tab = Tab("my_blocks", "My blocks", "mdi6.card-multiple-outline", (DockPlace("draw", "left", 3),))

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.shelf = Shelf()
        self._removed: tuple[str, str] | None = None
        self.keep = QPushButton("Keep selection")
        mark(self.keep, "scale", "small")
        self.keep.clicked.connect(self.keep_selection)
        self.list = _BlockList(self.shelf)
        self.list.itemActivated.connect(self._insert)
        self.list.itemChanged.connect(self._rename)
        self.list.remove_pressed.connect(self._remove)
        self.empty, self.message = QLabel(_EMPTY), QLabel()
        role(self.empty, "label")
        for label in (self.empty, self.message):
            label.setWordWrap(True)
        self.message.linkActivated.connect(self._take_back)
        self._lay_out()

    def refresh(self) -> None:
        """List the kept blocks, and say whether the selection can be kept."""
        selected = self.document.selection.names
        self.keep.setEnabled(bool(selected))
        self.keep.setToolTip("" if selected else "Select layers or a block first.")
        kept = self.shelf.names()
        if kept != self.list.names():
            self.list.show_names(kept)
        self.empty.setVisible(not kept)
        self.list.setVisible(bool(kept))

    def focus_list(self) -> None:
        """Put the keyboard on the first kept block."""
        self.refresh_now()
        self.list.setFocus()
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def retheme(self) -> None:
        self.list.show_names(self.shelf.names())
        self._say("")

    def keep_selection(self) -> None:
        """Keep what is selected under the next free name."""
        network, selected = self.document.network, self.document.selection.names
        first = selected[0]
        wanted = network.block(first).kind or names.leaf(first)
        self._attempt(lambda: self._say(f"Kept as {self.shelf.keep(wanted, fragment_to_json(network, selected))}."))

    def _insert(self, item: QListWidgetItem) -> None:
        def insert() -> None:
            text = self.shelf.read(item.text())
            size = len(fragment_from_json(text))
            selected = self.document.selection.names

            def change(network: Network) -> list[str]:
                if len(selected) == 1 and gives_value(network, selected[0]):
                    return insert_behind(network, text, selected[0])
                return insert_fragment(network, text, at=_below(network))

            self.document.select(self.document.edit(f"Insert {item.text()}", change))
            self._say(f"{item.text()} inserted: {counted(size, 'layer')}.")

        self._attempt(insert)

    def _rename(self, item: QListWidgetItem) -> None:
        before = item.data(Qt.ItemDataRole.UserRole)
        if before and item.text().strip() and item.text() != before:
            self._attempt(lambda: self.shelf.rename(before, item.text()))
        self.list.show_names(self.shelf.names())

    def _remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._attempt(lambda: self._take_away(item.text()))

    def _take_away(self, name: str) -> None:
        self._removed = (name, self.shelf.remove(name))
        self._say(f'{name} removed. <a href="#">Take back</a>')

    def _take_back(self) -> None:
        if self._removed:
            name, text = self._removed
            self._removed = None
            self._attempt(lambda: self._say(f"{self.shelf.keep(name, text)} is back."))

    def _attempt(self, act: Callable[[], object]) -> None:
        """Do something with the shelf, say what went wrong, and show what is there now."""
        try:
            act()
        except LayerloomError as error:
            self._say(str(error), wrong=True)
        self.refresh()

    def _say(self, text: str, *, wrong: bool = False) -> None:
        role(self.message, "error" if wrong else "caption")
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _lay_out(self) -> None:
        self.message.hide()
        top = QVBoxLayout()
        top.setContentsMargins(12, 12, 12, 8)
        top.setSpacing(12)
        top.addWidget(self.keep)
        top.addWidget(self.empty)
        foot = QLabel("Drag to the canvas, or press Enter to insert after the selection. F2 renames, Delete removes.")
        foot.setWordWrap(True)
        role(foot, "caption")
        bottom = QVBoxLayout()
        bottom.setContentsMargins(16, 8, 16, 12)
        bottom.addWidget(self.message)
        bottom.addWidget(foot)
        layout = layouts.column(self, top)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)
        layout.addWidget(separator())
        layout.addLayout(bottom)


class _BlockList(QListWidget):
    """Names of blocks; they can be edited."""

    remove_pressed = Signal()

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self._shelf = shelf
        self.setAccessibleName("Kept blocks")
        self.setDragEnabled(True)
        self.setDragDropMode(QListWidget.DragDropMode.DragOnly)
        self.setIconSize(QSize(16, 16))
        self.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed)

    def names(self) -> list[str]:
        return [self.item(row).text() for row in range(self.count())]

    def show_names(self, kept: list[str]) -> None:
        self.blockSignals(True)
        self.clear()
        for name in kept:
            item = QListWidgetItem(appearance().icon(BLOCK_ICON), name)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.addItem(item)
        self.blockSignals(False)

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        """What a drag of a block carries: nothing if it cannot be read."""
        try:
            return fragment_to_mime(self._shelf.read(items[0].text()))
        except LayerloomError:
            return QMimeData()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)


def _below(network: Network) -> Point | None:
    """A place below everything that stands at the top level."""
    placed = [box_of(network, name) for name in network.children("") if has_place(network, name)]
    if not placed:
        return None
    box = around(placed)
    return Point(box.left, box.bottom + _GAP)
