"""The Problems panel."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.layers import Shape
from engine.network import Fix, Problem, Severity, of_severity
from engine.words import counted, shape_text, thousands
from gui.document import Document
from gui.draw.problems.row import ProblemRow
from gui.readiness import readiness_of
from gui.registry.panels import EVERYWHERE, PANELS, DockPlace, Tab
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.panel import Panel

MOST_ROWS = 100
"""More problems than this are counted and not listed: nobody reads them before mending the first."""


@PANELS.register
class ProblemsPanel(Panel):
    """A row a problem, worst first; a click selects the layer, a fix applies as one undo step."""

    tab = Tab("problems", "Problems", "mdi6.alert-circle", (DockPlace(EVERYWHERE, "bottom", 1),))

    preview_requested = Signal(object)  # a Fix or None
    node_activated = Signal(str)
    left = Signal()  # by a fix that takes its own button away: the canvas takes the keyboard back
    counts_changed = Signal(object)  # as `counts`; also while the panel is hidden

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.rows: list[ProblemRow] = []
        self._readiness = readiness_of(document)
        self._counts: dict[Severity, int] = {}
        self._current = -1
        self.empty = QLabel()
        role(self.empty, "label")
        self.more = QLabel()
        role(self.more, "caption")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._lay_out()
        self._readiness.changed.connect(self._count)
        self._readiness.changed.connect(self.invalidate)
        self._count()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of the project, errors first, then what is unfinished."""
        return tuple(problem for severity in Severity for problem in of_severity(self._readiness.problems, severity))

    def next_problem(self) -> None:
        """Go to the next problem and select its layer; after the last comes the first."""
        if self.problems:
            self._go_to((self._current + 1) % len(self.problems))

    @property
    def fix(self) -> Fix | None:
        """The first fix of the current problem, or of the first that has one."""
        problems = self.problems
        ahead = problems[self._current : self._current + 1] if self._current >= 0 else ()
        return next((problem.fixes[0] for problem in (*ahead, *problems) if problem.fixes), None)

    def apply_fix(self) -> None:
        """Apply that fix."""
        if self.fix is not None:
            self._apply(self.fix)

    def refresh(self) -> None:
        """List the problems as they are now."""
        problems, selected = self.problems, self.document.selection.names
        while len(self.rows) < min(len(problems), MOST_ROWS):
            self._add_row()
        for row, problem in zip(self.rows, problems, strict=False):
            row.show_problem(problem, selected=bool(problem.node) and problem.node in selected)
            row.show()
        for row in self.rows[len(problems) :]:
            row.hide()
        self.empty.setText(self._nothing())
        self._empty_line.setVisible(not problems)
        self.more.setText(f"and {thousands(len(problems) - MOST_ROWS)} more")
        self._more_line.setVisible(len(problems) > MOST_ROWS)

    def _count(self) -> None:
        counts = {severity: len(of_severity(self._readiness.problems, severity)) for severity in Severity}
        self._current = min(self._current, sum(counts.values()) - 1)
        if counts != self._counts:
            self._counts = counts
            self.counts_changed.emit(counts)

    @property
    def counts(self) -> dict[Severity, int]:
        """How many problems there are of each severity."""
        return self._counts

    def _add_row(self) -> None:
        row, index = ProblemRow(), len(self.rows)
        row.activated.connect(partial(self._go_to, index))
        row.moved.connect(partial(self._move_focus, index))
        row.previewed.connect(self.preview_requested)
        row.chosen.connect(self._apply)
        self.rows.append(row)
        self._list.addWidget(row)

    def _go_to(self, index: int) -> None:
        self._current = index
        node = self.problems[index].node
        if node:
            self.document.select([node])
            self.node_activated.emit(node)
        if self.isVisible() and index < len(self.rows):
            self.refresh_now()
            self._scroll.ensureWidgetVisible(self.rows[index])

    def _move_focus(self, index: int, step: int) -> None:
        index += step
        if 0 <= index < len(self.problems) and index < len(self.rows):
            self.rows[index].setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(self.rows[index])

    def _apply(self, fix: Fix) -> None:
        self.preview_requested.emit(None)
        self.document.edit(fix.label, fix.edit)
        self.left.emit()

    def _nothing(self) -> str:
        network, analysis = self.document.network, self.document.analysis
        inputs = " and ".join(shape_text(analysis[name].output) for name in network.inputs)
        targets = self.document.project.task.targets
        endings = list(dict.fromkeys(_ending(analysis[name].output, targets) for name in network.outputs))
        outputs = " and ".join(endings)
        if len(endings) == 1 < len(network.outputs):
            outputs += f" at each of {len(network.outputs)} outputs"
        return f"No problems. {inputs} becomes {outputs}." if inputs and outputs else "No problems."

    def _lay_out(self) -> None:
        inside = QWidget()
        role(inside, "page")
        self._empty_line, self._more_line = _line(self.empty, 14), _line(self.more, 8)
        layouts.column(inside, self._empty_line, self._list, self._more_line).addStretch(1)
        self._scroll = layouts.scrolling(inside, sideways=True)
        layouts.column(self, self._scroll)


def _line(label: QLabel, above: int) -> QWidget:
    """A label with room around it; a style sheet takes away margins of a label's own that is not seen at first."""
    line = QWidget()
    layouts.row(line, label).setContentsMargins(16, above, 16, above)
    return line


def _ending(shape: Shape | None, targets: str) -> str:
    """What an image becomes: a vector is as many classes where these are the targets, or else as many values."""
    if shape is None or not shape.is_vector:
        return shape_text(shape)
    return counted(shape[0], "class", "classes") if targets == "classes" else counted(shape[0], "value")
