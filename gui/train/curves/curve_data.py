"""Numbers behind the curves: smoothing, the x axis in use, the table under the cross-hair, the exported table."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.recipe.metrics import Measured
from gui.train.runs.run import Run
from gui.train.runs.series import Series

_FORECAST_POINTS = 200
_SPACINGS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
_SECONDS = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 6 * 3600, 24 * 3600)
_FRACTIONS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # of what is zoomed to less than two
_MOST_LABELS = 7
_SHORT_PLAN = 50  # epochs
_ROOM_TO_GROW = 1.25
PARTS = ("train", "validation")
Floats = NDArray[np.float64]


class Axis(StrEnum):
    """What the x axis counts; the value is the word on its button."""

    EPOCH = "Epoch"
    STEP = "Step"
    TIME = "Time"

    @property
    def column(self) -> str:
        """The column of a run's series that holds it."""
        return {Axis.EPOCH: "position", Axis.STEP: "step", Axis.TIME: "seconds"}[self]


class Smoother:
    """An exponential moving average that goes on where it stopped, so that a long run stays cheap.

    The average is divided by the weights' sum, so it does not start at 0 (Kingma and Ba 2015, section 3). Values
    that are not finite are passed on and leave the average as it was.
    """

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self._start()

    def _start(self) -> None:
        self._smooth = Series("value")
        self._state = (0.0, 0.0)  # sum of weighted values, sum of weights

    def extend(self, values: Floats) -> Floats:
        """The average of all ``values``, of which the first ones may be known from the last call."""
        if len(values) < len(self._smooth):
            self._start()
        for value in values[len(self._smooth) :].tolist():
            self._smooth.append(self._next(value))
        return self._smooth["value"]

    def _next(self, value: float) -> float:
        if not np.isfinite(value):
            return value
        total, weights = self._state
        total = self.weight * total + (1 - self.weight) * value
        weights = self.weight * weights + (1 - self.weight)
        self._state = (total, weights)
        return total / weights


def value_at(x: Floats, y: Floats, place: float) -> float | None:
    """The last value at or before ``place``; None before the first or beyond the last."""
    if not len(x) or place > x[-1] * (1 + 1e-9):
        return None
    index = int(np.searchsorted(x, place * (1 + 1e-9) + 1e-9, side="right")) - 1
    return float(y[index]) if index >= 0 and np.isfinite(y[index]) else None


def nearest(stops: Iterable[Floats], place: float) -> float | None:
    """The stop closest to ``place``."""
    everything = np.concatenate([np.empty(0), *stops])
    return float(everything[np.argmin(np.abs(everything - place))]) if len(everything) else None


def end_of_axis(runs: Sequence[Run], axis: Axis) -> float:
    """Where the x axis ends: where the last of the runs ended, or as far as is shown of what one that trains plans."""
    ends: dict[Axis, Callable[[Run], float]] = {
        Axis.EPOCH: _epochs_shown,
        Axis.STEP: lambda run: _epochs_shown(run) * run.steps_per_epoch,
        Axis.TIME: _seconds_shown,
    }
    return max((ends[axis](run) for run in runs), default=1.0) or 1.0


def _epochs_shown(run: Run) -> float:
    """The whole plan, but of one more than twice as long 50, 100, 200 … epochs, so that its beginning can be seen."""
    if not run.status.active:
        return run.position
    shown = _SHORT_PLAN
    while shown < _ROOM_TO_GROW * run.position:
        shown *= 2
    return float(shown if run.total_epochs > 2 * shown else run.total_epochs)


def _seconds_shown(run: Run) -> float:
    to_come = run.total_epochs - run.position
    share = (_epochs_shown(run) - run.position) / to_come if to_come > 0 else 0.0
    return run.seconds + share * (run.seconds_left or 0.0)


def tick_spacing(width: float, axis: Axis) -> tuple[float, float]:
    """How far labels and ticks are apart, so that about seven labels stand on an axis so wide."""
    steps: tuple[float, ...] = _SECONDS if axis is Axis.TIME else _SPACINGS
    if width < 2 and axis is not Axis.STEP:
        steps = (*_FRACTIONS, *steps)
    major = next((step for step in steps if width / step <= _MOST_LABELS), None)
    if major is None:
        major = 10 ** len(str(int(width / _MOST_LABELS)))
    if major < 1:
        return major, major / 5
    return major, 1 if axis is Axis.EPOCH and width <= 60 else max(major / 5, 1)


def learning_rate_forecast(run: Run, axis: Axis, rate: Callable[[int], float]) -> tuple[Floats, Floats]:
    """Some of the steps still to come with the ``rate`` of each, as x and y; empty once all are done."""
    done, total = run.step, run.total_steps
    if not run.status.active or not done or done >= total:
        return np.empty(0), np.empty(0)
    ahead = np.unique(np.linspace(done, total, _FORECAST_POINTS).astype(np.intp))
    scale = {
        Axis.EPOCH: 1 / run.steps_per_epoch,
        Axis.STEP: 1.0,
        Axis.TIME: run.seconds / done,
    }[axis]
    return np.asarray(ahead * scale, np.float64), np.array([rate(step) for step in ahead.tolist()])


def as_csv(runs: Sequence[Run]) -> str:
    """Every step of the runs and every epoch, one row each, for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    metrics = tuple(dict.fromkeys(metric for run in runs for metric in run.metrics))
    figures = [f"{part}_{metric.name}" for part in PARTS for metric in metrics]
    writer.writerow(["run", "kind", "epoch", "step", "seconds", *figures, "learning_rate"])
    for run in runs:
        writer.writerows(itertools.chain(_step_rows(run, figures), _epoch_rows(run, metrics)))
    return text.getvalue()


def _step_rows(run: Run, figures: Sequence[str]) -> Iterable[list[object]]:
    columns = zip(*(run.steps[name].tolist() for name in run.steps.columns), strict=True)
    for position, step, seconds, loss, rate in columns:
        known = [loss if figure == "train_loss" else "" for figure in figures]
        yield [run.number, "step", round(position, 6), int(step), round(seconds, 4), *known, rate]


def _epoch_rows(run: Run, metrics: Sequence[Measured]) -> Iterable[list[object]]:
    places = (run.epochs[name].tolist() for name in ("position", "step", "seconds"))
    figures = (run.figures(part, metric).tolist() for part in PARTS for metric in metrics)
    for position, step, seconds, *values in zip(*places, *figures, strict=True):
        cells = ["" if np.isnan(value) else value for value in values]
        yield [run.number, "epoch", int(position), int(step), round(seconds, 4), *cells, ""]
