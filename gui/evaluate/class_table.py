"""The classes of an evaluation, one a row, sortable by every figure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from engine.tasks.class_evaluation import ClassEvaluation, ClassScore
from engine.words import thousands
from gui.evaluate.dots import VALUE, DotDelegate
from gui.evaluate.evaluator import mistakes_of
from gui.style.appearance import appearance
from gui.style.style import TABLE_ROW

_CLASS, _IMAGES, _TAKEN = 0, 1, 5  # columns; between the last two stand figures
_SCORES = ("Precision", "Recall", "F1")
_COLUMNS = 6
_IMAGES_WIDTH, _SCORE_WIDTH = 76, 132  # px at least
_WIDE, _BARE_WIDTH = 720, 76  # px of the table from which there are dots, and of a score without
_NARROWEST = 64  # px of a name
_INDEX = Qt.ItemDataRole.UserRole
_WORTH_SPREADING = 0.5  # of the lowest figure; below, a scale from 0 spreads them enough


class ClassTable(QTableWidget):
    """Precision, recall and F1 in per cent; ``class_chosen`` tells which row was picked."""

    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, _COLUMNS, parent)
        self.setAccessibleName("Classes")
        self._write_heads(0)
        self._dots = [DotDelegate(self, strong=name == "F1") for name in _SCORES]
        for column, delegate in enumerate(self._dots, _IMAGES + 1):
            self.setItemDelegateForColumn(column, delegate)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(TABLE_ROW)
        self.horizontalHeader().setMinimumSectionSize(_NARROWEST)
        self.horizontalHeader().setResizeContentsPrecision(0)  # by the rows in view: a thousand would take a second
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
        low = scale_start([score for one in evaluation.per_class for score in scores_of(one)])
        self._write_heads(low)
        for delegate in self._dots:
            delegate.low = low / 100
        self.setRowCount(len(evaluation.per_class))
        mistakes = mistakes_of(evaluation.confusion)
        for row, (score, most) in enumerate(zip(evaluation.per_class, mistakes.argmax(axis=1).tolist(), strict=True)):
            count = int(mistakes[row, most])
            taken = f"{evaluation.classes[most]} {thousands(count)}" if count else "–"
            items = (
                QTableWidgetItem(score.name),
                _Figure(thousands(score.images), score.images),
                *(_share(value if score.images else None) for value in (score.precision, score.recall, score.f1)),
                _Figure(taken, count, words=True),
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
        for column in range(_COLUMNS):
            size = head.sectionSizeFromContents(column)
            self.model().setHeaderData(column, Qt.Orientation.Horizontal, size, Qt.ItemDataRole.SizeHintRole)
        head.setSortIndicatorShown(self.isSortingEnabled())

    def sizeHintForColumn(self, column: int) -> int:
        """The names share what the figures leave, and the last of them has room for its head all the same."""
        if column != _TAKEN:
            score = _SCORE_WIDTH if self.viewport().width() >= _WIDE else _BARE_WIDTH
            return max(super().sizeHintForColumn(column), _IMAGES_WIDTH if column == _IMAGES else score)
        head = self.horizontalHeader()
        figures = (max(self.sizeHintForColumn(c), head.sectionSizeHint(c)) for c in range(_CLASS + 1, _TAKEN))
        return (self.viewport().width() - sum(figures)) // 2

    def _write_heads(self, low: int) -> None:
        """Say above the figures where their scale starts, %."""
        span = f" ({low}–100 %)" if low else " (%)"
        for column, words in enumerate(
            ("Class", "Images", *(f"{name}{span}" for name in _SCORES), "Most often taken for")
        ):
            side = Qt.AlignmentFlag.AlignRight if column == _IMAGES else Qt.AlignmentFlag.AlignLeft
            head = QTableWidgetItem(words)
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, head)

    def _choose(self, item: QTableWidgetItem) -> None:
        self.class_chosen.emit(int(item.data(_INDEX)))


def scores_of(score: ClassScore) -> tuple[float, ...]:
    """The figures that a class has."""
    return tuple(value for value in (score.precision, score.recall, score.f1) if value is not None and score.images)


def scale_start(values: Sequence[float]) -> int:
    """Where a scale of fractions begins that spreads them, %: a whole ten, 0 where they are far apart."""
    lowest = min(values, default=0.0)
    return min(90, int(10 * lowest) * 10) if lowest >= _WORTH_SPREADING else 0


def _share(value: float | None) -> _Figure:
    """A fraction in per cent; one that a class without images does not have stands behind all others."""
    return _Figure("–", math.inf) if value is None else _Figure(f"{100 * value:.1f}", value)


class _Figure(QTableWidgetItem):
    """Text that sorts by a number, not by its letters."""

    def __init__(self, text: str, value: float, *, words: bool = False) -> None:
        super().__init__(text)
        self.value = value
        self.setData(VALUE, value)
        if not words:
            self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setFont(appearance().font(12, mono=True))

    def __lt__(self, other: QTableWidgetItem) -> bool:
        return isinstance(other, _Figure) and self.value < other.value
