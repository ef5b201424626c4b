"""Runs as a table of values separated by commas."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

from engine.runs.export.history import histories_of
from engine.runs.run_folder import RunFolder

_PARTS = ("train", "validation")


def epochs_csv(runs: Iterable[RunFolder]) -> str:
    """One row an epoch of each run; figures are as in ``metrics.jsonl``, so shares are from 0 to 1.

    Raises `LayerloomError` for a run that cannot be read.
    """
    histories = histories_of(runs)
    metrics = list(dict.fromkeys(name for history in histories for name in history.metrics))
    heads = ["run", "epoch", "step", "seconds", *(f"{part}_{name}" for part in _PARTS for name in metrics)]
    rows: list[Sequence[object]] = [[*heads, "learning_rate", "best"]]
    for history in histories:
        for epoch in history.epochs:
            figures = [_cell(epoch.figures[part].get(name)) for part in _PARTS for name in metrics]
            place = [history.name, epoch.epoch, epoch.step, round(epoch.seconds, 4)]
            rows.append([*place, *figures, _cell(epoch.learning_rate), int(epoch.best)])
    return as_csv(rows)


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    """Rows as text; a cell that a spreadsheet would take for a formula is made plain text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue()


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t")) else cell


def _cell(value: float | None) -> object:
    return "" if value is None or math.isnan(value) else value
