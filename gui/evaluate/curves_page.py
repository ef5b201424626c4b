"""ROC and precision–recall curves of classes and of all together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QWidget

from engine.words import counted
from gui.background import Job
from gui.evaluate.answer import Answer
from gui.evaluate.answer_bar import AnswerBar
from gui.evaluate.curve_plot import CurvePlot, NamedCurve
from gui.evaluate.evaluator import Evaluator
from gui.evaluate.page import GAP, MARGIN, FigurePage, splitter
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.segmented import Segment, Segmented

if TYPE_CHECKING:
    from engine.evaluation.curves import Curve, Curves, Kind
    from engine.tasks.class_evaluation import ClassEvaluation

_AXES = {"roc": ("False positive rate", "Recall"), "precision_recall": ("Recall", "Precision")}
_AREAS = {"roc": "Area under the curve", "precision_recall": "Average precision"}
_SHOWN_FIRST = 4  # of the classes: those of the smallest areas
_CURVE, _HINT = Qt.ItemDataRole.UserRole, "Point at a curve, or walk along it with the arrow keys."


class CurvesPage(FigurePage):
    """The curves that are ticked in the list; the weakest classes and their mean at first."""

    title = "ROC and PR"

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(evaluator, parent)
        self.curves: Answer[dict[str, Curves]] = Answer("Drawing the curves", self)
        self.kind = Segmented((Segment("roc", "ROC"), Segment("precision_recall", "Precision–recall")), small=True)
        self.list, self.plot = QListWidget(), CurvePlot()
        self.heading, self.left_out, self.words = ElidedLabel(), QLabel(), ElidedLabel(_HINT)
        self.list.setAccessibleName("Curves to show")
        self.list.setIconSize(QSize(24, 12))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        role(self.heading, "heading")
        for label in (self.left_out, self.words):
            role(label, "caption")
        self.left_out.setWordWrap(True)
        self._lay_out()
        self.kind.chosen.connect(self._list)
        self.list.itemChanged.connect(self._draw)
        self.plot.pointed.connect(lambda words: self.words.setText(words or _HINT))
        self.curves.changed.connect(self._list)
        appearance().changed.connect(self._list)

    def answers(self) -> tuple[Answer[Any], ...]:
        return (self.curves,)

    def refresh(self) -> None:
        found = self.found
        assert found is not None  # a page without is not refreshed
        self.curves.ask(found, lambda job: _curves(found, job))

    def _lay_out(self) -> None:
        head = layouts.row(None, self.heading, self.kind, spacing=8)
        head.setStretch(0, 1)
        chart, side = QFrame(), QFrame()
        for card in (chart, side):
            role(card, "card")
        bar = AnswerBar(self.curves, "Drawing the curves")
        column = layouts.column(chart, head, bar, self.plot, self.words, spacing=8)
        column.setStretch(2, 1)
        column.setContentsMargins(12, 8, 12, 10)
        layouts.column(side, self.list, self.left_out, spacing=8).setContentsMargins(8, 8, 8, 10)
        side.setMinimumWidth(220)
        split = splitter(Qt.Orientation.Horizontal, chart, side, shares=(5, 2))
        layouts.column(self, split).setContentsMargins(MARGIN, GAP, MARGIN, GAP)

    def _list(self) -> None:
        """List what there is, with the weakest classes and the means ticked."""
        kind = str(self.kind.value)
        self.heading.setText(_AREAS[kind])
        self.list.blockSignals(True)
        self.list.clear()
        shown = self.curves.value[kind] if self.curves.value is not None else None
        if shown is not None:
            for place, (name, curve) in enumerate(_rows(shown)):
                self._add(NamedCurve(name, curve, place), ticked=place <= _SHOWN_FIRST)
            left = f"{len(shown.classes) - len(shown.of)} of {counted(len(shown.classes), 'class', 'classes')}"
            self.left_out.setText(f"No curve for {left}: the part lacks their images, or all others.")
            self.left_out.setVisible(len(shown.of) < len(shown.classes))
        self.list.blockSignals(False)
        self._draw()

    def _add(self, one: NamedCurve, *, ticked: bool) -> None:
        item = QListWidgetItem(one.icon(), f"{one.curve.area:.3f}  {one.name}")
        item.setToolTip(item.text())
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        item.setData(_CURVE, one)
        self.list.addItem(item)

    def _draw(self) -> None:
        kind = str(self.kind.value)
        items = [self.list.item(row) for row in range(self.list.count())]
        ticked = [item.data(_CURVE) for item in items if item.checkState() is Qt.CheckState.Checked]
        self.plot.show_curves(ticked, _AXES[kind], chance=kind == "roc")


def _rows(curves: Curves) -> list[tuple[str, Curve]]:
    """The means, then the classes that have curves, those of the smallest areas first."""
    each = zip(curves.classes, curves.each, strict=True)
    of_classes = [(name, curve.thinned()) for name, curve in each if curve is not None]
    mean = [("Mean of classes (macro)", curves.macro.thinned())] if curves.macro is not None else []
    means = [*mean, ("All answers together (micro)", curves.micro.thinned())]
    return [*means[:1], *sorted(of_classes, key=lambda pair: pair[1].area), *means[1:]]


def _curves(found: ClassEvaluation, job: Job) -> dict[str, Curves]:
    from engine.evaluation.curves import curves_of

    kinds: tuple[Kind, ...] = ("roc", "precision_recall")
    made: dict[str, Curves] = {}
    for place, kind in enumerate(kinds):
        job.report("Drawing the curves", place / len(kinds))
        made[kind] = curves_of(found, kind)
        _ = made[kind].macro, made[kind].micro  # worked out here, in the thread
    return made
