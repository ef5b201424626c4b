"""The range test on its page: how to begin one, how far it is, what it found, and what to do with that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from engine.words import power_text
from gui.document import Document
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.train.estimate.estimating import estimating_of
from gui.train.range_test.chart import RangeChart
from gui.train.range_test.legend import RangeLegend
from gui.train.range_test.plan import plan_of, plan_so_far
from gui.train.range_test.range_test import range_test_of
from gui.train.range_test.words import advice, first_words, head_words
from gui.train.runs.runs import Runs
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.live import LiveWidget
from gui.widgets.progress_line import ProgressLine

_MARGIN = 16
_SIGN = QSize(16, 16)
_SIGNS = {"warn": "mdi6.alert", "accent": "mdi6.lightbulb-on-outline", "muted": "mdi6.information-outline"}


@dataclass(frozen=True, slots=True)
class _Card:
    """What the line below the chart says, the colour of its sign, and what its button is called and does."""

    text: str
    label: str = ""
    act: Callable[[], object] | None = None
    token: str = "muted"


class RangeTestPanel(LiveWidget):
    """A head, the chart, and below it one line: an offer, the progress, or what stands in the way."""

    template_wanted = Signal()

    def __init__(self, document: Document, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.runs = document, runs
        self.test, self.estimating = range_test_of(runs), estimating_of(runs)
        self.note, self.again = ElidedLabel(), QPushButton("Run again")
        self.chart, self.legend = RangeChart(), RangeLegend()
        self.line = ProgressLine("Range test")
        self.sign, self.words, self.action = QLabel(), QLabel(), QPushButton()
        self._lay_out()
        self.action.clicked.connect(self._act)
        self.again.clicked.connect(self.start)
        self._act_now: Callable[[], object] | None = None
        self.test.changed.connect(self.invalidate)
        self.test.progressed.connect(self._show_progress)
        self.estimating.changed.connect(self.invalidate)
        document.settings_changed.connect(self.invalidate)
        appearance().changed.connect(self.invalidate)

    def hasHeightForWidth(self) -> bool:
        return False  # else the card's words that wrap would keep the chart from giving way where there is little room

    def _lay_out(self) -> None:
        title = QLabel("Learning-rate range test")
        role(title, "title")
        role(self.note, "caption")
        for button, kind in ((self.again, "quiet"), (self.action, "fix")):
            role(button, kind)
            mark(button, "scale", "small")
        self.again.setIconSize(_SIGN)
        head = QWidget()
        head.setFixedHeight(44)
        row = layouts.row(head, title, self.note, self.again, spacing=12)
        row.setContentsMargins(_MARGIN, 0, 8, 0)
        row.setStretch(1, 1)
        self.card = QFrame()
        role(self.card, "card")
        self.words.setWordWrap(True)
        role(self.words, "small")
        said = layouts.row(None, self.sign, self.words, self.action, spacing=10)
        said.setStretch(1, 1)
        inside = layouts.column(self.card, self.line, said, spacing=8)
        inside.setContentsMargins(12, 8, 8, 8)
        body = layouts.column(None, self.legend, self.chart, self.card, spacing=4)
        body.setContentsMargins(_MARGIN, 0, _MARGIN, 12)
        body.setStretch(1, 1)
        layouts.column(self, head, body)

    def start(self) -> None:
        """Begin a test, if it can be."""
        if not self.test.refusal:
            self.test.start()
            self.action.setFocus(Qt.FocusReason.OtherFocusReason)  # where Esc and Enter call it off

    def refresh(self) -> None:
        """Show what is known."""
        test, going = self.test, self.test.going
        self.estimating.ask()
        done = test.result is not None and going is None
        self.note.setText(head_words(test.result) if test.result is not None and done else "")
        self.again.setVisible(done and not test.other)
        self.again.setEnabled(not test.refusal)
        self.again.setToolTip(test.refusal or "Run the range test again (L)")
        self.again.setIcon(appearance().icon("mdi6.history"))
        self.legend.show_done(done)
        self.line.setVisible(going is not None)
        self._show_card(self._card())
        self._show_chart()

    def _show_progress(self) -> None:
        if self.test.going is not None and self.isVisible():
            self.line.show_fraction(len(self.test.going.losses) / self.test.going.batches)
            self.words.setText(self.test.going.words)
            self._show_chart()

    def _show_chart(self) -> None:
        test, now = self.test, self.document.project.training.learning_rate
        if test.result is not None and test.going is None:
            self.chart.show_plan(plan_of(test.result, now=now, faint=bool(test.other)))
        else:
            self.chart.show_plan(plan_so_far(test.going, now=now))

    def _card(self) -> _Card:
        test, found, now = self.test, self.test.result, self.document.project.training.learning_rate
        if test.going is not None:
            return _Card(test.going.words, "Cancel", test.cancel)
        if not len(self.document.network):
            return _Card("Draw a network first.", "Open a template", self.template_wanted.emit)
        if test.failure:
            return _Card(test.failure, "Run again", self.start, "warn")
        again = "" if test.refusal else "Run again"
        if found is None:
            first = first_words(self.estimating.found)
            return _Card(test.refusal) if test.refusal else _Card(first, "Run the test", self.start)
        if test.other:
            return _Card(f"Made with {test.other}.", again, self.start)
        use = f"Use {power_text(found.suggested)}" if found.suggested not in (None, now) else ""
        return _Card(advice(found, now), use, test.use, "accent")

    def _show_card(self, card: _Card) -> None:
        self._act_now = card.act
        self.words.setText(card.text)
        self.action.setText(card.label)
        self.action.setVisible(bool(card.label))
        role(self.action, "" if self.test.going else "fix")
        self.sign.setPixmap(appearance().icon(_SIGNS[card.token], card.token).pixmap(_SIGN))

    def _act(self) -> None:
        if self._act_now is not None:
            self._act_now()
