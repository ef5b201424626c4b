"""A chart with its title."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from gui.style.style import role
from gui.train.curves.chart import Chart
from gui.train.curves.curve_data import Axis
from gui.train.curves.curve_lines import CurveLines, Shown, zoomed
from gui.train.curves.quantities import Quantity
from gui.train.runs.run import Run
from gui.widgets import layouts

_TITLE, _SMALLEST = 24, 92  # px high


class ChartBox(QWidget):
    """Draws one quantity of the shown runs."""

    def __init__(self, quantity: Quantity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.quantity = quantity
        self.chart = Chart(quantity.title)
        self.chart.setMinimumHeight(_SMALLEST)
        self.chart.set_log(quantity.log)
        title = QLabel(quantity.title)
        title.setFixedHeight(_TITLE)
        role(title, "heading")
        layouts.column(self, title).addWidget(self.chart, 1)

    def draw(
        self, lines: CurveLines, shown: Shown, current: Run | None, *, end: float, ticks: tuple[float, float]
    ) -> None:
        """Draw the runs up to ``end`` of the x axis, or what it is zoomed to, with ``ticks`` so far apart."""
        drawn = self.quantity.lines(shown, current)
        limits = self.quantity.limits(drawn)
        if not self.chart.is_log:
            limits = zoomed(drawn, limits, lines.span)
        start, end = lines.span or (0.0, end)
        self.chart.show_lines(drawn)
        self.chart.set_ticks(*ticks, time=lines.axis is Axis.TIME)
        self.chart.set_limits(end, *limits, start=start)
