"""Keeping presets of one's own: saving, renaming, deleting, each of which can be taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from engine.errors import LayerloomError
from engine.recipe.own_presets import OwnPresets
from engine.recipe.presets import Preset
from engine.recipe.recipe import Recipe
from gui.train.recipe.name_dialog import NameDialog, Verdict


class Keeping(QObject):
    """The person's presets. ``told`` carries a sentence on what was done, and what takes it back (None: nothing does).

    ``changed`` says that there are others now.
    """

    changed = Signal()
    told = Signal(str, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._own = OwnPresets()
        self.presets: tuple[Preset, ...] = ()

    def read(self) -> None:
        """Look what there is now; other windows keep presets too."""
        self.presets = self._own.all()

    def save(self, recipe: Recipe) -> None:
        """Ask for a name and keep the recipe under it."""
        if name := self._ask("Save as preset", "", self._judge_new):
            before = self._before(name)
            self._do(
                lambda: self._own.keep(name, recipe),
                f"Saved as '{name}'.",
                lambda: self._put(before) if before else self._own.remove(name),
            )

    def _before(self, name: str) -> Preset | None:
        """What is kept under a name; None for nothing, or a file that somebody damaged: that can only be replaced."""
        try:
            return self._own.find(name) if self._own.has(name) else None
        except LayerloomError:
            return None

    def rename(self, name: str) -> None:
        """Ask for another name of a preset."""
        if other := self._ask("Rename preset", name, lambda typed: self._judge_other(name, typed)):
            renamed = f"'{name}' is called '{other}' now."
            self._do(lambda: self._own.rename(name, other), renamed, lambda: self._own.rename(other, name))

    def delete(self, name: str) -> None:
        """Remove a preset."""
        gone = next(preset for preset in self.presets if preset.name == name)
        self._do(lambda: self._own.remove(name), f"'{name}' is deleted.", lambda: self._put(gone))

    def _put(self, preset: Preset) -> None:
        self._own.keep(preset.name, preset.applied(Recipe()))

    def _do(self, work: Callable[[], object], said: str, back: Callable[[], object] | None) -> None:
        """Do it and tell; an error is told instead, and nothing takes it back."""
        try:
            work()
        except LayerloomError as error:
            said, back = str(error), None
        self.read()
        self.changed.emit()
        undo = back
        self.told.emit(said, None if undo is None else lambda: self._do(undo, "", None))

    def _ask(self, title: str, name: str, judge: Callable[[str], Verdict]) -> str:
        """The name that a person gives; "" for none."""
        dialog = NameDialog(title, name, judge, self._window)
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return dialog.name if agreed else ""

    def _judge_new(self, name: str) -> Verdict:
        if not name:
            return Verdict("Save", possible=False)
        try:
            self._own.check(name)
        except LayerloomError as error:
            return Verdict("Save", str(error), possible=False)
        if self._own.has(name):
            return Verdict("Replace", f"'{name}' exists already: its settings will be replaced.")
        return Verdict("Save")

    def _judge_other(self, before: str, name: str) -> Verdict:
        verdict = self._judge_new(name)
        if not verdict.possible:
            return Verdict("Rename", verdict.text, possible=False)
        try:
            self._own.check_renaming(before, name)
        except LayerloomError as error:
            return Verdict("Rename", str(error), possible=False)
        return Verdict("Rename", possible=name != before)
