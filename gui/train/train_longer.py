"""Asking for how many epochs a run shall train in all."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QWidget

from engine.words import counted, thousands
from gui.train.runs.run import Run

MOST_EPOCHS = 1_000_000


def ask_for_epochs(parent: QWidget, run: Run) -> int | None:
    """How many epochs a run shall do in all, more than it has done; None if it shall not go on."""
    done = int(run.position)
    question = f"{run.title} has done {counted(done, 'epoch')}. How many shall it do in all?{_about_the_rate(run)}"
    epochs, agreed = QInputDialog.getInt(parent, "Train longer", question, 2 * done, done + 1, MOST_EPOCHS)
    return epochs if agreed else None


def _about_the_rate(run: Run) -> str:
    """What becomes of a schedule that was planned for fewer epochs."""
    planned = run.total_steps
    longer = run.settings.model_copy(update={"epochs": 2 * run.settings.epochs})
    if run.settings.rate(planned, planned) == longer.rate(planned, 2 * planned):
        return ""
    schedule, following = run.settings.schedule.title.lower(), thousands(int(run.position) + 1)
    return f"\n\nFrom epoch {following} on the learning rate follows the {schedule} schedule as one for all of them."
