"""How good the run is on some of the images: small or large, dark or bright, of a folder, of rare classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QLabel, QTableWidget, QTableWidgetItem, QWidget

from engine.files import readable
from engine.words import counted, p_text, percent_text, thousands
from gui.background import Job
from gui.evaluate.answer import Answer
from gui.evaluate.answer_bar import AnswerBar
from gui.evaluate.cards import Card, CardGrid
from gui.evaluate.class_table import scale_start
from gui.evaluate.dots import VALUE, DotDelegate
from gui.evaluate.evaluator import Evaluated, Evaluator
from gui.evaluate.page import GAP, MARGIN, FigurePage, splitter
from gui.style.appearance import appearance
from gui.style.style import TABLE_ROW, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from engine.evaluation.slices import Slice

_HEADS = ("Images by", "Slice", "Images", "Accuracy", "95 % interval", "Against the rest")
_ACCURACY = 3


class SlicesPage(FigurePage):
    """A row a slice, and beside it the mistakes of the one that is chosen."""

    title = "Slices"

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(evaluator, parent)
        self.slices: Answer[tuple[Slice, ...]] = Answer("Measuring the images", self)
        self.table, self.images = QTableWidget(0, len(_HEADS)), CardGrid("Mistakes of the slice")
        self.note, self.heading = QLabel(), ElidedLabel()
        self._dots = DotDelegate(self.table, strong=True)
        self._set_up_table()
        role(self.note, "caption")
        self.note.setWordWrap(True)
        role(self.heading, "heading")
        self._lay_out()
        self.slices.changed.connect(self._show)
        appearance().changed.connect(self._show)
        self.table.itemSelectionChanged.connect(self._show_slice)
        self.images.opened.connect(evaluator.look_at)

    def answers(self) -> tuple[Answer[Any], ...]:
        return (self.slices,)

    def refresh(self) -> None:
        result = self.result
        assert result is not None  # a page without is not refreshed
        self.slices.ask(result, lambda job: _slices(result, job))

    def _set_up_table(self) -> None:
        table = self.table
        table.setAccessibleName("Slices")
        table.setHorizontalHeaderLabels(list(_HEADS))
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(_ACCURACY, QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().resizeSection(_ACCURACY, 150)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(TABLE_ROW)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setItemDelegateForColumn(_ACCURACY, self._dots)

    def _lay_out(self) -> None:
        left, right = QFrame(), QFrame()
        for card in (left, right):
            role(card, "card")
        column = layouts.column(left, AnswerBar(self.slices, "Measuring the images"), self.table, self.note, spacing=8)
        column.setContentsMargins(8, 8, 8, 10)
        column.setStretch(1, 1)
        beside = layouts.column(right, self.heading, self.images, spacing=8)
        self.heading.setContentsMargins(12, 0, 12, 0)
        beside.setContentsMargins(0, 10, 0, 8)
        parts = splitter(Qt.Orientation.Horizontal, left, right, shares=(3, 2))
        layouts.column(self, parts).setContentsMargins(MARGIN, GAP, MARGIN, GAP)

    def _show(self) -> None:
        if self.slices.value is None:
            self.table.setRowCount(0)
            self.note.hide()
            self._show_slice()
            return
        from engine.evaluation.slices import SLICES_NOTE  # it brings torch, as the evaluation has by now

        found = self.slices.value
        low = scale_start([one.accuracy for one in found])
        self._dots.low = low / 100
        head = f"Accuracy ({low}–100 %)" if low else "Accuracy (%)"
        self.table.model().setHeaderData(_ACCURACY, Qt.Orientation.Horizontal, head)
        self.table.setRowCount(len(found))
        for row, one in enumerate(found):
            for column, text in enumerate(_cells(one)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column == _ACCURACY:
                    item.setData(VALUE, one.accuracy)
                if one.worse and column == len(_HEADS) - 1:
                    item.setForeground(appearance().colour("err"))
                    item.setFont(appearance().font(12, weight=600))
                self.table.setItem(row, column, item)
        none = "All images are alike in size, brightness and folder, so that there are no slices."
        self.note.setText(SLICES_NOTE if found else none)
        self.note.show()
        worst = min(range(len(found)), key=lambda row: (not found[row].worse, found[row].accuracy), default=None)
        if worst is not None:
            self.table.selectRow(worst)
        self._show_slice()

    def _show_slice(self) -> None:
        row, found, result = self.table.currentRow(), self.slices.value, self.result
        if found is None or result is None or result.classes is None or not 0 <= row < len(found):
            self.heading.setText("")
            self.images.show_cards(None, ())
            return
        one, said = found[row], result.classes.predictions
        wrong = one.positions[~said.right[one.positions]]
        wrong = wrong[np.argsort(-said.losses[wrong], kind="stable")].tolist()
        self.heading.setText(f"{one.kind} {readable(one.title)}: {counted(len(wrong), 'mistake')}")
        self.images.show_cards(result, [mistake_card(result, place) for place in wrong])


def mistake_card(result: Evaluated, place: int) -> Card:
    """A card that says what an image was taken for."""
    assert result.classes is not None  # only images that are told apart have cards
    said = result.classes.predictions
    taken = result.classes.classes[said.predicted[place]]
    return Card(place, taken, f"{100 * said.confidence[place]:.0f} %", result.about(place))


def _cells(one: Slice) -> tuple[str, ...]:
    low, high = (f"{100 * bound:.1f}" for bound in one.interval)
    rest = f"worse, {p_text(one.p)}" if one.worse else "no clear difference"
    return (
        one.kind,
        readable(one.title),
        thousands(one.images),
        percent_text(one.accuracy)[:-2],
        f"{low} to {high}",
        rest,
    )


def _slices(result: Evaluated, job: Job) -> tuple[Slice, ...]:
    from engine.evaluation.slices import slices_of

    assert result.classes is not None  # the page is there for it alone
    return slices_of(result.classes, result.data, result.source, progress=job.listen)
