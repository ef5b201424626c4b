"""The one question before the open project gives way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtWidgets import QMessageBox, QWidget


class Leave(Enum):
    """What becomes of the open project."""

    SAVE = "saved, then left"
    GO = "left as it is on disk"
    STAY = "kept open"


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, what each answer means, and the buttons; a question without ``save`` has nothing to save."""

    text: str
    explained: str
    save: str
    go: str
    stay: str


def ask_to_leave(parent: QWidget, *, unsaved: str = "", training: str = "") -> Leave:
    """Ask what becomes of a project with unsaved changes (its title), a run that trains (its title), or both."""
    question = _question(unsaved, training)
    box, roles = QMessageBox(parent), QMessageBox.ButtonRole
    box.setWindowTitle("Layerloom")
    box.setText(question.text)
    box.setInformativeText(question.explained)
    save = box.addButton(question.save, roles.AcceptRole) if question.save else None
    go = box.addButton(question.go, roles.DestructiveRole)
    stay = box.addButton(question.stay, roles.RejectRole)
    box.setDefaultButton(save or stay)
    box.setEscapeButton(stay)
    box.exec()
    pressed = box.clickedButton()
    if save is not None and pressed is save:
        return Leave.SAVE
    return Leave.GO if pressed is go else Leave.STAY


def _question(unsaved: str, training: str) -> _Question:
    kept = "The run keeps its curves and last checkpoint, and can be resumed later."
    if not training:
        return _Question(
            f"Save the changes to {unsaved}?", "Without saving, they are lost.", "Save", "Don't save", "Cancel"
        )
    if not unsaved:
        return _Question(f"Stop training {training}?", kept, "", "Stop training", "Keep training")
    text = f"Stop training {training} and save the changes to {unsaved}?"
    explained = f"Without saving, the changes are lost. {kept}"
    return _Question(text, explained, "Stop and save", "Stop without saving", "Keep training")
