"""The classes of a data set, each with a bar and how many images it has, and those that are left out."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.data.source import DataDescription
from engine.files import readable
from engine.words import counted, thousands
from gui.style.appearance import appearance
from gui.widgets.index import Index

_CLASS = Qt.ItemDataRole.UserRole  # the class, -1 for all of them
_COUNT = Qt.ItemDataRole.UserRole + 1
_SHARE = Qt.ItemDataRole.UserRole + 2  # of the largest class, negative for no bar
_LEFT_OUT = Qt.ItemDataRole.UserRole + 3  # the name of a class that is left out, None for one that is not
ROW, BAR = 24, 10
_MOST_ROWS = 12  # from which on the list scrolls by itself
_SIDE, _COUNT_WIDTH, _GAP = 16, 48, 12
_NAME_WIDTHS = (32, 96)
_ALL = -1


class ClassList(QListWidget):
    """A click shows images of one class, with Ctrl of more; the first row stands for all.

    Classes that are left out stand last: a click on one brings it back. Where a class can be left out, its menu and
    Delete do so.
    """

    chosen = Signal(object)  # frozenset of classes, empty for all
    left_out = Signal(str)  # the name of a class
    brought_back = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = _RowPainter(self)
        self.setItemDelegate(self._painter)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setAccessibleName("Classes")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shown: tuple[DataDescription, bool] | None = None
        self._removable = False
        self.itemSelectionChanged.connect(self._tell)
        for signal in (self.itemClicked, self.itemActivated):
            signal.connect(self._bring_back)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        appearance().changed.connect(self.viewport().update)

    def show_classes(
        self, found: DataDescription, *, by_count: bool, chosen: frozenset[int], removable: bool = False
    ) -> None:
        """Show the classes of a data set, the largest first or by name, and which of them are shown.

        ``removable`` says that each can be left out.
        """
        self._removable = removable
        if (shown := (found, by_count)) != self._shown:
            self._shown = shown
            self._fill(*shown)
        self._select(chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Delete and item is not None and (name := self._removable_name(item)) is not None:
            self.left_out.emit(name)
        else:
            super().keyPressEvent(event)

    def _fill(self, found: DataDescription, by_count: bool) -> None:
        classes, counts = found.classes, found.counts
        self.blockSignals(True)
        current = self.currentRow()
        self.clear()
        total, largest = sum(counts), max((*counts, 1))
        self._add(f"All {len(classes)}", _ALL, total, share=-1)
        order = range(len(classes))
        for place in sorted(order, key=lambda place: (-counts[place], place)) if by_count else order:
            self._add(readable(classes[place]), place, counts[place], share=counts[place] / largest)
        for name, images in found.left_out:
            self._add_left_out(name, images)
        last = self.model().index(min(current, self.count() - 1), 0)
        self.selectionModel().setCurrentIndex(last, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.setFixedHeight(ROW * min(self.count(), _MOST_ROWS))
        metrics = QFontMetrics(appearance().font(12))
        widest = max((metrics.horizontalAdvance(readable(name)) for name in classes), default=0)
        self._painter.name_width = min(max(widest + 2, _NAME_WIDTHS[0]), _NAME_WIDTHS[1])
        self.blockSignals(False)

    def _add(self, name: str, place: int, count: int, *, share: float) -> None:
        item = QListWidgetItem(name)
        item.setData(_CLASS, place)
        item.setData(_COUNT, thousands(count))
        item.setData(_SHARE, share)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {counted(count, 'image')}")
        item.setToolTip(f"{name}: {counted(count, 'image')}")
        self.addItem(item)

    def _add_left_out(self, name: str, images: int) -> None:
        self._add(readable(name), _ALL, images, share=0)
        item = self.item(self.count() - 1)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.setData(_LEFT_OUT, name)
        words = f"{readable(name)}, {counted(images, 'image')}, left out"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{words}: Enter brings it back")
        item.setToolTip(f"{words}: a click brings it back")

    def _removable_name(self, item: QListWidgetItem) -> str | None:
        """The name of the class in a row; None where there is none that could be left out."""
        place = item.data(_CLASS)
        return self._shown[0].classes[place] if self._shown and self._removable and place != _ALL else None

    def _bring_back(self, item: QListWidgetItem) -> None:
        if (name := item.data(_LEFT_OUT)) is not None:
            self.brought_back.emit(name)

    def _open_menu(self, place: QPoint) -> None:
        item = self.itemAt(place)
        name = self._removable_name(item) if item is not None else None
        if name is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Leave it out").triggered.connect(lambda: self.left_out.emit(name))
        menu.popup(self.viewport().mapToGlobal(place))

    def _select(self, chosen: frozenset[int]) -> None:
        wanted = chosen or {_ALL}
        self.blockSignals(True)
        for row in range(self.count()):
            item = self.item(row)
            item.setSelected(item.data(_LEFT_OUT) is None and item.data(_CLASS) in wanted)
        self.blockSignals(False)
        self.viewport().update()

    def _tell(self) -> None:
        """Whoever adds a class to all of them means that class."""
        current = self.currentItem()
        if current is not None and current.data(_CLASS) == _ALL and current.isSelected():
            self.chosen.emit(frozenset())
        else:
            self.chosen.emit(frozenset(item.data(_CLASS) for item in self.selectedItems()) - {_ALL})


class _RowPainter(QStyledItemDelegate):
    name_width = _NAME_WIDTHS[1]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, row = appearance(), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, look.colour("sel"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, look.colour("hover"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.colour("accent"))
            painter.drawRect(row.adjusted(0, 0, -1, -1))
        share: float = index.data(_SHARE)
        left_out = index.data(_LEFT_OUT) is not None
        inside = row.adjusted(_SIDE, 0, -_SIDE, 0)
        painter.setFont(look.font(12, weight=600 if share < 0 else 400))
        painter.setPen(look.colour("muted" if left_out else "text"))
        width = inside.width() - _COUNT_WIDTH if share < 0 else self.name_width
        name = painter.fontMetrics().elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, width
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(look.font(11, weight=600 if share < 0 else 400, mono=True))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, index.data(_COUNT))
        left = inside.left() + self.name_width + _GAP
        if left_out:
            _paint_way_back(painter, QRect(left, row.top(), inside.right() - _COUNT_WIDTH - left, row.height()))
        elif share >= 0:
            track = QRectF(left, row.center().y() - BAR / 2 + 1, inside.right() - _COUNT_WIDTH - left, BAR)
            _paint_bar(painter, track, share)
        painter.restore()


def _paint_way_back(painter: QPainter, area: QRect) -> None:
    painter.setFont(appearance().font(11))
    painter.setPen(appearance().colour("link"))
    words = painter.fontMetrics().elidedText("left out · Bring back", Qt.TextElideMode.ElideLeft, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)


def _paint_bar(painter: QPainter, track: QRectF, share: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(appearance().colour("line"))
    painter.drawRoundedRect(track, 2, 2)
    track.setWidth(max(track.width() * share, 2 if share else 0))
    painter.setBrush(appearance().colour("accent"))
    painter.drawRoundedRect(track, 2, 2)
