"""What happened to the shown runs, and is marked on their curves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.recipe.metrics import LossValue
from gui.train.curves.chart_marks import Best, Remark
from gui.train.curves.curve_data import Axis
from gui.train.curves.curve_lines import Shown
from gui.train.runs.run import Run
from gui.train.runs.words import rate


def best_of(run: Run | None, shown: Shown, axis: Axis) -> Best | None:
    """The best epoch of the run in view, if it is shown."""
    if run is None or run not in shown or not run.best_epoch:
        return None
    found = run.epochs[axis.column][run.epochs["position"] == run.best_epoch]
    return Best(float(found[0]), shown[run]) if len(found) else None


def early_ends(shown: Shown, axis: Axis) -> Iterator[Remark]:
    """Where early stopping ended a run."""
    for run, colour in shown.items():
        if run.ended_early and len(run.epochs):
            loss = "validation_loss" if run.best_of(LossValue.measured()) else "train_loss"
            words = (f"Run {run.number} ended early", f"best was epoch {run.best_epoch}")
            x, y = (float(run.epochs[column][-1]) for column in (axis.column, loss))
            yield Remark(x, y, colour, words)


def rate_changes(shown: Shown, axis: Axis) -> Iterator[Remark]:
    """Where the learning rate of a run was changed while it trained."""
    for run, colour in shown.items():
        for step, value in run.settings.rate_changes:
            row = int(np.searchsorted(run.steps["step"], step))
            if row < len(run.steps):
                x, y = (float(run.steps[column][row]) for column in (axis.column, "learning_rate"))
                yield Remark(x, y, colour, (f"changed to {rate(value)}",))
