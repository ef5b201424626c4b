"""The rows of the table of runs."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt, Signal

from engine.errors import LayerloomError
from gui.style.appearance import appearance
from gui.train.runs.finding import matches
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.table.columns import Column, columns_for
from gui.widgets.index import Index

VALUE = Qt.ItemDataRole.UserRole  # what rows are sorted by


class TableModel(QAbstractTableModel):
    """A row a run, a column for each thing to know of it; ``refused`` says why what was typed cannot be kept."""

    refused = Signal(str)

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self.rows: list[Run] = list(runs.all)
        self.columns: list[Column] = columns_for(self.rows)

    def follow(self) -> None:
        """Take over the runs as they are now."""
        columns = columns_for(self._runs.all)
        if self.rows != self._runs.all or [one.key for one in columns] != [one.key for one in self.columns]:
            self.beginResetModel()
            self.rows, self.columns = list(self._runs.all), columns
            self.endResetModel()
            return
        self.columns = columns
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.columns[section].title
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(self.columns[section])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = self.columns[index.column()].keep is not None
        return super().flags(index) | (Qt.ItemFlag.ItemIsEditable if editable else Qt.ItemFlag.NoItemFlags)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run, column = self.rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole | Qt.ItemDataRole.ToolTipRole:
                return column.text(run)
            case Qt.ItemDataRole.UserRole:
                return column.value(run)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.FontRole:
                return appearance().font(12, mono=column.is_figure)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        run, keep = self.rows[index.row()], self.columns[index.column()].keep
        if keep is None or role != Qt.ItemDataRole.EditRole or value == self.columns[index.column()].text(run):
            return False
        try:
            keep(self._runs, run, str(value))
        except LayerloomError as error:
            self.refused.emit(str(error))
            return False
        return True


class FoundRuns(QSortFilterProxyModel):
    """The rows in which words are found, sorted by a column."""

    def __init__(self, model: TableModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._words = model, ""
        self.setSourceModel(model)
        self.setSortRole(VALUE)

    def find(self, words: str) -> None:
        """Show the runs in which all these words stand."""
        self.beginResetModel()
        self._words = words
        self.endResetModel()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        return matches(self._model.rows[row], self._words)

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = left.data(VALUE), right.data(VALUE)
        return bool(str(one) < str(other) if isinstance(one, str) or isinstance(other, str) else one < other)

    def run_at(self, index: Index) -> Run:
        """The run in a row."""
        return self._model.rows[self.mapToSource(index).row()]


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.is_figure else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
