"""Which lines the charts draw for the runs they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.recipe.metrics import LossValue, Measured
from engine.recipe.recipe import Recipe
from gui.train.curves.chart_lines import DASHED, DOTTED, Line, within
from gui.train.curves.curve_data import Axis, Floats, Smoother, learning_rate_forecast
from gui.train.runs.run import Run

Lines = dict[tuple[int, str], Line]
Shown = Mapping[Run, int]
"""The runs in the charts, each with the number of its colour."""
_LOSS = LossValue.measured()
_SMALLEST_LOG = 1e-12
_BLOW_UP = 3  # times the loss at the start; a run that explodes leaves the chart, or the others could not be read
_ROOM = 1.08  # above the highest value
_DECADES = 6  # of learning rates: a cosine ends at next to nothing
_LARGEST = 1e9  # a loss that explodes leaves the chart here: Qt cannot place what is much larger


@dataclass(frozen=True, slots=True)
class Look:
    """How a line looks: the number of its colour, its width, its dashes."""

    colour: int
    width: float
    dash: tuple[float, ...] = DASHED


@dataclass
class _Remembered:
    """What is worked out for one run and stays true while it goes on."""

    recipe: Recipe
    total_steps: int
    smoother: Smoother = field(default_factory=lambda: Smoother(0.0))

    def rate(self, step: int) -> float:
        """The learning rate that is planned for a step."""
        return self.recipe.rate(step, self.total_steps)


class CurveLines:
    """Lines of loss, metrics and learning rate, over the axis and with the smoothing in force."""

    def __init__(self) -> None:
        self.axis = Axis.EPOCH
        self.smoothing = 0.6
        self.log_loss = self.log_rate = False
        self.span: tuple[float, float] | None = None  # of the x axis; None for all of it
        self._memory: dict[Run, _Remembered] = {}

    def loss(self, runs: Mapping[Run, int], current: Run | None) -> Lines:
        """Raw and smoothed training loss and validation loss; ``runs`` gives each run's colour."""
        lines: Lines = {}
        for run, colour in runs.items():
            x, raw, width = run.steps[self.axis.column], self._shown_loss(run.steps["loss"]), _width(run, current)
            stamp = (self.axis, self.log_loss, _stamp(run))
            if self.smoothing:
                lines[run.number, "raw"] = Line(x, raw, stamp, colour, 1.0, opacity=0.35)
            smooth = self._shown_loss(self.smooth_loss(run))
            lines[run.number, "train"] = Line(x, smooth, (*stamp, self.smoothing), colour, width)
            lines[run.number, "validation"] = self._epoch_line(run, _LOSS, "validation", Look(colour, width))
        return lines

    def metric(self, metric: Measured, runs: Mapping[Run, int], current: Run | None) -> Lines:
        """A metric after each epoch of the runs that measure it, in per cent where that is its unit."""
        lines: Lines = {}
        for run, colour in runs.items():
            for part, dash in (("train", ()), ("validation", DASHED)):
                if metric in run.metrics:
                    look = Look(colour, _width(run, current), dash)
                    lines[run.number, part] = self._epoch_line(run, metric, part, look)
        return lines

    def learning_rate(self, runs: Mapping[Run, int], current: Run | None) -> Lines:
        """The learning rate so far, and dotted what the schedule has in store."""
        lines: Lines = {}
        for run, colour in runs.items():
            x, width = run.steps[self.axis.column], _width(run, current)
            y = self._shown_rate(run.steps["learning_rate"])
            stamp = (self.axis, self.log_rate, _stamp(run))
            lines[run.number, "rate"] = Line(x, y, stamp, colour, width)
            ahead, forecast = self._forecast(run)
            if len(ahead):
                forecast = self._shown_rate(forecast)
                lines[run.number, "forecast"] = Line(ahead, forecast, stamp, colour, width, DOTTED)
        return lines

    def measured(self, column: str, runs: Shown, current: Run | None) -> Lines:
        """A figure of the health of all layers, wherever it was measured."""
        return {
            (run.number, "train"): Line(
                run.measured[self.axis.column],
                run.measured[column],
                (self.axis, len(run.measured)),
                colour,
                _width(run, current),
            )
            for run, colour in runs.items()
        }

    def smooth_loss(self, run: Run) -> Floats:
        """The training loss of every step told, smoothed."""
        memory = self._remember(run)
        if memory.smoother.weight != self.smoothing:
            memory.smoother = Smoother(self.smoothing)
        return memory.smoother.extend(run.steps["loss"])

    def forget_all_but(self, runs: Iterable[Run]) -> None:
        """Let go of runs that are gone."""
        self._memory = {run: memory for run, memory in self._memory.items() if run in set(runs)}

    def _epoch_line(self, run: Run, metric: Measured, part: str, look: Look) -> Line:
        y = run.figures(part, metric)
        y = self._shown_loss(y) if metric.minimised else shown_scale(metric) * y
        stamp = (self.axis, self.log_loss, len(y), *y[-1:].tolist())
        return Line(run.epochs[self.axis.column], y, stamp, look.colour, look.width, look.dash, dots=len(y) <= 40)

    def _shown_loss(self, values: Floats) -> Floats:
        return np.clip(values, _SMALLEST_LOG if self.log_loss else -_LARGEST, _LARGEST)

    def _shown_rate(self, values: Floats) -> Floats:
        return np.where(values > 0, values, np.nan) if self.log_rate else values

    def _forecast(self, run: Run) -> tuple[Floats, Floats]:
        if not run.status.active or not run.started or not len(run.steps):
            return np.empty(0), np.empty(0)
        rate = self._remember(run).rate
        if run.settings.schedule.depends_on_run:  # nobody knows when it falls next
            now = float(run.steps["learning_rate"][-1])
            return learning_rate_forecast(run, self.axis, lambda _: now)
        return learning_rate_forecast(run, self.axis, rate)

    def _remember(self, run: Run) -> _Remembered:
        memory = self._memory.get(run)
        if memory is None or (memory.recipe, memory.total_steps) != (run.settings, run.total_steps):
            memory = self._memory[run] = _Remembered(run.settings, run.total_steps)
        return memory


