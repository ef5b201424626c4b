"""The one question before a file that another program changed is overwritten."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QMessageBox, QWidget


class Overwrite(Enum):
    """What becomes of a file that is not as the window knew it."""

    SAVE = "overwritten"
    SAVE_AS = "left, and the project saved elsewhere"
    RELOAD = "read anew, and the project's own changes dropped"
    STAY = "left, and nothing saved"


_LABELS = {
    Overwrite.SAVE: "Save anyway",
    Overwrite.SAVE_AS: "Save as…",
    Overwrite.RELOAD: "Reload",
    Overwrite.STAY: "Cancel",
}


def ask_to_overwrite(parent: QWidget, name: str) -> Overwrite:
    """Ask what becomes of the file of the open project, which another program changed."""
    box, roles = QMessageBox(parent), QMessageBox.ButtonRole
    box.setWindowTitle("Layerloom")
    box.setText(f"{name} was changed by another program.")
    box.setInformativeText("Saving overwrites what it wrote; reloading drops the changes made here.")
    buttons = {
        box.addButton(label, roles.RejectRole if answer is Overwrite.STAY else roles.ActionRole): answer
        for answer, label in _LABELS.items()
    }
    stay = next(button for button, answer in buttons.items() if answer is Overwrite.STAY)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    return next((answer for button, answer in buttons.items() if button is box.clickedButton()), Overwrite.STAY)


def ask_to_replace(parent: QWidget, name: str) -> bool:
    """Ask whether a file that is there already, and was not named in full, gives way to the project."""
    box = QMessageBox(parent)
    box.setWindowTitle("Layerloom")
    box.setText(f"{name} is there already. Replace it?")
    replace = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    return box.clickedButton() is replace
