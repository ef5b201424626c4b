"""What is said of the x axis and of the runs over it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.words import duration, thousands
from gui.train.curves.curve_data import Axis
from gui.train.runs.run import Run


def axis_words(axis: Axis, shown: Sequence[Run], *, span: tuple[float, float] | None, end: float) -> str:
    """What the axis counts, and which part of it is seen: "Epoch", "Epoch, of 300", "Epoch 3 to 7.5 of 30"."""
    plan = max((run.total_epochs for run in shown if run.status.active), default=0)
    if span is not None:
        start, last, whole = (_place(axis, value) for value in (*span, end))
        return f"{axis.value} {start} to {last} of {whole}"
    return f"{axis.value}, of {thousands(plan)}" if axis is Axis.EPOCH and end < plan else axis.value


def _place(axis: Axis, value: float) -> str:
    if axis is Axis.TIME:
        return duration(value)
    return thousands(round(value)) if axis is Axis.STEP else f"{value:.3g}"


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
