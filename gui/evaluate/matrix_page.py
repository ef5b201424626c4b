"""The confusion matrix, the images of one of its cells, and the classes below."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from engine.tasks.class_evaluation import ClassEvaluation, cluster_order
from gui.evaluate.answer import Answer
from gui.evaluate.cell_view import CellView
from gui.evaluate.class_table import ClassTable
from gui.evaluate.confusion_matrix import NUMBERS_UP_TO, ConfusionMatrix
from gui.evaluate.evaluator import Evaluator
from gui.evaluate.matrix_legend import MatrixLegend
from gui.evaluate.page import GAP, MARGIN, FigurePage, splitter
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.segmented import Segment, Segmented

_SHARES = (3, 2)  # of the width, for the matrix and for images


class MatrixPage(FigurePage):
    """The first page of the figures; a cell, a row and the images follow each other."""

    title = "Confusion matrix"

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(evaluator, parent)
        self._found: ClassEvaluation | None = None
        self._dragged = False  # whether a person has shared out the width
        self.clusters: Answer[NDArray[np.int64]] = Answer("Sorting the classes", self)
        self.heading = ElidedLabel(self.title)
        role(self.heading, "heading")
        self.numbers = Segmented((Segment(False, "Count"), Segment(True, "Row %")), small=True)
        self.sort = QPushButton("Sort by cluster")
        self.sort.setCheckable(True)
        self.sort.setToolTip("Let classes that are taken for each other stand together")
        mark(self.sort, "scale", "small")
        self.matrix, self.legend, self.table = ConfusionMatrix(), MatrixLegend(), ClassTable()
        self.cell = CellView(evaluator)
        self.cell.hide()
        self._lay_out()
        self.numbers.chosen.connect(self._show_numbers)
        self.sort.toggled.connect(self._show_order)
        self.clusters.changed.connect(self._show_clusters)
        self.matrix.chosen.connect(evaluator.choose_cell)
        # queued: the card, whose width it sets, is in the midst of laying itself out
        self.matrix.height_changed.connect(self._share_width, Qt.ConnectionType.QueuedConnection)
        self.table.class_chosen.connect(evaluator.choose_class)
        self.cell.all_wanted.connect(self._give_room)
        evaluator.cell_changed.connect(self._show_cell)

    def answers(self) -> tuple[Answer[Any], ...]:
        return (self.clusters,)

    def _lay_out(self) -> None:
        head = layouts.row(None, self.heading, self.sort, self.numbers, spacing=8)
        head.setStretch(0, 1)
        head.setContentsMargins(12, 8, 8, 0)
        foot = layouts.row(None, self.legend)
        foot.setContentsMargins(MARGIN, 4, MARGIN, 8)
        self._card = QFrame()
        role(self._card, "card")
        layouts.column(self._card, head, self.matrix, foot).setStretch(1, 1)
        below = QFrame()
        role(below, "card")
        layouts.column(below, self.table).setContentsMargins(1, 1, 1, 1)
        self._top = splitter(Qt.Orientation.Horizontal, self._card, self.cell, shares=_SHARES)
        self._top.splitterMoved.connect(self._leave_widths)
        self._both = splitter(Qt.Orientation.Vertical, self._top, below, shares=(7, 3))
        self._below = below
        layouts.column(self, self._both).setContentsMargins(MARGIN, GAP, MARGIN, GAP)

    def refresh(self) -> None:
        """Show the evaluation that is there now."""
        found = self.found
        if found is None or found is self._found:
            return
        self._found = found
        self.matrix.show_counts(found.confusion, found.classes)
        many = len(found.classes) > NUMBERS_UP_TO
        self.sort.setVisible(many)
        self.table.show_classes(found)
        self._show_numbers()
        self._show_order()
        self._show_cell()

    def _show_numbers(self) -> None:
        shares = bool(self.numbers.value)
        self.matrix.show_shares(shares)
        if self._found is not None:
            self.legend.show_counts(self._found.confusion, shares=shares)

    def _show_order(self) -> None:
        """Let the classes stand in their own order until the one by clusters is there, if that is asked for."""
        found = self._found
        if found is None:
            return
        if self.sort.isChecked() and not self.sort.isHidden():
            self.clusters.ask(found, lambda _: cluster_order(found.confusion))
            self._show_clusters()
        else:
            self.matrix.show_order(np.arange(len(found.classes)))

    def _show_clusters(self) -> None:
        order = self.clusters.value
        if order is not None and self.clusters.key is self._found and self.sort.isChecked():
            self.matrix.show_order(order)

    def _show_cell(self) -> None:
        cell = self.evaluator.cell
        if self.cell.isHidden() == (cell is not None):
            self.cell.setVisible(cell is not None)
            self._share_width()
        if self._found is not self.found:
            return  # the matrix of that evaluation comes when the page can be seen
        self.matrix.mark(cell)
        if cell is not None:
            self.table.mark(cell[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _leave_widths(self) -> None:
        self._dragged = True

    def _share_width(self) -> None:
        """Let the images have the width that the matrix cannot use, unless a person has shared it out."""
        if self._dragged:
            return
        whole = self._top.width() - self._top.handleWidth()
        card = min(self.matrix.needed_width(), whole * _SHARES[0] // sum(_SHARES))
        self._top.setSizes([card, whole - card])

    def _give_room(self, whole: bool) -> None:
        """Let the images of the cell have the whole page, or let the rest come back."""
        self._card.setVisible(not whole)
        self._below.setVisible(not whole)
