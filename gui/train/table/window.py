"""The window with the table of runs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableView,
    QWidget,
)

from engine.errors import LayerloomError
from engine.files import save_whole
from engine.runs.export.tables import as_csv
from engine.words import counted
from gui.preferences import Preferences
from gui.registry.session import Session
from gui.style.style import TABLE_ROW, mark, role
from gui.train.runs.runs import Runs
from gui.train.table.columns import Column
from gui.train.table.model import FoundRuns, TableModel
from gui.widgets import layouts
from gui.widgets.index import Index
from gui.widgets.message_bar import MessageBar

_CHOSEN = "columns_of_runs"  # the preference that says which columns are shown
_WIDEST = 280  # px of a column, unless it is drawn wider


def show_table(session: Session) -> None:
    """Open the table of the window's runs, or bring it to the front."""
    there = [one for one in session.window.findChildren(RunsTable) if one.isVisible()]
    table = there[0] if there else RunsTable(session.part(Runs), session.preferences, session.window)
    table.show()
    table.raise_()
    table.activateWindow()


class RunsTable(QDialog):
    """A run a row: a click on a head sorts, F2 or a double click edits name and note, Enter brings a run into view."""

    def __init__(self, runs: Runs, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Table of runs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._runs, self._preferences = runs, preferences
        self._chosen = preferences.values(_CHOSEN)
        self._sized = False  # whether the columns are as wide as what they hold
        self.model = TableModel(runs, self)
        self.found = FoundRuns(self.model, self)
        self.message = MessageBar()
        self.search, self.count = QLineEdit(), QLabel()
        self.columns, self.export = QPushButton("Columns"), QPushButton("Export…")
        self.view = QTableView()
        self._set_up_view()
        self._lay_out()
        self._follow()
        self.refresh()
        self.resize(1280, 560)

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.found)
        view.setSortingEnabled(True)
        view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(TABLE_ROW)
        head = view.horizontalHeader()
        head.setSectionsMovable(True)
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        view.setAccessibleName("Runs")

    def _lay_out(self) -> None:
        self.search.setPlaceholderText("Find runs by name, note, status or setting")
        self.search.setAccessibleName("Find runs")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(320)
        self.columns.setMenu(QMenu(self.columns))
        for button in (self.columns, self.export):
            mark(button, "scale", "small")
            button.setAutoDefault(False)
        role(self.count, "label")
        top = layouts.row(None, self.search, self.count, spacing=12)
        top.addStretch(1)
        top.addWidget(self.columns)
        top.addWidget(self.export)
        top.setContentsMargins(16, 12, 16, 12)
        layouts.column(self, self.message, top, self.view)

    def _follow(self) -> None:
        runs = self._runs
        for signal in (runs.listed, runs.state_changed, runs.chips_due):
            signal.connect(self.refresh)
        self.search.textChanged.connect(self._find)
        self.model.refused.connect(self.message.tell)
        self.columns.menu().triggered.connect(self._choose)
        self.columns.menu().aboutToShow.connect(self._offer_columns)
        self.export.clicked.connect(self._ask_for_file)
        self.view.selectionModel().currentRowChanged.connect(self._view)

    # Showing

    def refresh(self) -> None:
        """Show the runs as they are now."""
        before = [column.key for column in self.model.columns]
        if self.view.state() is QAbstractItemView.State.EditingState:
            return  # what is being typed would be lost
        self.model.follow()
        if before != [column.key for column in self.model.columns] or not self._sized:
            self._size_columns()
        self._show_columns()
        self._tell_count()

    def _size_columns(self) -> None:
        self._sized = bool(self.model.rows)
        self.view.resizeColumnsToContents()
        for place in range(self.found.columnCount()):
            self.view.setColumnWidth(place, min(_WIDEST, self.view.columnWidth(place) + 12))

    def _show_columns(self) -> None:
        for place, column in enumerate(self.model.columns):
            self.view.setColumnHidden(place, not self.shows(column))

    def _tell_count(self) -> None:
        shown, everything = self.found.rowCount(), len(self.model.rows)
        words = counted(everything, "run") if shown == everything else f"{shown} of {counted(everything, 'run')}"
        self.count.setText(words if everything else "No runs yet.")

    def _find(self, words: str) -> None:
        self.found.find(words)
        self._show_columns()
        self._tell_count()

    # Columns

    def shows(self, column: Column) -> bool:
        """Whether a column is shown: as it was chosen, else if it usually is."""
        return bool(self._chosen.get(column.key, column.usual))

    def choose(self, column: Column, shown: bool) -> None:
        """Show a column or do not, from now on."""
        self._chosen[column.key] = int(shown)
        self._preferences.keep_values(_CHOSEN, self._chosen)
        self._show_columns()

    def _offer_columns(self) -> None:
        menu = self.columns.menu()
        menu.clear()
        for column in self.model.columns:
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(self.shows(column))
            action.setData(column)

    def _choose(self, action: QAction) -> None:
        self.choose(action.data(), action.isChecked())

    # Doing

    def _view(self, index: Index) -> None:
        if index.isValid():
            self._runs.view(self.found.run_at(index))

    def save(self, path: str) -> None:
        """Save what is seen as a CSV file; raises `LayerloomError` if it cannot be written."""
        seen = [column for column in self.model.columns if self.shows(column)]
        runs = [self.found.run_at(self.found.index(row, 0)) for row in range(self.found.rowCount())]
        rows = [[column.title for column in seen], *([column.text(run) for column in seen] for run in runs)]
        save_whole(Path(path), as_csv(rows).encode())

    def _ask_for_file(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Save the table", "runs.csv", "Tables (*.csv)")
        if not path:
            return
        try:
            self.save(path)
        except LayerloomError as error:
            self.message.tell(str(error))
