"""The list of the Layers panel."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from engine.layers import Family, Layer
from gui.draw.mime import layer_to_mime
from gui.draw.palette.entries import Entry
from gui.draw.palette.rows import COUNT, ENTRY, FAMILY, RowPainter, drag_picture

_FOLDED_AT_FIRST = (Family.REGULARISATION, Family.SHAPE)


class PaletteView(QTreeView):
    """Nine families that fold; a layer is dragged out, or chosen with Enter or a double click."""

    chosen = Signal(object)  # a Layer
    typed = Signal(str)  # text typed while the list has the focus: it belongs to the search

    def __init__(self, entries: Iterable[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(QStandardItemModel(self))
        self.setItemDelegate(RowPainter(self))
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Layers by family")
        self.setAnimated(False)
        self.setExpandsOnDoubleClick(False)
        self.clicked.connect(self._toggle_family)
        self.doubleClicked.connect(self._choose)
        self.show_entries(entries)
        for row in range(self.model().rowCount()):
            index = self.model().index(row, 0)
            self.setExpanded(index, index.data(FAMILY) not in _FOLDED_AT_FIRST)

    def show_entries(self, entries: Iterable[Entry], *, best: Entry | None = None) -> None:
        """List these entries by family, all unfolded, with ``best`` as the current row."""
        order = list(Family)
        model = QStandardItemModel(self)
        for family, members in groupby(sorted(entries, key=lambda e: order.index(e.family)), key=lambda e: e.family):
            model.appendRow(_family_item(family, list(members)))
        old = self.model()
        self.setModel(model)
        old.deleteLater()
        self.expandAll()
        if best is not None:
            self.setCurrentIndex(self._index_of(best))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle_family(index)
            self._choose(index)
        elif event.text().isalnum() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        layer = self.current_layer()
        if layer is None:
            return
        drag = QDrag(self)
        drag.setMimeData(layer_to_mime(layer))
        drag.setPixmap(drag_picture(layer, self.devicePixelRatioF()))
        drag.setHotSpot(QPoint(100, 24))
        drag.exec(Qt.DropAction.CopyAction)

    def current_layer(self) -> Layer | None:
        """The layer of the current row, or None on a family."""
        entry = self.currentIndex().data(ENTRY)
        return entry.layer if entry else None

    def choose_current(self) -> None:
        """Choose the layer of the current row."""
        self._choose(self.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if entry is not None:
            self.chosen.emit(entry.layer)

    def _toggle_family(self, index: QModelIndex) -> None:
        if index.data(ENTRY) is None:
            self.setExpanded(index, not self.isExpanded(index))

    def _index_of(self, entry: Entry) -> QModelIndex:
        model = self.model()
        families = (model.index(row, 0) for row in range(model.rowCount()))
        rows = (model.index(row, 0, family) for family in families for row in range(model.rowCount(family)))
        return next(index for index in rows if index.data(ENTRY) is entry)


def _family_item(family: Family, members: list[Entry]) -> QStandardItem:
    item = QStandardItem(family.value)
    item.setData(family, FAMILY)
    item.setData(len(members), COUNT)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    for entry in members:
        child = QStandardItem(entry.title)
        child.setData(entry, ENTRY)
        child.setToolTip(_first_sentence(entry.layer))
        child.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
        item.appendRow(child)
    return item


def _first_sentence(layer: Layer) -> str:
    return (type(layer).__doc__ or "").strip().partition("\n")[0]
