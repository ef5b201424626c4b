"""The Summary panel."""

from __future__ import annotations

import csv
import io

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from gui.document import Document
from gui.draw.summary.model import SummaryModel
from gui.draw.summary.rows import TITLES, Column
from gui.draw.summary.view import SummaryView, Totals
from gui.registry.panels import EVERYWHERE, PANELS, DockPlace, Tab
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.index import Index
from gui.widgets.inset_label import InsetLabel
from gui.widgets.panel import Panel


@PANELS.register
class SummaryPanel(Panel):
    """A row a layer, with the same selection as the canvas; names and settings can be edited in place."""

    tab = Tab("summary", "Summary", "mdi6.table", (DockPlace(EVERYWHERE, "bottom", 2),))

    context_menu_requested = Signal(str, QPoint)  # the node or block clicked, "" for none; a point of the screen

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.model = SummaryModel(document, self)
        self.view = SummaryView(self.model)
        self.totals = Totals(self.view, self.model)
        self.empty = InsetLabel("The table fills as you draw.", inset=(16, 14, 16, 14))
        role(self.empty, "label")
        self.reason = QLabel()
        self.reason.setContentsMargins(12, 4, 12, 4)
        role(self.reason, "error")
        self.reason.hide()
        self._following = False
        self._folded: set[str] = set()
        self._lay_out()
        self.view.selectionModel().selectionChanged.connect(self._select)
        self.view.collapsed.connect(self._note_folded)
        self.view.expanded.connect(self._note_unfolded)
        self.view.customContextMenuRequested.connect(self._ask_for_menu)
        self.model.refused.connect(self._say)
        document.analysed.connect(self._forget_reason)
        document.replaced.connect(self._fold_like_the_drawing)
        self._fold_like_the_drawing()

    def refresh(self) -> None:
        """Show the rows and the selection as they are now."""
        self._following = True
        try:
            if self.model.follow():
                self._restore_folds()
            self._follow_selection()
        finally:
            self._following = False
        filled = bool(len(self.document.network))
        self.empty.setVisible(not filled)
        for part in (self.view, self.totals):
            part.setVisible(filled)

    def copy_text(self) -> None:
        """Put the table on the clipboard, with tabs between the cells."""
        self._copy("\t")

    def copy_csv(self) -> None:
        """Put the table on the clipboard as CSV."""
        self._copy(",")

    def _copy(self, separator: str) -> None:
        self.refresh_now()
        text = io.StringIO()
        writer = csv.writer(text, delimiter=separator, lineterminator="\n")
        writer.writerow(TITLES)
        for name in self.model.names():
            cells = [self.model.text(name, column) for column in Column]
            writer.writerow([name, *cells[1:]])
        QGuiApplication.clipboard().setText(text.getvalue())

    # Selection, both ways

    def _follow_selection(self) -> None:
        rows = QItemSelection()
        indexes = [index for name in self.document.selection.names if (index := self.model.index_of(name)).isValid()]
        for index in indexes:
            rows.select(index, index.siblingAtColumn(len(TITLES) - 1))
        selection = self.view.selectionModel()
        if set(self._chosen_names()) != set(self.document.selection.names):
            selection.select(rows, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            if indexes:
                selection.setCurrentIndex(indexes[-1], QItemSelectionModel.SelectionFlag.NoUpdate)
                self.view.scrollTo(indexes[-1])

    def _select(self) -> None:
        if not self._following:
            self._say("")
            self.document.select(self._chosen_names())

    def _chosen_names(self) -> list[str]:
        return [self.model.name_at(index) for index in self.view.selectionModel().selectedRows()]

    def _ask_for_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        name = self.model.name_at(index) if index.isValid() else ""
        self.context_menu_requested.emit(name, self.view.viewport().mapToGlobal(place))

    # Folded blocks, by name, so that they outlive a rebuilt table

    def _fold_like_the_drawing(self) -> None:
        network = self.document.network
        self._folded = {prefix for prefix, block in network.blocks.items() if block.collapsed}
        self._restore_folds()

    def _restore_folds(self) -> None:
        self.view.blockSignals(True)
        self.view.expandAll()
        for name in self._folded:
            self.view.collapse(self.model.index_of(name))
        self.view.blockSignals(False)

    def _note_folded(self, index: Index) -> None:
        self._folded.add(self.model.name_at(index))

    def _note_unfolded(self, index: Index) -> None:
        self._folded.discard(self.model.name_at(index))

    def _forget_reason(self) -> None:
        self._say("")

    def _say(self, text: str) -> None:
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def _lay_out(self) -> None:
        self.copy = QToolButton(self.totals)
        self.copy.setText("Copy")
        self.copy.setIcon(appearance().icon("mdi6.content-copy"))
        self.copy.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.copy.setFixedHeight(24)
        menu = QMenu(self.copy)
        menu.addAction("Copy as text", self.copy_text)
        menu.addAction("Copy as CSV", self.copy_csv)
        self.copy.setMenu(menu)
        shortcut = QAction(self.view)
        shortcut.setShortcut(QKeySequence("Ctrl+Shift+C"))
        shortcut.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.triggered.connect(self.copy_text)
        self.view.addAction(shortcut)
        row = QHBoxLayout(self.totals)
        row.setContentsMargins(0, 3, 8, 1)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignHCenter)
        layout = layouts.column(self)
        layout.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.reason)
        layout.addWidget(self.totals)

    def retheme(self) -> None:
        self.copy.setIcon(appearance().icon("mdi6.content-copy"))
        self.invalidate()
