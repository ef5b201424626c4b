"""What is done in a form, as undo steps of the document, and what is in force, in the form."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QObject
from shiboken6 import isValid

from engine.project import Project
from engine.reasons import reason
from engine.settings import Settings
from gui.document import Document
from gui.widgets.form import Form
from gui.widgets.setting_paths import value_at, with_value


class SettingsLink(QObject):
    """Connects a form with one of the settings values of the project that ``part`` takes from it.

    Every change is an undo step, one stay in a field or one drag is one; after a step that was made elsewhere no
    refused text stays.
    """

    def __init__(self, document: Document, form: Form, part: Callable[[Project], Settings]) -> None:
        super().__init__(form)
        self.document = document
        self.form = form
        self._part = part
        self._changes = False  # while a change comes from this form
        form.edited.connect(self._change)
        form.refused.connect(self._refuse)
        form.rearranged.connect(self._rearrange)
        document.replaced.connect(self._begin_anew)
        document.undo_stack.indexChanged.connect(self._follow_step)

    @property
    def _settings(self) -> Settings:
        return self._part(self.document.project)

    def show(self) -> None:
        """Show what is in force; what is being typed stays while it stands for it."""
        self.form.set_values(self._settings.model_dump())

    def _begin_anew(self) -> None:
        self.form.forget()
        self.form.reset(self._settings.model_dump())

    def _follow_step(self) -> None:
        if not self._changes and isValid(self.document):  # one that goes with its window empties its history at last
            self.form.reset(self._settings.model_dump())

    @contextmanager
    def _changing(self) -> Iterator[None]:
        self._changes = True
        try:
            yield
        finally:
            self._changes = False

    def _stands(self, path: str) -> bool:
        """Whether there is that setting: after another choice the form shows the settings of the one before a while."""
        there: Any = self._settings  # itself: what it dumps leaves out what is as usual
        try:
            for step in path.split("."):
                there = there[int(step)] if isinstance(there, tuple) else getattr(there, step)
            self.form.row(path)
        except (LookupError, AttributeError, StopIteration):
            return False
        return True

    def _change(self, path: str, value: Any, gesture: object) -> None:
        if not self._stands(path):
            return
        title = self.form.row(path).kind.title
        self._take(path, value, f"Change {title[:1].lower()}{title[1:]}", gesture)

    def _rearrange(self, path: str, value: Any, label: str) -> None:
        self._take(path, value, label, None)

    def _take(self, path: str, value: Any, label: str, gesture: object) -> None:
        model = type(self._settings)
        try:
            after = model.model_validate(with_value(self._settings.model_dump(), path, value))
        except ValidationError as error:
            self._refuse(path, reason(error, model), gesture)
            return
        with self._changing():
            self.document.change_settings(label, after, merge=self._merge(path, gesture))

    def _refuse(self, path: str, why: str, gesture: object) -> None:
        """Say why what is typed is refused, and leave in force what was there before it was begun."""
        if not self._stands(path):
            return
        if why:
            with self._changing():
                self.document.take_back(self._merge(path, gesture))
        self.form.refuse(path, why, value_at(self._settings.model_dump(), path))

    def _merge(self, path: str, gesture: object) -> Hashable:
        """What makes the keys of one stay in a field one undo step."""
        return None if gesture is None else (type(self._settings), path, gesture)
