"""Loss, metrics and learning rate of the shown runs, growing while one trains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QVBoxLayout, QWidget

from engine.errors import LayerloomError
from engine.files import save_whole
from engine.recipe.metrics import LossValue, Measured
from engine.words import thousands
from gui.style.style import role
from gui.train.curves.chart import Chart
from gui.train.curves.chart_legend import ChartLegend
from gui.train.curves.chart_marks import Best, Remark
from gui.train.curves.cross_hair import CrossHair
from gui.train.curves.curve_data import Axis, as_csv, end_of_axis
from gui.train.curves.curve_lines import CurveLines, loss_limits, metric_limits
from gui.train.curves.head import CurvesHead
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.words import rate, with_unit
from gui.widgets import layouts
from gui.widgets.live import LiveWidget
from gui.widgets.message_bar import MessageBar
from gui.widgets.pictures import as_png

_MARGIN = 16
_SPACINGS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
_SECONDS = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 6 * 3600, 24 * 3600)
_MOST_LABELS = 7


class CurvesPanel(LiveWidget):
    """Charts of the loss, of each metric that a shown run measures, and of the learning rate.

    They have one x axis and one cross-hair.
    """

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.runs = runs
        self.lines = CurveLines()
        self.head = CurvesHead(self.lines.smoothing)
        self.legend = ChartLegend()
        self.loss = Chart("Loss")
        self.metrics: dict[Measured, Chart] = {}
        self._titles: dict[Measured, QLabel] = {}
        self.learning_rate = Chart("Learning rate")
        self.axis_name = QLabel()
        self.message = MessageBar()
        self.body = QWidget()
        self._lay_out()
        self.cross_hair = CrossHair(self.lines, runs, self.loss, self.learning_rate)
        self._follow()

    def _lay_out(self) -> None:
        role(self.axis_name, "caption")
        body = QVBoxLayout(self.body)
        body.setContentsMargins(_MARGIN, 0, _MARGIN, 8)
        body.setSpacing(0)
        body.addWidget(self.legend)
        self._charts = QVBoxLayout()
        self._charts.setSpacing(0)
        for title, chart, stretch in (("Loss", self.loss, 28), ("Learning rate", self.learning_rate, 13)):
            self._charts.addWidget(_title(title))
            self._charts.addWidget(chart, stretch)
        body.addLayout(self._charts, 1)
        body.addWidget(self.axis_name, 0, Qt.AlignmentFlag.AlignRight)
        line = QFrame()
        role(line, "line")
        line.setFixedHeight(1)
        column = layouts.column(self, self.message, self.head, line)
        column.addWidget(self.body, 1)

    def _follow(self) -> None:
        self.head.axis_chosen.connect(self._choose_axis)
        self.head.smoothing_changed.connect(self._smooth)
        self.head.log_toggled.connect(self._set_log)
        self.head.picture_wanted.connect(self._ask_for_picture)
        self.head.table_wanted.connect(self._ask_for_table)
        for signal in (self.runs.curves_due, self.runs.shown_changed, self.runs.viewed, self.runs.listed):
            signal.connect(self.invalidate)

    # Showing

    def refresh(self) -> None:
        """Draw what has been told since the last time."""
        shown, current = self.runs.shown, self.runs.current
        self.lines.forget_all_but(self.runs.all)
        loss = self.lines.loss(shown, current)
        rates = self.lines.learning_rate(shown, current)
        highest = max((float(line.y.max(initial=0)) for line in rates.values()), default=0.0)
        end = end_of_axis(list(shown), self.lines.axis)
        self._show_metrics(shown)
        metrics = ((metric, self.lines.metric(metric, shown, current)) for metric in self.metrics)
        for chart, lines, limits in (
            (self.loss, loss, loss_limits(loss, log=self.lines.log_loss)),
            *((self.metrics[metric], lines, metric_limits(metric, lines)) for metric, lines in metrics),
            (self.learning_rate, rates, (0.0, highest * 1.1 or 1.0)),
        ):
            chart.show_lines(lines)
            chart.set_ticks(*tick_spacing(end, self.lines.axis), time=self.lines.axis is Axis.TIME)
            chart.set_limits(end, *limits)
        self.loss.set_marks(self._best(current), tuple(self._early_ends()))
        self.learning_rate.set_marks(None, tuple(self._rate_changes()))
        plan = max((run.total_epochs for run in shown if run.status.active), default=0)
        cut = self.lines.axis is Axis.EPOCH and end < plan
        self.axis_name.setText(f"{self.lines.axis.value}, of {thousands(plan)}" if cut else self.lines.axis.value)
        self.legend.show_comparison(*comparison(list(shown), current))
        self.cross_hair.refresh()

    def _show_metrics(self, shown: Iterable[Run]) -> None:
        """Have a chart for every metric but the loss that a shown run measures, above that of the learning rate."""
        measured = dict.fromkeys(metric for run in shown for metric in run.metrics if not metric.minimised)
        for metric in measured:
            if metric not in self.metrics:
                self._add_chart(metric)
        for metric, chart in self.metrics.items():
            seen = metric in measured or not measured
            chart.setVisible(seen)
            self._titles[metric].setVisible(seen)

    def _add_chart(self, metric: Measured) -> None:
        chart, title = Chart(metric.title), _title(with_unit(metric.title, metric))
        above = next(reversed(self.metrics.values()), self.loss)
        self.metrics[metric], self._titles[metric] = chart, title
        place = self._charts.count() - 2  # above title and chart of the learning rate
        self._charts.insertWidget(place, title)
        self._charts.insertWidget(place + 1, chart, 24)
        self.setTabOrder(above, chart)
        self.setTabOrder(chart, self.learning_rate)
        self.cross_hair.add(chart, metric)

    def _best(self, run: Run | None) -> Best | None:
        if run is None or run not in self.runs.shown or not run.best_epoch:
            return None
        found = run.epochs[self.lines.axis.column][run.epochs["position"] == run.best_epoch]
        return Best(float(found[0]), self.runs.shown[run]) if len(found) else None

    def _early_ends(self) -> Iterator[Remark]:
        for run, colour in self.runs.shown.items():
            if run.ended_early and len(run.epochs):
                loss = "validation_loss" if run.best_of(LossValue.measured()) else "train_loss"
                words = (f"Run {run.number} ended early", f"best was epoch {run.best_epoch}")
                x, y = (float(run.epochs[column][-1]) for column in (self.lines.axis.column, loss))
                yield Remark(x, y, colour, words)

    def _rate_changes(self) -> Iterator[Remark]:
        """Where the learning rate of a run was changed while it trained."""
        for run, colour in self.runs.shown.items():
            for step, value in run.settings.rate_changes:
                row = int(np.searchsorted(run.steps["step"], step))
                if row < len(run.steps):
                    x, y = (float(run.steps[column][row]) for column in (self.lines.axis.column, "learning_rate"))
                    yield Remark(x, y, colour, (f"changed to {rate(value)}",))

    # Reading it otherwise

    def _choose_axis(self, axis: Axis) -> None:
        self.lines.axis = axis
        self.cross_hair.hide()
        self.refresh()

    def _smooth(self, weight: float) -> None:
        self.lines.smoothing = weight
        self.refresh()

    def _set_log(self, log: bool) -> None:
        self.lines.log_loss = log
        self.loss.set_log(log)
        self.refresh()

    # Taking it away

    def export_picture(self, path: str) -> None:
        """Save the charts as they look as a PNG file; raises `LayerloomError` if it cannot be written."""
        save_whole(Path(path), as_png(self.body.grab()))

    def export_table(self, path: str) -> None:
        """Save the numbers of the shown runs as a CSV file; raises `LayerloomError` if it cannot be written."""
        save_whole(Path(path), as_csv(list(self.runs.shown)).encode())

    def _ask_for_picture(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Save the curves", "curves.png", "Pictures (*.png)")
        self._export(self.export_picture, path)

    def _ask_for_table(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Save the numbers", "curves.csv", "Tables (*.csv)")
        self._export(self.export_table, path)

    def _export(self, export: Callable[[str], None], path: str) -> None:
        if not path:
            return
        try:
            export(path)
        except LayerloomError as error:
            self.message.tell(str(error))


def tick_spacing(end: float, axis: Axis) -> tuple[float, float]:
    """How far labels and ticks are apart, so that about seven labels stand on an axis up to ``end``."""
    steps = _SECONDS if axis is Axis.TIME else _SPACINGS
    major = next((step for step in steps if end / step <= _MOST_LABELS), None)
    if major is None:
        major = 10 ** len(str(int(end / _MOST_LABELS)))
    return major, 1 if axis is Axis.EPOCH and end <= 60 else max(major / 5, 1)


def comparison(shown: Sequence[Run], current: Run | None) -> tuple[str, str]:
    """ "Run 7 compared with 6 and 4", and "Runs 7, 6, 4"."""
    if not shown:
        return "", ""
    first = next((run for run in shown if run is current), shown[0])
    others = [str(run.number) for run in shown if run is not first]
    if not others:
        return (f"Run {first.number}",) * 2
    listed = others[0] if len(others) == 1 else f"{', '.join(others[:-1])} and {others[-1]}"
    return f"Run {first.number} compared with {listed}", f"Runs {', '.join((str(first.number), *others))}"


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setFixedHeight(24)
    role(label, "heading")
    return label
