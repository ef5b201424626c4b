"""Asking at which learning rate a run shall go on."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from gui.train.runs.run import Run
from gui.train.runs.words import rate
from gui.widgets.values import arithmetic


def ask_for_rate(parent: QWidget, run: Run) -> float | None:
    """Another learning rate in place of the one that was set; None if it shall stay. Raises `TypedError`."""
    schedule = run.settings.schedule.title.lower()
    before = rate(run.settings.learning_rate_at(run.step))
    question = (
        f"{run.title} was set to {before}. What shall it be from the next batch on?\n"
        f"The {schedule} schedule goes on from there, and the run keeps the change."
    )
    text, agreed = QInputDialog.getText(parent, "Change learning rate", question, QLineEdit.EchoMode.Normal, before)
    return float(arithmetic(text)) if agreed else None
