"""What can be drawn over the course of runs: one chart each, with its lines, its range and what is read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from engine.data.part_words import SPOKEN
from engine.recipe.metrics import LossValue, Measured
from gui.train.curves.curve_data import PARTS, Floats, value_at
from gui.train.curves.curve_lines import (
    CurveLines,
    Lines,
    Shown,
    log_limits,
    loss_limits,
    metric_limits,
    rate_limits,
)
from gui.train.runs.run import Run
from gui.train.runs.words import NOTHING, figure_text, loss_text, rate, scientific, with_unit


@dataclass(frozen=True, slots=True)
class Column:
    """One number of a run that a chart can be read for: its head, where it comes from, how it is written."""

    head: str
    spoken: str
    x_of: Callable[[Run], Floats]
    y_of: Callable[[Run], Floats]
    text: Callable[[float], str]

    def read(self, run: Run, place: float) -> str:
        """What the run had at ``place``, or a dash."""
        value = value_at(self.x_of(run), self.y_of(run), place)
        return NOTHING if value is None else self.text(value)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A chart: the ``key`` that it is remembered by, its title, its share of the height; ``usual`` ones are shown.

    ``of`` says whether a run has it. ``limits`` gives the range of y for its lines, ``columns`` what the cross-hair
    reads.
    """

    key: str
    title: str
    share: int
    lines: Callable[[Shown, Run | None], Lines]
    limits: Callable[[Lines], tuple[float, float]]
    columns: tuple[Column, ...]
    of: Callable[[Run], bool] = lambda _: True
    usual: bool = True
    log: bool = False


def quantities(lines: CurveLines) -> list[Quantity]:
    """Those that every run has; metrics are made by `metric_quantity`."""
    three = partial(loss_text, decimals=3)
    train = Column("train", "Training loss", partial(_x, lines, "steps"), lines.smooth_loss, three)
    validation = _metric_column(lines, "validation", LossValue.measured())
    rates = Column("rate", "Learning rate", partial(_x, lines, "steps"), partial(_y, "steps", "learning_rate"), rate)
    return [
        Quantity("loss", "Loss", 28, lines.loss, partial(_loss_limits, lines), (train, validation)),
        Quantity("learning_rate", "Learning rate", 13, lines.learning_rate, partial(_rate_limits, lines), (rates,)),
        _health(lines, "gradient", "Gradient norm ‖∇W‖", "‖∇W‖"),
        _health(lines, "ratio", "Update ratio ‖ΔW‖/‖W‖, median of the layers", "‖ΔW‖/‖W‖"),
    ]


def metric_quantity(lines: CurveLines, metric: Measured) -> Quantity:
    """A metric after each epoch."""
    columns = tuple(_metric_column(lines, part, metric) for part in PARTS)
    draw, limits = partial(lines.metric, metric), partial(metric_limits, metric)
    title = with_unit(metric.title, metric)
    return Quantity(metric.name, title, 24, draw, limits, columns, lambda run: metric in run.metrics)


def _health(lines: CurveLines, column: str, title: str, head: str) -> Quantity:
    read = Column(head, title, partial(_x, lines, "measured"), partial(_y, "measured", column), scientific)
    draw = partial(lines.measured, column)
    return Quantity(column, title, 18, draw, log_limits, (read,), usual=False, log=True)


def _loss_limits(lines: CurveLines, drawn: Lines) -> tuple[float, float]:
    return loss_limits(drawn, log=lines.log_loss)


def _rate_limits(lines: CurveLines, drawn: Lines) -> tuple[float, float]:
    return rate_limits(drawn, log=lines.log_rate)


def _metric_column(lines: CurveLines, part: str, metric: Measured) -> Column:
    return Column(
        part,
        f"{SPOKEN[part].capitalize()} {metric.title.lower()}",
        partial(_x, lines, "epochs"),
        lambda run: run.figures(part, metric),
        partial(figure_text, metric, decimals=3),
    )


def _x(lines: CurveLines, series: str, run: Run) -> Floats:
    """Where a run's series stands on the x axis in force."""
    found: Floats = getattr(run, series)[lines.axis.column]
    return found


def _y(series: str, column: str, run: Run) -> Floats:
    found: Floats = getattr(run, series)[column]
    return found
