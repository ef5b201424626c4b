"""The run in view against another one on the same images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QWidget

from engine.words import counted, percent_text, thousands
from gui.background import Job
from gui.evaluate.answer import Answer
from gui.evaluate.answer_bar import AnswerBar
from gui.evaluate.cards import Card, CardGrid
from gui.evaluate.confusion_matrix import ConfusionMatrix
from gui.evaluate.evaluator import Evaluated, Evaluator, evaluated
from gui.evaluate.page import GAP, MARGIN, FigurePage, splitter
from gui.style.style import role
from gui.train.runs.run import Run
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.segmented import Segment, Segmented

if TYPE_CHECKING:
    from engine.evaluation.comparing import Comparison

_RUN_WIDTH, _CARD = 220, 132  # px; below a card stand two names
_SIDES = ("only_first", "only_second", "neither", "both")
_NO_OTHER = "There is no other run of these classes to compare with: train one, and both are set side by side here."


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Another run's evaluation on the same part, and what the two have in common."""

    other: Evaluated
    comparison: Comparison


class ComparePage(FigurePage):
    """Which images changed sides, whether that is more than chance, and both matrices."""

    title = "Compare runs"

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(evaluator, parent)
        self.compared: Answer[Compared] = Answer("The comparison", self)
        self.other = QComboBox()
        self.other.setAccessibleName("Run to compare with")
        self.other.setFixedWidth(_RUN_WIDTH)
        self.words, self.verdict = QLabel("Compare with"), QLabel()
        role(self.words, "label")
        role(self.verdict, "small")
        self.verdict.setWordWrap(True)
        self.sides = Segmented([Segment(side, side) for side in _SIDES], small=True)
        self.images = CardGrid("Images on which the runs differ", usual=_CARD)
        self.heads, self.matrices = (ElidedLabel(), ElidedLabel()), (ConfusionMatrix(), ConfusionMatrix())
        self._lay_out()
        self.other.activated.connect(self._ask)
        self.sides.chosen.connect(self._show_images)
        self.images.opened.connect(evaluator.look_at)
        self.compared.changed.connect(self._show)
        evaluator.runs.listed.connect(self.invalidate)

    def answers(self) -> tuple[Answer[Any], ...]:
        return (self.compared,)

    def refresh(self) -> None:
        run = self.evaluator.run
        others = [one for one in self.evaluator.runs.all if one is not run and len(one.epochs) and _alike(one, run)]
        before: Run | None = self.other.currentData()
        self.other.clear()
        for one in others:
            self.other.addItem(one.title, one)
        self.other.setCurrentIndex(others.index(before) if before in others else 0 if others else -1)
        for part in (self.words, self.other):
            part.setVisible(bool(others))
        if others:
            self._ask()
        else:
            self.compared.forget()
            self._show()

    def _lay_out(self) -> None:
        head = layouts.row(None, self.words, self.other, spacing=8)
        head.addStretch(1)
        cards = []
        for words, matrix in zip(self.heads, self.matrices, strict=True):
            role(words, "heading")
            matrix.setAccessibleName("Confusion matrix of one of the runs")
            cards.append(_card(words, matrix))
        chooser, row = QWidget(), layouts.row(None, self.sides)
        row.addStretch(1)
        row.setContentsMargins(12, 0, 12, 0)
        chooser.setLayout(row)
        right = _card(chooser, self.images, margin=0)
        self.parts = splitter(Qt.Orientation.Horizontal, *cards, right, shares=(3, 3, 4))
        bar = AnswerBar(self.compared, "Evaluating the other run")
        column = layouts.column(self, head, self.verdict, bar, self.parts, spacing=10)
        column.setStretch(3, 1)
        column.addStretch(0)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)

    def _ask(self) -> None:
        result, other = self.result, self.other.currentData()
        if result is not None and other is not None:
            self.compared.ask((result, other), lambda job: _compared(result, other, job))

    def _show(self) -> None:
        compared, run, other = self.compared.value, self.evaluator.run, self.other.currentData()
        self.parts.setVisible(compared is not None)
        self.verdict.setText("" if other is not None else _NO_OTHER)
        result = self.result
        if compared is not None and run is not None and other is not None and result is not None:
            names = f"run {run.number}", f"run {other.number}"
            left = compared.comparison.left_words(result.evaluation.split)
            self.verdict.setText(f"{compared.comparison.verdict(*names)} {left}".rstrip())
            whose = (f"Only {run.number}", f"Only {other.number}", "Neither", "Both")
            for side, words in zip(_SIDES, whose, strict=True):
                count = thousands(len(getattr(compared.comparison, side)))
                self.sides.set_text(side, f"{words}: {count}")
            for side, name in zip(_SIDES, names, strict=False):
                self.sides.button(side).setToolTip(f"Images that only {name} gets right")
            for place, (one, found) in enumerate(((run, result), (other, compared.other))):
                assert found.classes is not None  # both tell classes apart, or they would not compare
                of = f"{percent_text(found.classes.accuracy)} of {counted(found.classes.images, 'image')}"
                self.heads[place].setText(f"{one.title}: {of}")
                self.matrices[place].show_counts(found.classes.confusion, found.classes.classes)
        self.verdict.setVisible(bool(self.verdict.text()))
        self._show_images()

    def _show_images(self) -> None:
        compared, result = self.compared.value, self.result
        if compared is None or result is None:
            self.images.show_cards(None, ())
            return
        pairs = getattr(compared.comparison, str(self.sides.value)).tolist()
        self.images.show_cards(result, [_pair_card(result, compared.other, *pair) for pair in pairs])


def _alike(one: Run, run: Run | None) -> bool:
    """Whether two runs tell the same classes apart."""
    records = one.record, run.record if run is not None else None
    return all(record is not None for record in records) and len({record.classes for record in records if record}) == 1


def _card(head: QWidget, body: QWidget, *, margin: int = 8) -> QFrame:
    card = QFrame()
    role(card, "card")
    column = layouts.column(card, head, body, spacing=8)
    column.setStretch(1, 1)
    column.setContentsMargins(margin, 10, margin, 8)
    return card


def _pair_card(result: Evaluated, other: Evaluated, place: int, there: int) -> Card:
    """A card with what both runs say of an image."""
    assert result.classes is not None  # only images that are told apart have cards
    assert other.classes is not None
    one, two = result.classes, other.classes
    taken = one.classes[one.predictions.predicted[place]], two.classes[two.predictions.predicted[there]]
    said = taken[0] if taken[0] == taken[1] else " | ".join(taken)
    about = f"{result.about(place)}; the other run: {taken[1]} {100 * two.predictions.confidence[there]:.1f} %"
    return Card(place, said, about=about)


def _compared(result: Evaluated, other: Run, job: Job) -> Compared:
    from engine.evaluation.comparing import compare, image_keys

    part = result.evaluation.split
    found = evaluated(other.folder, part, job, looks=result.looks, own=result.own)
    assert result.classes is not None  # the page is there for it alone
    assert found.classes is not None  # a run of the same classes
    keys = image_keys(result.data, part), image_keys(found.data, part)
    return Compared(found, compare(result.classes, found.classes, keys=keys))
