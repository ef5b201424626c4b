"""The layers of both networks, aligned, as a table."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from engine.network.comparison import Match, Row, Side
from engine.network.comparison_words import MARKS, figure_text, name_text, what_text
from engine.words import shape_text
from gui.style.appearance import appearance
from gui.style.style import TABLE_ROW
from gui.widgets.index import Index

TOKENS = {Match.SAME: "muted", Match.CHANGED: "warn", Match.ONLY_A: "err", Match.ONLY_B: "ok"}
SURFACES = {Match.CHANGED: "warn_bg", Match.ONLY_A: "err_bg", Match.ONLY_B: "ok_bg"}


class Column(IntEnum):
    """The columns, left to right."""

    MATCH = 0
    NAME = 1
    WHAT = 2
    OUTPUT_A = 3
    OUTPUT_B = 4
    PARAMETERS_A = 5
    PARAMETERS_B = 6
    MACS_A = 7
    MACS_B = 8


_TITLES = ("Difference", "Name", "Layer", "Output A", "Output B", "Params A", "Params B", "MACs A", "MACs B")
_WIDTHS = (108, 196, 240, 112, 112, 92, 92, 76, 76)


class RowsModel(QAbstractTableModel):
    """The rows of a comparison, or only those that differ."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()
        appearance().changed.connect(self._recolour)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these rows."""
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return _text(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.FontRole:
                return appearance().font(12, mono=column >= Column.OUTPUT_A)
            case Qt.ItemDataRole.ForegroundRole:
                return appearance().colour(TOKENS[row.match] if column is Column.MATCH else "text")
            case Qt.ItemDataRole.BackgroundRole if row.match in SURFACES:
                return appearance().colour(SURFACES[row.match])
        return None

    def _recolour(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(_TITLES) - 1))


class RowsView(QTableView):
    """The table, read with arrows, Page keys, Home and End."""

    def __init__(self, model: RowsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_CellDelegate(self))
        self.setAccessibleName("Layers of both networks, aligned")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(TABLE_ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for column, width in enumerate(_WIDTHS):
            header.resizeSection(column, width)
        header.setSectionResizeMode(Column.WHAT, QHeaderView.ResizeMode.Stretch)


class _CellDelegate(QStyledItemDelegate):
    """Fills a cell that differs with its surface, which a style sheet leaves out, and puts texts below their heads."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        surface = index.data(Qt.ItemDataRole.BackgroundRole)
        if surface is not None and not option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, surface)
        margin = option.widget.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1
        option.rect = option.rect.adjusted(-margin, 0, margin, 0)
        super().paint(painter, option, index)


def _text(row: Row, column: Column) -> str:
    match column:
        case Column.MATCH:
            return MARKS[row.match]
        case Column.NAME:
            return name_text(row)
        case Column.WHAT:
            return what_text(row)
        case Column.OUTPUT_A | Column.OUTPUT_B:
            side = _side(row, column)
            return shape_text(side.output) if side else ""
        case Column.PARAMETERS_A | Column.PARAMETERS_B:
            return figure_text(_side(row, column), "parameters")
        case Column.MACS_A | Column.MACS_B:
            return figure_text(_side(row, column), "multiply_adds")


def _side(row: Row, column: Column) -> Side | None:
    return row.a if column in (Column.OUTPUT_A, Column.PARAMETERS_A, Column.MACS_A) else row.b


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column >= Column.OUTPUT_A else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
