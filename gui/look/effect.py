"""How good the altered network is on the run's images, and with it as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from engine.data.part_words import SPOKEN
from engine.errors import LayerloomError
from engine.log import log_crash
from gui.background import Job, LatestJob
from gui.look.look import Look
from gui.looker import LoadedLens, Question
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.figure_table import FactList
from gui.widgets.section import Section
from gui.widgets.waiting_line import WaitingLine

if TYPE_CHECKING:
    from engine.inspection.measuring import Figure


@dataclass(frozen=True, slots=True)
class Effect:
    """The figure as the network is and, if it is altered, as it is then."""

    before: Figure
    after: Figure | None

    def facts(self) -> tuple[tuple[str, str], ...]:
        """It in rows, with the difference."""
        metric, before, after = self.before.metric, self.before, self.after
        rows = [(f"{metric.title}, as it is", metric.text(before.value))]
        if after is not None:
            difference = metric.difference(after.value - before.value)
            rows += [(f"{metric.title}, altered", metric.text(after.value)), ("Difference", difference)]
        return tuple(rows)


class EffectSection(Section):
    """Measures when it is asked, in a thread; what answers an older question is never shown."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__("Effect", parent)
        self.look = look
        self._job = LatestJob("Measuring the altered network", self)
        self.parts, self.ask = QComboBox(), QPushButton("Measure")
        self.parts.setAccessibleName("Images to measure on")
        for part, words in SPOKEN.items():
            self.parts.addItem(f"{words.capitalize()} images", part)
        self.parts.setCurrentIndex(self.parts.findData("validation"))
        mark(self.ask, "scale", "small")
        self.facts, self.said, self.waiting = FactList(), QLabel(), WaitingLine(below=True)
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        role(self.said, "caption")
        row = layouts.row(None, self.parts, self.ask, spacing=8)
        row.addStretch(1)
        self.body.setSpacing(8)
        self.body.addLayout(row)
        for widget in (self.waiting, self.facts, self.said):
            self.body.addWidget(widget)
        self.ask.clicked.connect(self.measure)
        self.waiting.cancel.clicked.connect(self._forget)
        self.parts.activated.connect(self._forget)
        for signal in (look.alterations.changed, look.epochs_changed, look.reset):
            signal.connect(self._forget)
        self._forget()

    def measure(self) -> None:
        """Measure the network as it is, and as it is altered, in place of what was being measured."""
        question = self.look.question()
        if question is None or question.weights.folder is None:
            self._say("There is no run whose images could be looked at.")
            return
        part = str(self.parts.currentData())
        self._job.start(
            lambda job: _measured(job, question, part),
            done=self._show,
            failed=lambda error: self._say(str(error)),
            progressed=self.waiting.show_progress,
        )
        self._say("")
        self.waiting.begin("Measuring")

    def close_job(self) -> None:
        """End the measuring: the window closes."""
        self._job.close()

    def _show(self, effect: Effect) -> None:
        last = effect.after or effect.before
        self._say(f"On {last.said.partition(' on ')[2]}.")
        self.facts.show_facts(effect.facts())
        self.facts.show()

    def _forget(self) -> None:
        """What was measured is not of what is looked at now."""
        self._job.cancel()
        has_run = self.look.run is not None and self.look.trained
        self.ask.setEnabled(has_run)
        self._say("" if has_run else "There is no run whose images could be looked at.")

    def _say(self, words: str) -> None:
        self.waiting.end()
        self.facts.hide()
        self.said.setText(words)
        self.said.setVisible(bool(words))


def _measured(job: Job, question: Question, part: str) -> Effect:
    from engine.inspection.measuring import measured

    try:
        lens = LoadedLens().lens_for(question, job.listen)
        before = measured(lens.own, part)
        return Effect(before, measured(lens, part) if lens.alteration else None)
    except (RuntimeError, MemoryError) as error:
        log_crash("measuring failed", error)
        raise LayerloomError(f"Measuring failed: {(str(error) or type(error).__name__).splitlines()[0]}") from error
