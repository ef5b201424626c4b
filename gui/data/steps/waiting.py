"""How many hands prepare batches, and whether training waits for them."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from engine.data.settings import DataSettings
from engine.data.warnings import DataFix, waiting_warnings
from gui.document import Document
from gui.readiness import readiness_of
from gui.widgets import layouts
from gui.widgets.card_note import CardNote, NoteBox
from gui.widgets.form import Form
from gui.widgets.settings_link import SettingsLink


class WaitingPart(QWidget):
    """The number of workers; below it what the latest run with these settings waited for, and what helps."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.readiness = document, readiness_of(document)
        self.form = Form(DataSettings, fields=("workers",))
        self._link = SettingsLink(document, self.form, lambda project: project.data)
        self._notes = layouts.column(spacing=6)
        column = layouts.column(self, self.form, spacing=8)
        column.setContentsMargins(16, 4, 12, 10)
        column.addLayout(self._notes)
        self.readiness.changed.connect(self._show_notes)

    def show_settings(self) -> None:
        """Show what is chosen, and what there is to warn of."""
        self._link.show()
        self._show_notes()

    def _show_notes(self) -> None:
        layouts.clear(self._notes)
        for warning in waiting_warnings(self.document.project.data, self.readiness.waited):
            fix = warning.fixes[0] if warning.fixes else None
            note = CardNote(warning.message, fix.label, partial(self._take, fix)) if fix else None
            self._notes.addWidget(NoteBox(note or CardNote(warning.message)))

    def _take(self, fix: DataFix) -> None:
        self.document.change_settings(fix.label, fix.settings)
