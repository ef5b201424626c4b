"""The table of the summary and its row of totals."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from engine.words import counted
from gui.draw.summary.model import SummaryModel
from gui.draw.summary.rows import NUMBERS, TITLES, Column
from gui.style.appearance import appearance
from gui.style.style import TABLE_ROW, role
from gui.widgets.index import Index

_WIDTHS = {
    Column.NAME: (120, 200),
    Column.TYPE: (96, 130),
    Column.OUTPUT: (104, 148),
    Column.PARAMETERS: (84, 110),
    Column.MACS: (72, 90),
    Column.MEMORY: (76, 90),
}
"""Px in a narrow table, and where there is room; the settings have the rest."""
_SETTINGS = 130  # px that the settings have at least


class SummaryView(QTreeView):
    """Rows of layers and blocks; a double click or F2 edits a cell."""

    def __init__(self, model: SummaryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_CellDelegate(self))
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setAllColumnsShowFocus(False)
        self.setAnimated(False)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Summary: one row a layer")
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(Column.SETTINGS, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(60)
        self._dragged: dict[int, int] = {}  # how wide somebody made a column
        self._fitting = False
        header.sectionResized.connect(self._note_drag)
        self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Let the columns be as wide as all of them have room for; those that were dragged stay."""
        narrow, roomy = (sum(widths[end] for widths in _WIDTHS.values()) for end in (0, 1))
        share = min(1.0, max(0.0, (self.viewport().width() - _SETTINGS - narrow) / (roomy - narrow)))
        self._fitting = True
        for column, (least, most) in _WIDTHS.items():
            self.header().resizeSection(column, self._dragged.get(column, least + int(share * (most - least))))
        self._fitting = False

    def _note_drag(self, column: int, before: int, now: int) -> None:
        if not self._fitting and column in _WIDTHS:
            self._dragged[column] = now

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            if self.state() is not QAbstractItemView.State.EditingState:  # else the cell's field had the key first
                self.edit(index)
        else:
            super().keyPressEvent(event)


class _CellDelegate(QStyledItemDelegate):
    """Rows of 28 and a field that fills its cell."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, TABLE_ROW)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName(TITLES[index.column()])
        if index.column() == Column.SETTINGS:
            role(editor, "mono")
        return editor


class Totals(QWidget):
    """The totals, each below its column."""

    def __init__(self, view: SummaryView, model: SummaryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._model = model
        self.setFixedHeight(TABLE_ROW)
        view.header().sectionResized.connect(self._follow)
        view.header().geometriesChanged.connect(self._follow)
        view.horizontalScrollBar().valueChanged.connect(self._follow)
        model.dataChanged.connect(self._follow)
        model.modelReset.connect(self._follow)

    def texts(self) -> dict[Column, str]:
        """What stands below each column."""
        figures = (Column.PARAMETERS, Column.MACS, Column.MEMORY)
        layers = counted(len(self._model.document.network), "layer")
        words = {Column.NAME: "Total", Column.TYPE: layers}
        return words | {column: self._model.text("", column) for column in figures}

    def paintEvent(self, event: QPaintEvent) -> None:
        look, header = appearance(), self._view.header()
        with QPainter(self) as painter:
            painter.setPen(look.colour("line"))
            painter.drawLine(0, 0, self.width(), 0)
            painter.setPen(look.colour("text"))
            for column, text in self.texts().items():
                number = column in NUMBERS
                painter.setFont(look.font(12, weight=600, mono=number))
                rect = self.rect().adjusted(header.sectionViewportPosition(column) + 7, 0, 0, 0)
                rect.setWidth(header.sectionSize(column) - 14)
                side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
                painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _follow(self) -> None:
        self.update()
