"""How the curves are read: x axis, smoothing, log scale; and the way out of them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QSlider, QWidget

from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.train.curves.curve_data import Axis
from gui.widgets.fitted_row import FittedRow
from gui.widgets.segmented import Segment, Segmented


class CurvesHead(FittedRow):
    """The row above the charts."""

    levels = 3

    axis_chosen = Signal(object)  # Axis
    smoothing_changed = Signal(float)  # 0 to 0.99
    log_toggled = Signal(bool)  # the loss
    log_rate_toggled = Signal(bool)
    picture_wanted = Signal()
    table_wanted = Signal()
    epochs_wanted = Signal()
    tensorboard_wanted = Signal()
    chart_toggled = Signal(str, bool)  # the key of a chart

    def __init__(self, smoothing: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(44)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # it leaves out what has no room
        self.axis = Segmented([Segment(axis, axis.value) for axis in Axis], small=True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.log_loss = QPushButton("Log loss")
        self.charts = QPushButton("Curves")
        self.export = QPushButton("Export")
        self._weight = _label("", "mono12")
        self._set_up(smoothing)
        self._lay_out()
        appearance().changed.connect(self._restyle)
        self._restyle()

    def _set_up(self, smoothing: float) -> None:
        self.slider.setRange(0, 99)
        self.slider.setFixedWidth(64)
        self.slider.setAccessibleName("Smoothing of the training loss")
        self.slider.valueChanged.connect(self._smooth)
        self.slider.setValue(round(100 * smoothing))
        self.log_loss.setCheckable(True)
        self.log_loss.setToolTip("Draw the loss on a logarithmic scale")
        self.log_loss.setAccessibleName("Log loss")
        self.log_loss.toggled.connect(self.log_toggled)
        self.axis.chosen.connect(self.axis_chosen)
        self.export.setToolTip("Export the curves")
        self.export.setAccessibleName("Export the curves")
        self.axis.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        menu = QMenu(self.export)
        menu.addAction("Picture (PNG)…", self.picture_wanted.emit)
        menu.addAction("A row an epoch (CSV)…", self.epochs_wanted.emit)
        menu.addAction("Every step (CSV)…", self.table_wanted.emit)
        menu.addAction("TensorBoard…", self.tensorboard_wanted.emit)
        self.export.setMenu(menu)
        self.charts.setToolTip("Choose the curves")
        self.charts.setAccessibleName("Choose the curves")
        self.charts.setMenu(QMenu(self.charts))
        self.charts.menu().triggered.connect(self._toggle)
        for button in (self.log_loss, self.charts, self.export):
            role(button, "quiet")
            mark(button, "scale", "small")
            button.setIconSize(QSize(16, 16))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.charts)
        row.addWidget(self.axis, 0, Qt.AlignmentFlag.AlignVCenter)
        self._words = (_label("Smoothing", "label"), self._weight)
        row.addWidget(self._words[0])
        for widget in (self.slider, self._weight, self.log_loss):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.export)

    def fit(self) -> None:
        super().fit()
        if self.needed_width() > self.width():
            self.setMinimumWidth(self.needed_width())  # no less: the splitter gives way

    def show_charts(self, charts: Mapping[str, tuple[str, bool]], *, log_rate: bool) -> None:
        """Let the menu have these charts by their keys, each with its title and whether it is shown."""
        menu = self.charts.menu()
        menu.clear()
        for key, (title, shown) in charts.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(shown)
            action.setData(key)
        menu.addSeparator()
        scale = menu.addAction("Learning rate on a logarithmic scale")
        scale.setCheckable(True)
        scale.setChecked(log_rate)
        scale.toggled.connect(self.log_rate_toggled)

    def _toggle(self, action: QAction) -> None:
        if action.data():
            self.chart_toggled.emit(action.data(), action.isChecked())

    def show_level(self, level: int) -> None:
        """Leave out words, and then the smoothing."""
        words, smooths = level < 1, level < 2
        self.slider.setVisible(smooths)
        self.log_loss.setText("Log loss" if smooths else "")
        for word in self._words:
            word.setVisible(words)
        self.export.setText("Export" if words else "")
        self.charts.setText("Curves" if smooths else "")

    def _smooth(self, hundredths: int) -> None:
        self._weight.setText(f"{hundredths / 100:.2f}")
        self.smoothing_changed.emit(hundredths / 100)

    def _restyle(self) -> None:
        self.log_loss.setIcon(appearance().icon("mdi6.function-variant"))
        self.charts.setIcon(appearance().icon("mdi6.chart-multiline"))
        self.export.setIcon(appearance().icon("mdi6.export-variant"))


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    role(label, kind)
    return label
