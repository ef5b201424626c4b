"""How the next run will train: the settings of the project."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.reasons import reason
from engine.recipe.recipe import Optimiser, TrainingSettings
from gui.document import Document
from gui.style.style import role
from gui.train.runs.words import CHOICES
from gui.widgets import layouts
from gui.widgets.choice_field import ChoiceField
from gui.widgets.form import Form
from gui.widgets.panel import Panel


class TrainingSettingsPanel(Panel):
    """A form of `TrainingSettings`; every change is an undo step, one stay in a field is one."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.form = Form(TrainingSettings)
        self.form.edited.connect(self._change)
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
        layouts.column(self, layouts.scrolling(page))

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
            self.form.show_reason(field, reason(error, TrainingSettings))
            return
        title = TrainingSettings.model_fields[field].title or field
        merge = None if gesture is None else (field, gesture)
        self.document.change_settings(f"Change {title[:1].lower()}{title[1:]}", after, merge=merge)
