"""The health of each layer of a run: gradients, updates, dead ReLUs, and what helps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from engine.training.advice import Advice, Cure
from engine.training.layer_health import Row
from engine.words import whole_percent_text
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.trying import queue_cure, try_cure
from gui.train.runs.words import NOTHING, QUEUE_IT, scientific
from gui.widgets.figure_table import Cell, FigureTable, TableLine
from gui.widgets.flow import Flow
from gui.widgets.notice import Notice
from gui.widgets.section import Section

_HEADS = ("Layer", "‖∇W‖", "‖ΔW‖/‖W‖", "Dead")
_MANY = 10  # rows
_WIDTHS = (34, 22, 28, 16)


class HealthSection(Section):
    """A row a layer; what is wrong stands out, and what it comes of is told below, with what helps."""

    node_activated = Signal(str)

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__("Layer health", parent, caption="latest measured batch")
        self._runs = runs
        self._run: Run | None = None
        self.table = FigureTable(_HEADS, _WIDTHS)
        self.table.setAccessibleName("Layer health")
        self.table.activated.connect(self.node_activated)
        self.waiting = QLabel("Measured from the first batches on.")
        role(self.waiting, "label")
        self.hint = _Hint()
        self.hint.button.clicked.connect(lambda: self._act(try_cure))
        self.hint.queue.clicked.connect(lambda: self._act(queue_cure))
        for widget in (self.waiting, self.table, self.hint):
            self.body.addWidget(widget)

    def show_run(self, run: Run | None) -> None:
        """Show the latest measurements of a run."""
        self._run = run
        self.setVisible(run is not None)
        rows, advice = (run.course.rows, run.advice) if run else ([], None)
        where = advice.where if advice else ""
        self.table.show_lines([_line(row, begins=row.name == where) for row in rows])
        self.table.setVisible(bool(rows))
        self._place_hint(1 if len(rows) > _MANY else 2)
        self.waiting.setVisible(not rows)
        self.hint.show_advice(advice)
        self.hint.button.setToolTip("The run that trains is stopped; it can be resumed" if self._runs.active else "")

    def _place_hint(self, place: int) -> None:
        """Put the advice below the table, or above one so long that it would not be seen."""
        if self.body.indexOf(self.hint) - self.body.indexOf(self.waiting) != place:
            self.body.insertWidget(self.body.indexOf(self.waiting) + place, self.hint)

    def _act(self, act: Callable[[Runs, Run, Cure], None]) -> None:
        if self._run is not None and self.hint.advice is not None and self.hint.advice.cure is not None:
            act(self._runs, self._run, self.hint.advice.cure)


class _Hint(Notice):
    """What is wrong in bold, what helps, and buttons that try it at once or in the queue."""

    def __init__(self) -> None:
        self.advice: Advice | None = None
        self.button, self.queue = QPushButton(), QPushButton(QUEUE_IT)
        role(self.button, "fix")
        self.queue.setToolTip("Put it into the queue; the run that trains goes on")
        self.buttons = QWidget()
        flow = Flow(self.buttons, spacing=8)
        for button in (self.button, self.queue):
            mark(button, "scale", "small")
            flow.addWidget(button)
        super().__init__(self.buttons, margins=(0, 10, 0, 8))
        role(self.message, "heading")
        role(self.hint, "label")

    def show_advice(self, advice: Advice | None) -> None:
        """Give advice, or hide."""
        self.advice = advice
        self.setVisible(advice is not None)
        if advice is None:
            return
        self.say(_bulb, advice.what, advice.remedy)
        self.buttons.setVisible(advice.cure is not None)
        if advice.cure is not None:
            self.button.setText(f"Try {advice.cure.label} in a new run")
            self.queue.setAccessibleName(f"{QUEUE_IT}: {advice.cure.label}")


def _bulb() -> QIcon:
    return appearance().icon("mdi6.lightbulb-on-outline", "warn")


def _line(row: Row, *, begins: bool) -> TableLine:
    dead = NOTHING if row.dead is None else whole_percent_text(row.dead)
    figures = (("gradient", scientific(row.gradient)), ("ratio", scientific(row.ratio)), ("dead", dead))
    name = Cell(f"▸ {row.name}" if begins else row.name, "warn" if begins else "text")
    cells = (Cell(text, "warn" if figure in row.wrong else "text") for figure, text in figures)
    return TableLine((name, *cells), "warn_bg" if row.wrong or begins else "", row.name)
