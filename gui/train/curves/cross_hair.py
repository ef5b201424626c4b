"""One cross-hair through several charts, with a table of what the shown runs had there; by mouse or by keys."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from engine.words import duration, thousands
from gui.train.curves.chart import Chart
from gui.train.curves.chart_table import ChartTable, TableRow
from gui.train.curves.curve_data import Axis, Floats, nearest, value_at
from gui.train.curves.curve_lines import CurveLines
from gui.train.curves.quantities import Column
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.words import rate


class CrossHair(QObject):
    """Where it stands, what it reads there, and the words for it."""

    def __init__(self, lines: CurveLines, runs: Runs, charts: QWidget) -> None:
        super().__init__(charts)
        self._lines, self._runs = lines, runs
        self._columns: dict[Chart, tuple[Column, ...]] = {}
        self._table = ChartTable(charts)
        self._chart: Chart | None = None
        self._curve = 0
        self.place: float | None = None

    def add(self, chart: Chart, columns: tuple[Column, ...]) -> None:
        """Go through a chart too, and read these columns there."""
        self._columns[chart] = columns
        chart.pointed.connect(partial(self._point, chart))
        chart.stepped.connect(partial(self._step, chart))
        chart.switched.connect(partial(self._switch, chart))
        chart.left.connect(self.hide)

    def hide(self) -> None:
        """Take cross-hair and table away."""
        self.place = None
        self.refresh()

    def refresh(self) -> None:
        """Bring lines and table up to date; what is zoomed out of view is read no more."""
        span = self._lines.span
        if self.place is not None and span is not None and not span[0] <= self.place <= span[1]:
            self.place = None
        for one in self._columns:
            one.place_cross_hair(self.place)
        if self.place is None or self._chart is None or not self._runs.shown:
            self._table.hide()
            return
        columns = self._columns[self._chart]
        rows = [
            TableRow(colour, f"Run {run.number}", tuple(column.read(run, self.place) for column in columns))
            for run, colour in self._runs.shown.items()
        ]
        chart = self._chart
        self._table.setParent(chart)
        self._table.show_table(self._title(), tuple(column.head for column in columns), rows, note=self._note())
        self._table.place_beside(chart.x_to_px(self.place), chart.plot_area())

    # Moving

    def _point(self, chart: Chart, x: float) -> None:
        place = nearest([self._stops(run) for run in self._runs.shown], x)
        if (chart, place) != (self._chart, self.place):
            self._chart, self.place = chart, place
            self.refresh()

    def _step(self, chart: Chart, steps: int) -> None:
        run = self._read_curve(chart)[0]
        if run is None or not len(stops := self._stops(run)):
            return
        here = int(np.argmin(np.abs(stops - self.place))) + steps if self.place is not None else len(stops) - 1
        self._chart, self.place = chart, float(stops[np.clip(here, 0, len(stops) - 1)])
        self._say(chart)

    def _switch(self, chart: Chart, steps: int) -> None:
        self._curve += steps
        self._say(chart)

    def _stops(self, run: Run) -> Floats:
        """Where the cross-hair can stand: at epochs on an axis of epochs, else at every step told."""
        series = run.epochs if self._lines.axis is Axis.EPOCH and len(run.epochs) else run.steps
        stops, span = series[self._lines.axis.column], self._lines.span
        return stops if span is None else stops[(stops >= span[0]) & (stops <= span[1])]

    # Words

    def _say(self, chart: Chart) -> None:
        """Tell assistive tools what the curve in turn has here: "Validation loss, run 7, epoch 14, 0.364"."""
        self.refresh()
        run, column = self._read_curve(chart)
        if run is not None and column is not None and self.place is not None:
            text = f"{column.spoken}, run {run.number}, {self._title().lower()}, {column.read(run, self.place)}"
            chart.setAccessibleDescription(text)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(chart, text))

    def _read_curve(self, chart: Chart) -> tuple[Run | None, Column | None]:
        curves = [(run, column) for run in self._runs.shown for column in self._columns[chart]]
        return curves[self._curve % len(curves)] if curves else (None, None)

    def _title(self) -> str:
        place = self.place or 0.0
        match self._lines.axis:
            case Axis.EPOCH:
                return f"Epoch {place:.4g}"
            case Axis.STEP:
                return f"Step {thousands(round(place))}"
        return duration(place)

    def _note(self) -> str:
        run = self._runs.current
        if run not in self._runs.shown or self.place is None:
            return ""
        x = run.steps[self._lines.axis.column]
        learning_rate, seconds = (value_at(x, run.steps[name], self.place) for name in ("learning_rate", "seconds"))
        if learning_rate is None or seconds is None:
            return ""
        return f"Run {run.number}: lr {rate(learning_rate)}, {duration(seconds)} in"
