"""Loss, accuracy and learning rate of the shown runs, growing while one trains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QIODevice, QSaveFile, Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QVBoxLayout, QWidget

from engine.errors import LayerloomError
from gui.style.style import role
from gui.train.curves.chart import Chart
from gui.train.curves.chart_legend import ChartLegend
from gui.train.curves.chart_marks import Best, EarlyEnd
from gui.train.curves.cross_hair import CrossHair
from gui.train.curves.curve_data import Axis, as_csv, end_of_axis
from gui.train.curves.curve_lines import CurveLines, loss_limits
from gui.train.curves.head import CurvesHead
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.widgets import layouts
from gui.widgets.live import LiveWidget
from gui.widgets.message_bar import MessageBar

_MARGIN = 16
_SPACINGS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
_SECONDS = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 6 * 3600, 24 * 3600)
_MOST_LABELS = 7


class CurvesPanel(LiveWidget):
    """Three charts with one x axis and one cross-hair."""

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.runs = runs
        self.lines = CurveLines()
        self.head = CurvesHead(self.lines.smoothing)
        self.legend = ChartLegend()
        self.loss = Chart("Loss")
        self.accuracy = Chart("Accuracy")
        self.learning_rate = Chart("Learning rate")
        self.axis_name = QLabel()
        self.message = MessageBar()
        self.body = QWidget()
        self._lay_out()
        self.cross_hair = CrossHair(self.lines, runs, (self.loss, self.accuracy, self.learning_rate))
        self._follow()

    def _lay_out(self) -> None:
        role(self.axis_name, "caption")
        body = QVBoxLayout(self.body)
        body.setContentsMargins(_MARGIN, 0, _MARGIN, 8)
        body.setSpacing(0)
        body.addWidget(self.legend)
        for chart, title, stretch in (
            (self.loss, "Loss", 28),
            (self.accuracy, "Accuracy (%)", 24),
            (self.learning_rate, "Learning rate", 13),
        ):
            body.addWidget(_title(title))
            body.addWidget(chart, stretch)
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
        for chart, lines, limits in (
            (self.loss, loss, loss_limits(loss, log=self.lines.log_loss)),
            (self.accuracy, self.lines.accuracy(shown, current), (0.0, 100.0)),
            (self.learning_rate, rates, (0.0, highest * 1.1 or 1.0)),
        ):
            chart.show_lines(lines)
            chart.set_ticks(*tick_spacing(end, self.lines.axis), time=self.lines.axis is Axis.TIME)
            chart.set_limits(end, *limits)
        self.loss.set_marks(self._best(current), tuple(self._early_ends()))
        self.axis_name.setText(self.lines.axis.value)
        self.legend.show_comparison(comparison(list(shown), current))
        self.cross_hair.refresh()

    def _best(self, run: Run | None) -> Best | None:
        if run is None or run not in self.runs.shown or not run.best_epoch:
            return None
        found = run.epochs[self.lines.axis.column][run.epochs["position"] == run.best_epoch]
        return Best(float(found[0]), self.runs.shown[run]) if len(found) else None

    def _early_ends(self) -> Iterator[EarlyEnd]:
        for run, colour in self.runs.shown.items():
            if run.ended_early and len(run.epochs):
                loss = "validation_loss" if run.lowest("validation_loss") else "train_loss"
                words = (f"Run {run.number} stopped early", f"best was epoch {run.best_epoch}")
                x, y = (float(run.epochs[column][-1]) for column in (self.lines.axis.column, loss))
                yield EarlyEnd(x, y, colour, words)

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
        file = _opened(path)
        self.body.grab().save(file, "PNG")
        _commit(file)

    def export_table(self, path: str) -> None:
        """Save the numbers of the shown runs as a CSV file; raises `LayerloomError` if it cannot be written."""
        file = _opened(path)
        file.write(as_csv(list(self.runs.shown)).encode())
        _commit(file)

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


def comparison(shown: Sequence[Run], current: Run | None) -> str:
    """ "Run 7 compared with 6 and 4"."""
    if not shown:
        return ""
    first = next((run for run in shown if run is current), shown[0])
    others = [str(run.number) for run in shown if run is not first]
    if not others:
        return f"Run {first.number}"
    listed = others[0] if len(others) == 1 else f"{', '.join(others[:-1])} and {others[-1]}"
    return f"Run {first.number} compared with {listed}"


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setFixedHeight(24)
    role(label, "heading")
    return label


def _opened(path: str) -> QSaveFile:
    file = QSaveFile(path)
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise LayerloomError(f"{path} cannot be written: {file.errorString()}.")
    return file


def _commit(file: QSaveFile) -> None:
    if not file.commit():
        raise LayerloomError(f"{file.fileName()} cannot be written: {file.errorString()}.")
