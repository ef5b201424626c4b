"""Loss, metrics, learning rate and health of the shown runs, growing while one trains."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from engine.recipe.metrics import Measured
from gui.preferences import Preferences
from gui.style.style import role
from gui.train.curves.axis_words import axis_words, comparison
from gui.train.curves.chart import Chart
from gui.train.curves.chart_box import ChartBox
from gui.train.curves.chart_legend import ChartLegend
from gui.train.curves.cross_hair import CrossHair
from gui.train.curves.curve_data import Axis, end_of_axis, tick_spacing
from gui.train.curves.curve_lines import CurveLines
from gui.train.curves.exports import CurvesExport
from gui.train.curves.head import CurvesHead
from gui.train.curves.quantities import Quantity, metric_quantity, quantities
from gui.train.curves.remarks import best_of, early_ends, rate_changes
from gui.train.runs.runs import Runs
from gui.widgets import layouts
from gui.widgets.live import LiveWidget
from gui.widgets.message_bar import MessageBar

_MARGIN = 16
_CHOSEN = "charts"  # the preference that says which charts are shown
_NARROWEST = 1e-3  # of the x axis


class CurvesPanel(LiveWidget):
    """Charts of what is chosen: the loss, each metric that a shown run measures, the learning rate, the health.

    They have one x axis, which can be zoomed, and one cross-hair.
    """

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.runs = runs
        self.lines = CurveLines()
        self.head = CurvesHead(self.lines.smoothing)
        self.legend = ChartLegend()
        self.charts: dict[str, ChartBox] = {}
        self.metrics: dict[Measured, Chart] = {}
        self.chosen: dict[str, bool] = {}
        self._preferences: Preferences | None = None
        self.axis_name = QLabel()
        self.message = MessageBar()
        self.body = QWidget()
        self.export = CurvesExport(runs, self.body)
        self._lay_out()
        self.cross_hair = CrossHair(self.lines, runs, self.body)
        self.quantities = quantities(self.lines)  # from top to bottom
        self.loss, self.learning_rate = map(self._chart_of, self.quantities[:2])
        self._follow()

    def remember(self, preferences: Preferences) -> None:
        """Show the charts that were chosen before, and keep the choice from now on."""
        self._preferences = preferences
        self.chosen = {key: bool(shown) for key, shown in preferences.values(_CHOSEN).items()}
        self.invalidate()

    def _lay_out(self) -> None:
        role(self.axis_name, "caption")
        role(self.body, "panel")
        body = layouts.column(self.body, self.legend)
        body.setContentsMargins(_MARGIN, 0, _MARGIN, 8)
        self._rows = layouts.column()
        body.addLayout(self._rows, 1)
        body.addWidget(self.axis_name, 0, Qt.AlignmentFlag.AlignRight)
        line = QFrame()
        role(line, "line")
        line.setFixedHeight(1)
        column = layouts.column(self, self.message, self.head, line)
        column.addWidget(layouts.scrolling(self.body), 1)

    def _chart_of(self, quantity: Quantity) -> Chart:
        """The chart of a quantity, made when it is first asked for: each takes many widgets of pyqtgraph's."""
        if quantity.key not in self.charts:
            box = self.charts[quantity.key] = ChartBox(quantity)
            boxes = self._boxes()
            self._rows.insertWidget(boxes.index(box), box, quantity.share)
            for one, following in itertools.pairwise(boxes):
                self.setTabOrder(one.chart, following.chart)
            self._listen(box.chart, quantity)
        return self.charts[quantity.key].chart

    def _boxes(self) -> list[ChartBox]:
        """The charts that there are, from top to bottom."""
        return [self.charts[one.key] for one in self.quantities if one.key in self.charts]

    def _listen(self, chart: Chart, quantity: Quantity) -> None:
        self.cross_hair.add(chart, quantity.columns)
        chart.zoomed.connect(self._zoom)
        chart.dragged.connect(self.show_span)
        chart.moved.connect(self._move)
        chart.zoomed_out.connect(self.show_all)

    def _follow(self) -> None:
        head = self.head
        head.axis_chosen.connect(self._choose_axis)
        head.smoothing_changed.connect(self._smooth)
        head.log_toggled.connect(self._set_log)
        head.log_rate_toggled.connect(self._set_log_rate)
        head.chart_toggled.connect(self.choose_chart)
        head.charts.menu().aboutToShow.connect(self._offer_charts)
        head.picture_wanted.connect(self.export.ask_for_picture)
        head.table_wanted.connect(self.export.ask_for_steps)
        head.epochs_wanted.connect(self.export.ask_for_epochs)
        head.tensorboard_wanted.connect(self.export.ask_for_tensorboard)
        self.export.told.connect(self._tell)
        for signal in (self.runs.curves_due, self.runs.shown_changed, self.runs.viewed, self.runs.listed):
            signal.connect(self.invalidate)

    # Showing

    def refresh(self) -> None:
        """Draw what has been told since the last time."""
        shown, current = self.runs.shown, self.runs.current
        self.lines.forget_all_but(self.runs.all)
        for metric in dict.fromkeys(metric for run in shown for metric in run.metrics if not metric.minimised):
            if metric not in self.metrics:
                quantity = metric_quantity(self.lines, metric)
                self.quantities.insert(1 + len(self.metrics), quantity)
                self.metrics[metric] = self._chart_of(quantity)
        end = end_of_axis(list(shown), self.lines.axis)
        start, last = self._span()
        ticks = tick_spacing(last - start, self.lines.axis)
        for quantity in filter(self.shows, self.quantities):
            self._chart_of(quantity)
        for box in self._boxes():
            box.setVisible(self.shows(box.quantity))
            if not box.isHidden():
                box.draw(self.lines, shown, current, end=end, ticks=ticks)
        self.loss.set_marks(best_of(current, shown, self.lines.axis), tuple(early_ends(shown, self.lines.axis)))
        self.learning_rate.set_marks(None, tuple(rate_changes(shown, self.lines.axis)))
        self.axis_name.setText(axis_words(self.lines.axis, list(shown), span=self.lines.span, end=end))
        self.legend.show_comparison(*comparison(list(shown), current))
        self.cross_hair.refresh()

    def shows(self, quantity: Quantity) -> bool:
        """Whether a chart is chosen, and a shown run has it; where no run is shown, what was there stays."""
        return self.chosen.get(quantity.key, quantity.usual) and self._is_there(quantity)

    def _is_there(self, quantity: Quantity) -> bool:
        return not self.runs.shown or any(map(quantity.of, self.runs.shown)) or quantity.key not in self._metric_keys()

    def _metric_keys(self) -> set[str]:
        return {metric.name for metric in self.metrics}

    def _offer_charts(self) -> None:
        offered = filter(self._is_there, self.quantities)
        charts = {one.key: (one.title, self.shows(one)) for one in offered}
        self.head.show_charts(charts, log_rate=self.lines.log_rate)

    # Reading it otherwise

    def choose_chart(self, key: str, shown: bool) -> None:
        """Show a chart or do not; the last one stays."""
        left = [one for one in self.quantities if self.shows(one) and one.key != key]
        if shown or left:
            self.chosen[key] = shown
            if self._preferences is not None:
                self._preferences.keep_values(_CHOSEN, {name: int(on) for name, on in self.chosen.items()})
            self.refresh()

    def show_span(self, start: float, end: float) -> None:
        """Show this part of the x axis alone, as far as there is one."""
        whole = end_of_axis(list(self.runs.shown), self.lines.axis)
        start, end = max(0.0, start), min(whole, end)
        if end - start < _NARROWEST * whole:
            return
        self.lines.span = None if (start, end) == (0.0, whole) else (start, end)
        self.refresh()

    def show_all(self) -> None:
        """Show all of the x axis."""
        self.lines.span = None
        self.refresh()

    def _zoom(self, still: float, factor: float) -> None:
        start, end = self._span()
        self.show_span(still - factor * (still - start), still + factor * (end - still))

    def _move(self, share: float) -> None:
        start, end = self._span()
        whole = end_of_axis(list(self.runs.shown), self.lines.axis)
        by = min(max(share * (end - start), -start), whole - end)
        self.show_span(start + by, end + by)

    def _span(self) -> tuple[float, float]:
        return self.lines.span or (0.0, end_of_axis(list(self.runs.shown), self.lines.axis))

    def _choose_axis(self, axis: Axis) -> None:
        self.lines.axis, self.lines.span = axis, None
        self.cross_hair.hide()
        self.refresh()

    def _smooth(self, weight: float) -> None:
        self.lines.smoothing = weight
        self.refresh()

    def _set_log(self, log: bool) -> None:
        self.lines.log_loss = log
        self.loss.set_log(log)
        self.refresh()

    def _set_log_rate(self, log: bool) -> None:
        self.lines.log_rate = log
        self.learning_rate.set_log(log)
        self.refresh()

    def _tell(self, text: str, failed: bool) -> None:
        self.message.tell(text, kind="error" if failed else "info")
