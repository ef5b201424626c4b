"""How the next run will train: the settings of the project."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.reasons import reason
from engine.recipe.recipe import Recipe
from gui.document import Document
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.form import Form
from gui.widgets.panel import Panel


@PANELS.register
class TrainingSettingsPanel(Panel):
    """A form of `Recipe`; every change is an undo step, one stay in a field is one."""

    tab = Tab("training", "Settings", "mdi6.tune", (DockPlace("train", "left", 2),))

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.form = Form(Recipe)
        self.form.edited.connect(self._change)
        self.form.refused.connect(self._refuse)
        document.replaced.connect(self._begin_anew)
        document.undo_stack.indexChanged.connect(self._follow_step)
        self._changes = False  # while a change comes from this form
        note = QLabel("They hold for the next run. A run that goes on keeps its own.")
        note.setWordWrap(True)
        role(note, "caption")
        page = QWidget()
        role(page, "page")
        inner = QVBoxLayout(page)
        inner.setContentsMargins(16, 12, 16, 12)
        inner.setSpacing(8)
        inner.addWidget(self.form)
        inner.addWidget(note)
        inner.addStretch(1)
        layouts.column(self, layouts.scrolling(page))

    def refresh(self) -> None:
        """Show the settings of the project."""
        self.form.set_values(self.document.project.training.model_dump())

    def _begin_anew(self) -> None:
        self.form.forget()
        self.form.reset(self.document.project.training.model_dump())

    def _follow_step(self) -> None:
        """After a step that was made elsewhere, or undone, no refused text stays."""
        if not self._changes:
            self.form.reset(self.document.project.training.model_dump())

    @contextmanager
    def _changing(self) -> Iterator[None]:
        self._changes = True
        try:
            yield
        finally:
            self._changes = False

    def _change(self, path: str, value: Any, gesture: object) -> None:
        try:
            after = Recipe.model_validate(_with(self.document.project.training.model_dump(), path, value))
        except ValidationError as error:
            self._refuse(path, reason(error, Recipe), gesture)
            return
        title = self.form.row(path).kind.title
        with self._changing():
            self.document.change_settings(f"Change {title[:1].lower()}{title[1:]}", after, merge=_merge(path, gesture))

    def _refuse(self, path: str, why: str, gesture: object) -> None:
        """Say why what is typed is refused, and leave in force what was there before it was begun."""
        if why:
            with self._changing():
                self.document.take_back(_merge(path, gesture))
        self.form.refuse(path, why, _at(self.document.project.training.model_dump(), path))


def _with(settings: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The settings with another value at ``path``: a field, or a setting of the choice in a field."""
    field, _, setting = path.partition(".")
    return {**settings, field: {**settings[field], setting: value} if setting else value}


def _at(settings: dict[str, Any], path: str) -> Any:
    field, _, setting = path.partition(".")
    return settings[field][setting] if setting else settings[field]


def _merge(field: str, gesture: object) -> Hashable:
    """What makes the keys of one stay in a field one undo step."""
    return None if gesture is None else ("training", field, gesture)
