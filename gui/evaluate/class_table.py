"""The classes of an evaluation, one a row, sortable by every figure."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from engine.tasks.class_evaluation import ClassEvaluation
from gui.style.appearance import appearance
from gui.style.style import TABLE_ROW

_HEADS = ("Class", "Images", "Precision (%)", "Recall (%)", "F1 (%)", "Taken for")
_CLASS, _TAKEN = 0, len(_HEADS) - 1  # names; between them stand figures
_FIGURE = 88  # px at least
_NARROWEST = 64  # px of a name
_INDEX = Qt.ItemDataRole.UserRole


class ClassTable(QTableWidget):
    """Precision, recall and F1 in per cent; ``class_chosen`` tells which row was picked."""

    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_HEADS), parent)
        self.setAccessibleName("Classes")
        for column, words in enumerate(_HEADS):
            figure = _CLASS < column < _TAKEN
            side = Qt.AlignmentFlag.AlignRight if figure else Qt.AlignmentFlag.AlignLeft
            head = QTableWidgetItem(words)
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, head)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(TABLE_ROW)
        self.horizontalHeader().setMinimumSectionSize(_NARROWEST)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionResizeMode(_CLASS, QHeaderView.ResizeMode.Stretch)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def show_classes(self, evaluation: ClassEvaluation) -> None:
        """Show the classes of an evaluation, the weakest F1 first."""
        self.setSortingEnabled(False)
        self.setRowCount(len(evaluation.per_class))
        for row, score in enumerate(evaluation.per_class):
            mistakes = evaluation.confusion[row].copy()
            mistakes[row] = 0
            most = int(np.argmax(mistakes))
            taken = f"{evaluation.classes[most]} ({mistakes[most]}×)" if mistakes[most] else "–"
            shares = [_share(value) for value in (score.precision, score.recall, score.f1)]
            items = (
                QTableWidgetItem(score.name),
                _Figure(str(score.images), score.images),
                *shares,
                QTableWidgetItem(taken),
            )
            for column, item in enumerate(items):
                item.setData(_INDEX, row)
                item.setToolTip(item.text())
                self.setItem(row, column, item)
        self.setSortingEnabled(True)
        self.sortItems(4, Qt.SortOrder.AscendingOrder)

    def mark(self, index: int) -> None:
        """Select the row of a class."""
        for row in range(self.rowCount()):
            if self.model().index(row, 0).data(_INDEX) == index:
                self.selectRow(row)

    def showEvent(self, event: QShowEvent) -> None:
        """Make heads as wide as their words now that they have their style: the arrow of the order stands above."""
        super().showEvent(event)
        head = self.horizontalHeader()
        head.setSortIndicatorShown(False)
        for column in range(len(_HEADS)):
            size = head.sectionSizeFromContents(column)
            self.model().setHeaderData(column, Qt.Orientation.Horizontal, size, Qt.ItemDataRole.SizeHintRole)
        head.setSortIndicatorShown(self.isSortingEnabled())

    def sizeHintForColumn(self, column: int) -> int:
        """The names share what the figures leave, and the last of them has room for its head all the same."""
        if column != _TAKEN:
            return max(super().sizeHintForColumn(column), _FIGURE)
        head = self.horizontalHeader()
        figures = (max(self.sizeHintForColumn(c), head.sectionSizeHint(c)) for c in range(_CLASS + 1, _TAKEN))
        return (self.viewport().width() - sum(figures)) // 2

    def _choose(self, item: QTableWidgetItem) -> None:
        self.class_chosen.emit(int(item.data(_INDEX)))


def _share(value: float | None) -> _Figure:
    """A fraction in per cent; one that a class without images does not have stands behind all others."""
    return _Figure("–", math.inf) if value is None else _Figure(f"{100 * value:.1f}", value)


class _Figure(QTableWidgetItem):
    """A number that sorts by its value, not by its letters."""

    def __init__(self, text: str, value: float) -> None:
        super().__init__(text)
        self.value = value
        self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFont(appearance().font(12, mono=True))

    def __lt__(self, other: QTableWidgetItem) -> bool:
        return isinstance(other, _Figure) and self.value < other.value
