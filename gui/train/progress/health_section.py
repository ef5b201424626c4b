"""The health of each layer of a run: gradients, updates, dead ReLUs, and what helps."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.train.progress.advice import Advice, Adviser
from gui.train.progress.health import Row, health_rows
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.words import NOTHING, rate, scientific
from gui.widgets.figure_table import Cell, FigureTable, TableLine
from gui.widgets.notice import Notice
from gui.widgets.section import Section

_HEADS = ("Layer", "‖∇W‖", "‖ΔW‖/‖W‖", "Dead")
_WIDTHS = (34, 22, 28, 16)


class HealthSection(Section):
    """A row a layer; what is wrong stands out, and the first finding is explained below."""

    node_activated = Signal(str)

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__("Layer health", parent)
        self._runs = runs
        self._run: Run | None = None
        self._advisers: WeakKeyDictionary[Run, Adviser] = WeakKeyDictionary()
        self.table = FigureTable(_HEADS, _WIDTHS)
        self.table.setAccessibleName("Layer health")
        self.table.activated.connect(self.node_activated)
        self.waiting = QLabel("Measured from the first batches on.")
        role(self.waiting, "label")
        self.hint = _Hint()
        self.hint.button.clicked.connect(self._try_in_new_run)
        for widget in (self.waiting, self.table, self.hint):
            self.body.addWidget(widget)

    def show_run(self, run: Run | None) -> None:
        """Show the latest measurements of a run."""
        self._run = run
        self.setVisible(run is not None)
        rows = health_rows(run.project.network, run.health, rate_share=run.rate_share) if run else []
        self.table.show_lines([_line(row) for row in rows])
        self.table.setVisible(bool(rows))
        self.waiting.setVisible(not rows)
        self.hint.show_advice(self._adviser(run).on(rows) if run and not run.failure else None)
        idle = self._runs.active is None
        self.hint.button.setEnabled(idle)
        self.hint.button.setToolTip("" if idle else "Stop this run first")

    def _try_in_new_run(self) -> None:
        if self._run is not None and self.hint.advice is not None and self.hint.advice.learning_rate is not None:
            self._runs.retry(self._run, learning_rate=self.hint.advice.learning_rate)

    def _adviser(self, run: Run) -> Adviser:
        """The one that keeps in mind what it has said of this run."""
        if run not in self._advisers:
            recipe = run.settings
            self._advisers[run] = Adviser(recipe.learning_rate, recipe.optimiser.usual_rate)
        return self._advisers[run]


class _Hint(Notice):
    """What is wrong in bold, what helps, and a button that tries it."""

    def __init__(self) -> None:
        self.advice: Advice | None = None
        self.button = QPushButton()
        role(self.button, "fix")
        mark(self.button, "scale", "small")
        super().__init__(self.button, margins=(0, 10, 0, 0))
        role(self.message, "heading")
        role(self.hint, "label")

    def show_advice(self, advice: Advice | None) -> None:
        """Give advice, or hide."""
        self.advice = advice
        self.setVisible(advice is not None)
        if advice is None:
            return
        self.say(_bulb, advice.what, advice.remedy)
        self.button.setVisible(advice.learning_rate is not None)
        if advice.learning_rate is not None:
            self.button.setText(f"Try {rate(advice.learning_rate)} in a new run")


def _bulb() -> QIcon:
    return appearance().icon("mdi6.lightbulb-on-outline", "warn")


def _line(row: Row) -> TableLine:
    wrong = {finding.column for finding in row.findings}
    dead = NOTHING if row.dead is None else f"{row.dead:.0%}".replace("%", " %")
    cells = (("gradient", scientific(row.gradient)), ("ratio", scientific(row.ratio)), ("dead", dead))
    return TableLine(
        (Cell(row.name), *(Cell(text, "warn" if column in wrong else "text") for column, text in cells)),
        "warn_bg" if wrong else "",
        row.name,
    )
