"""Pause, Stop, the bar and its words, in the toolbar while a run goes on."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from engine.words import duration, thousands
from gui.shell.actions import Actions
from gui.style.appearance import appearance
from gui.style.style import role
from gui.train.declared import Pause, Stop, Train
from gui.train.runs.run import Run
from gui.train.runs.status import RunStatus
from gui.train.runs.words import RESUME
from gui.widgets.progress_line import ProgressLine

_SHORT_BAR, _LONG_BAR = 96, 200


class TrainingStrip(QWidget):
    """Follows the run given to `show_run`; compact it leaves out all but the bar and the epoch."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = self._brief = self._briefest = False
        self._paused = False
        self.pause = QPushButton(Pause.text)
        self.stop = QPushButton(Stop.text)
        self.pause.clicked.connect(actions[Pause.name].trigger)
        self.stop.clicked.connect(actions[Stop.name].trigger)
        self.bar = ProgressLine("Progress of the run")
        self.epoch = _label("heading")
        self.batch = _label("label")
        self.left = _label("label")
        self.rate = _label("mono12")
        self.turn = _label("label")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 12, 0)
        self._row.setSpacing(12)
        for part in (self.pause, self.stop, self.bar, self.epoch, self.batch, self.left, self.rate, self.turn):
            self._row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        appearance().changed.connect(self._show_icons)
        self._show_icons()

    def set_compact(self, compact: bool) -> None:
        """Leave out all but the bar and the epoch, or show everything."""
        self._compact = compact
        self.bar.setMinimumWidth(64)  # gives way before words are cut off
        self._size_bar()
        self._show_words()

    def set_brief(self, brief: bool, *, briefest: bool = False) -> None:
        """Take less room: a shorter bar; or even less, without how fast it is."""
        self._brief, self._briefest = brief, briefest
        self._size_bar()
        self._show_words()
        self._row.invalidate()

    def _show_words(self) -> None:
        details = (self.batch, self.left, self.rate, self.turn)
        left_out = details if self._compact else (self.rate, self.turn) if self._briefest else ()
        for label in details:
            label.setVisible(bool(label.text()) and label not in left_out)

    def _size_bar(self) -> None:
        self.bar.setMaximumWidth(_SHORT_BAR if self._compact or self._brief else _LONG_BAR)

    def show_run(self, run: Run) -> None:
        """Show how far a run is."""
        self._paused = run.status is RunStatus.PAUSED
        self.pause.setText(RESUME if self._paused else Pause.text)
        self.bar.show_fraction(run.fraction)
        if run.status is RunStatus.PREPARING:
            self.epoch.setText(run.preparing.text)
            texts = ("", "", "")
        else:
            self.epoch.setText(f"Epoch {thousands(max(run.epoch, 1))} of {thousands(run.total_epochs)}")
            texts = (
                f"batch {thousands(run.batch)} of {thousands(run.steps_per_epoch)} · {run.fraction * 100:.0f} %",
                _left(run),
                f"{thousands(round(run.images_per_second))} images/s" if run.images_per_second else "",
            )
        for label, text in zip((self.batch, self.left, self.rate), texts, strict=True):
            label.setText(text)
        self.turn.setText(run.turn)
        self._show_words()
        self._show_icons()

    def _show_icons(self) -> None:
        self.pause.setIcon(appearance().icon(Train.icon if self._paused else Pause.icon, "text"))
        self.stop.setIcon(appearance().icon(Stop.icon, "err"))
        for button in (self.pause, self.stop):
            button.setIconSize(QSize(18, 18))


def _left(run: Run) -> str:
    if run.status is RunStatus.PAUSED:
        return "paused"
    return f"{duration(max(1, round(run.seconds_left)))} left" if run.seconds_left is not None else ""


def _label(name: str) -> QLabel:
    label = QLabel()
    role(label, name)
    return label
