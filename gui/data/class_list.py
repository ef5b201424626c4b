"""The classes of a data set, each with a bar and how many images it has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.files import readable
from engine.words import counted, thousands
from gui.style.appearance import appearance
from gui.widgets.index import Index

_CLASS = Qt.ItemDataRole.UserRole  # the class, -1 for all of them
_COUNT = Qt.ItemDataRole.UserRole + 1
_SHARE = Qt.ItemDataRole.UserRole + 2  # of the largest class, negative for no bar
ROW, BAR = 24, 10
_MOST_ROWS = 12  # from which on the list scrolls by itself
_SIDE, _COUNT_WIDTH, _GAP = 16, 48, 12
_NAME_WIDTHS = (32, 96)
_ALL = -1


class ClassList(QListWidget):
    """A click shows images of one class, with Ctrl of more; the first row stands for all."""

    chosen = Signal(object)  # frozenset of classes, empty for all

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = _RowPainter(self)
        self.setItemDelegate(self._painter)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setAccessibleName("Classes")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shown: tuple[tuple[str, ...], tuple[int, ...], bool] | None = None
        self.itemSelectionChanged.connect(self._tell)
        appearance().changed.connect(self.viewport().update)

    def show_classes(
        self, classes: Sequence[str], counts: Sequence[int], *, by_count: bool, chosen: frozenset[int]
    ) -> None:
        """Show these classes, the largest first or by name, and which of them are shown."""
        if (shown := (tuple(classes), tuple(counts), by_count)) != self._shown:
            self._shown = shown
            self._fill(*shown)
        self._select(chosen)

    def _fill(self, classes: Sequence[str], counts: Sequence[int], by_count: bool) -> None:
        self.blockSignals(True)
        self.clear()
        total, largest = sum(counts), max((*counts, 1))
        self._add(f"All {len(classes)}", _ALL, total, share=-1)
        order = range(len(classes))
        for place in sorted(order, key=lambda place: (-counts[place], place)) if by_count else order:
            self._add(readable(classes[place]), place, counts[place], share=counts[place] / largest)
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

    def _select(self, chosen: frozenset[int]) -> None:
        wanted = chosen or {_ALL}
        self.blockSignals(True)
        for row in range(self.count()):
            self.item(row).setSelected(self.item(row).data(_CLASS) in wanted)
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
        inside = row.adjusted(_SIDE, 0, -_SIDE, 0)
        painter.setFont(look.font(12, weight=600 if share < 0 else 400))
        painter.setPen(look.colour("text"))
        width = inside.width() - _COUNT_WIDTH if share < 0 else self.name_width
        name = painter.fontMetrics().elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, width
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(look.font(11, weight=600 if share < 0 else 400, mono=True))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, index.data(_COUNT))
        if share >= 0:
            left = inside.left() + self.name_width + _GAP
            track = QRectF(left, row.center().y() - BAR / 2 + 1, inside.right() - _COUNT_WIDTH - left, BAR)
            _paint_bar(painter, track, share)
        painter.restore()


def _paint_bar(painter: QPainter, track: QRectF, share: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(appearance().colour("line"))
    painter.drawRoundedRect(track, 2, 2)
    track.setWidth(max(track.width() * share, 2 if share else 0))
    painter.setBrush(appearance().colour("accent"))
    painter.drawRoundedRect(track, 2, 2)
