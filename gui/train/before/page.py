"""What Train shows beside the settings, before a run: what is known of it, and how to start it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from gui.document import Document
from gui.style.style import role
from gui.train.before.first_run import FirstRun
from gui.train.estimate.panel import EstimatePanel
from gui.train.range_test.panel import RangeTestPanel
from gui.train.runs.runs import Runs
from gui.widgets import layouts
from gui.widgets.segmented import Segment, Segmented

_SMALLEST = QSize(300, 300)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: what its tab is called where there is room for one alone, how it is made.

    With less than ``least`` px of height for each, there are tabs.
    """

    title: str
    make: Callable[[Document, Runs], QWidget]
    least: int
    stretch: int = 0


PARTS: tuple[Part, ...] = (Part("Range test", RangeTestPanel, 264, 1), Part("Estimate", EstimatePanel, 360))
"""From top to bottom."""


class BeforeRun(QWidget):
    """The parts below each other, in a low window one of them and tabs above."""

    template_wanted = Signal()
    problems_wanted = Signal()

    def __init__(self, document: Document, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.first = FirstRun(runs, self)
        self.parts = {part.title: part.make(document, runs) for part in PARTS}
        self.tabs = Segmented([Segment(title, title) for title in self.parts], small=True)
        self._lines = [_line() for _ in self.parts]
        self._lay_out()
        for widget in self.parts.values():
            for wanted in ("template_wanted", "problems_wanted"):
                if (signal := getattr(widget, wanted, None)) is not None:
                    signal.connect(getattr(self, wanted))
        self.tabs.chosen.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        self._tabs_row = QWidget()
        row = layouts.row(self._tabs_row, self.tabs)
        row.setContentsMargins(16, 8, 16, 8)
        row.addStretch(1)
        column = layouts.column(self, self.first, self._tabs_row)
        for part, widget, line in zip(PARTS, self.parts.values(), self._lines, strict=True):
            column.addWidget(line)
            column.addWidget(widget, part.stretch)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def minimumSizeHint(self) -> QSize:
        return _SMALLEST  # for less than all parts need there are the tabs

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def _show(self, *_: object) -> None:
        needed = sum(1 + part.least for part in PARTS)
        room = self.height() - (self.first.sizeHint().height() if self.first.isVisibleTo(self) else 0)
        low = room < needed and len(self.parts) > 1
        self._tabs_row.setVisible(low)
        for (title, widget), line in zip(self.parts.items(), self._lines, strict=True):
            widget.setVisible(not low or title == self.tabs.value)
            line.setVisible(not low)


def _line() -> QWidget:
    line = QFrame()
    role(line, "line")
    line.setFixedHeight(1)
    return line
