"""The list of data sets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.data.settings import DataSettings
from engine.data.source import SOURCES, Source
from engine.words import counted, memory
from gui.readiness import usable
from gui.style.appearance import appearance
from gui.widgets.index import Index

_NAME = Qt.ItemDataRole.UserRole
_ABOUT = Qt.ItemDataRole.UserRole + 1
_FOLDER = Qt.ItemDataRole.UserRole + 2  # whether it is a folder of the user's own
_ROW = 32


class DataChooser(QListWidget):
    """The built-in data sets, and an image folder. Clicking or Enter chooses."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_RowPainter(self))
        self.setMinimumWidth(200)
        self.setMaximumWidth(240)
        self.setMouseTracking(True)
        self.setAccessibleName("Data sets")
        for kind in SOURCES.values():
            if usable(kind()):
                self._add(kind)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)
        appearance().changed.connect(self.viewport().update)

    def show_choice(self, settings: DataSettings) -> None:
        """Mark the data set in use."""
        for row in range(self.count()):
            item = self.item(row)
            name, source = item.data(_NAME), settings.source
            if item.data(_FOLDER):
                path = source.about if source.name == name and usable(source) else ""
                item.setData(_ABOUT, Path(path).name or "choose …")
                item.setToolTip(path or "One sub-folder of images a class")
            if name == source.name and self.currentRow() != row:
                self.setCurrentRow(row)
                self.scrollToItem(item)

    def _add(self, kind: type[Source]) -> None:
        item = QListWidgetItem(kind.title)
        item.setData(_NAME, kind.name)
        item.setData(_FOLDER, kind.takes_folder)
        item.setData(_ABOUT, memory(kind.download_bytes) if kind.download_bytes else "built in")
        known = kind().known
        item.setToolTip(f"{counted(known.images, 'image')}: {kind.help()}" if known else kind.help())
        self.addItem(item)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_NAME))


class _RowPainter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, row = appearance(), option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, look.colour("sel"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, look.colour("hover"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.colour("accent"))
            painter.drawRect(row.adjusted(0, 0, -1, -1))
        icon = "mdi6.folder-image" if index.data(_FOLDER) else "mdi6.database-outline"
        look.icon(icon).paint(painter, row.left() + 14, row.top() + 7, 18, 18)
        rect = row.adjusted(42, 0, -14, 0)
        painter.setFont(look.font(13))
        painter.setPen(look.colour("text"))
        title = index.data(Qt.ItemDataRole.DisplayRole)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, title)
        rect.setLeft(rect.left() + painter.fontMetrics().horizontalAdvance(title) + 12)
        painter.setFont(look.font(11))
        painter.setPen(look.colour("muted"))
        about = painter.fontMetrics().elidedText(index.data(_ABOUT), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, about)
        painter.restore()
