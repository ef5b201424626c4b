"""The latest epochs of a run and its best one."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.words import duration
from gui.train.runs.run import Run
from gui.train.runs.words import figure_text, loss_text
from gui.widgets.figure_table import Cell, FigureTable, TableLine
from gui.widgets.section import Section

_HEADS = ("#", "Train", "Val", "Val acc", "Time")  # the last but one is that of the metric beside the loss
_LATEST = 3


class EpochsSection(Section):
    """The epoch in progress, the three before it, and the best; a star marks the best."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Epochs", parent, caption=f"latest {_LATEST} and best")
        self.table = FigureTable(_HEADS, (10, 20, 20, 26, 24))
        self.table.setAccessibleName("Epochs")
        self.body.addWidget(self.table)

    def show_run(self, run: Run | None) -> None:
        """Show the epochs of a run."""
        if run is not None:
            self.table.show_heads((*_HEADS[:3], f"Val {run.judged_by.short}", _HEADS[4]))
        self.table.show_lines(_lines(run) if run else ())
        self.setVisible(bool(self.table.lines))


def _lines(run: Run) -> list[TableLine]:
    latest = list(range(len(run.epochs)))[-_LATEST:]
    best = np.flatnonzero(run.epochs["position"] == run.best_epoch).tolist() if run.best_epoch else []
    rows = sorted({*latest, *best}, reverse=True)
    done = int(run.epochs["position"][-1]) if len(run.epochs) else 0
    in_progress = [_in_progress(run)] if run.status.active and run.epoch > done else []
    return in_progress + [_line(run, row) for row in rows]


def _in_progress(run: Run) -> TableLine:
    steps = run.steps["loss"][run.steps["position"] > run.epoch - 1]
    mean = float(np.mean(steps)) if len(steps) else None
    share = f"{100 * run.batch / run.steps_per_epoch:.0f} %"
    cells = (str(run.epoch), loss_text(mean), "…", "…", share)
    return TableLine(tuple(Cell(text) for text in cells), "sel")


def _line(run: Run, row: int) -> TableLine:
    epochs = run.epochs
    epoch = int(epochs["position"][row])
    value = float(run.figures("validation", run.judged_by)[row])
    star = " ★" if epoch == run.best_epoch else ""
    cells = (
        str(epoch),
        loss_text(float(epochs["train_loss"][row])),
        loss_text(float(epochs["validation_loss"][row])),
        figure_text(run.judged_by, value) + star,
        duration(run.epoch_seconds[row]),
    )
    return TableLine(tuple(Cell(text) for text in cells))