def loss_limits(lines: Lines, *, log: bool) -> tuple[float, float]:
    """The range of y that shows every smoothed and validation loss but an explosion; single raw peaks may leave it."""
    values = np.concatenate([np.empty(0), *(line.y for (_, part), line in lines.items() if part != "raw")])
    values = values[np.isfinite(values)]
    if not len(values):
        return (-1.0, 1.0) if log else (0.0, 1.0)
    if log:
        exponents = np.log10(values[values > 0]) if (values > 0).any() else np.zeros(1)
        return float(exponents.min()) - 0.1, float(exponents.max()) + 0.1
    first = [float(line.y[0]) for (_, part), line in lines.items() if part == "train" and len(line.y)]
    highest = min(float(values.max()), _BLOW_UP * max(first, default=np.inf))
    return 0.0, highest * 1.08 or 1.0


def rate_limits(lines: Lines, *, log: bool) -> tuple[float, float]:
    """The range of y from 0 to above the highest learning rate, on a log scale a few powers of ten below it."""
    if log:
        low, high = log_limits(lines)
        return max(low, high - _DECADES), high
    return 0.0, max((float(line.y.max(initial=0)) for line in lines.values()), default=0.0) * 1.1 or 1.0


def log_limits(lines: Lines) -> tuple[float, float]:
    """The range of y, as exponents of whole powers of ten, that holds all that can be drawn on a log scale."""
    values = np.concatenate([np.empty(0), *(line.y for line in lines.values())])
    values = values[np.isfinite(values) & (values > 0)]
    if not len(values):
        return -4.0, 1.0
    low, high = float(np.floor(np.log10(values.min()))), float(np.ceil(np.log10(values.max())))
    return low, max(high, low + 1)


def zoomed(lines: Lines, limits: tuple[float, float], span: tuple[float, float] | None) -> tuple[float, float]:
    """The range of y that the part of the lines within ``span`` needs, not more than ``limits``."""
    if span is None:
        return limits
    parts = [line.y[within(line.x, *span)] for (_, part), line in lines.items() if part != "raw"]
    values = np.concatenate([np.empty(0), *parts])
    values = values[np.isfinite(values)]
    if not len(values):
        return limits
    low, high = float(values.min()), float(values.max())
    room = 0.06 * (high - low) or 0.06 * (limits[1] - limits[0])
    return max(limits[0], low - room), min(limits[1], high + room)


def shown_scale(metric: Measured) -> float:
    """What a metric's values are multiplied with where they are drawn."""
    return 100.0 if metric.unit == "%" else 1.0


def metric_limits(metric: Measured, lines: Lines) -> tuple[float, float]:
    """The range of y of a metric's chart: its own limits, and what the values need where it has none."""
    values = np.concatenate([np.empty(0), *(line.y for line in lines.values())])
    values = values[np.isfinite(values)]
    low, high = (None if limit is None else shown_scale(metric) * limit for limit in metric.limits)
    least = float(values.min(initial=0.0)) if low is None else low
    most = float(values.max(initial=0.0)) * _ROOM if high is None else high
    return (least, most) if most > least else (least, least + 1.0)


def _width(run: Run, current: Run | None) -> float:
    return 2.0 if run is current else 1.5


def _stamp(run: Run) -> tuple[int, int]:
    return len(run.steps), run.step
