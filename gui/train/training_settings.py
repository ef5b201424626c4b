"""How the next run will train: the settings of the project."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.reasons import reason
from engine.recipe.recipe import Optimiser, TrainingSettings
from gui.document import Document
from gui.style.style import role
from gui.train.runs.words import CHOICES
from gui.widgets.choice_field import ChoiceField
from gui.widgets.form import Form
from gui.widgets.panel import Panel


class TrainingSettingsPanel(Panel):
    """A form of `TrainingSettings`; every change is an undo step, one stay in a field is one."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.form = Form(TrainingSettings)
        self.form.edited.connect(self._change)
        self.form.refused.connect(self._refuse)
        self._word_choices()
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
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)

    def refresh(self) -> None:
        """Show the settings of the project."""
        settings = self.document.project.training
        self.form.set_values(settings.model_dump())
        self.form.rows["momentum"].setVisible(settings.optimiser is Optimiser.SGD)

    def _word_choices(self) -> None:
        for row in self.form.rows.values():
            if isinstance(row.editor, ChoiceField):
                for index, choice in enumerate(row.kind.words):
                    row.editor.setItemText(index, CHOICES.get(choice, str(choice)))

    def _change(self, field: str, value: Any, gesture: object) -> None:
        settings = self.document.project.training
        try:
            after = TrainingSettings.model_validate({**settings.model_dump(), field: value})
        except ValidationError as error:
            self._refuse(field, reason(error, TrainingSettings), gesture)
            return
        title = TrainingSettings.model_fields[field].title or field
        self.document.change_settings(f"Change {title[:1].lower()}{title[1:]}", after, merge=_merge(field, gesture))

    def _refuse(self, field: str, why: str, gesture: object) -> None:
        """Say why what is typed is refused, and leave in force what was there before it was begun."""
        if why:
            self.document.take_back(_merge(field, gesture))
        self.form.refuse(field, why, self.document.project.training.model_dump()[field])


def _merge(field: str, gesture: object) -> Hashable:
    """What makes the keys of one stay in a field one undo step."""
    return None if gesture is None else ("training", field, gesture)
