"""The panel of how often each training image comes."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.data.settings import DataSettings
from engine.data.warnings import DataWarning
from gui.data.received.preview import preview_of
from gui.document import Document
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.card_note import CardNote, NoteBox
from gui.widgets.form import Form
from gui.widgets.panel import Panel
from gui.widgets.settings_link import SettingsLink
from gui.widgets.switch import Switch

_WEIGHTS = "While training, an image counts the more in the loss the fewer its class has."


@PANELS.register
class SamplingPanel(Panel):
    """Whether classes come equally often, and whether the loss weighs them; what there is to warn of."""

    tab = Tab("sampling", "Sampling", "mdi6.scale-balance", (DockPlace("data", "right", 2),))

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.preview = preview_of(document)
        self.form = Form(DataSettings, fields=("sampling",))
        self._link = SettingsLink(document, self.form, lambda project: project.data)
        self.help, self.weights = QLabel(), Switch("Class weights in the loss")
        self._weighing = QWidget()  # for a loss that can weigh classes
        self._about_weights, self._notes = QLabel(_WEIGHTS), layouts.column(spacing=6)
        self._lay_out()
        self.weights.edited.connect(self._weigh)
        self.preview.judged.connect(self.invalidate)

    def refresh(self) -> None:
        """Show how the project samples."""
        sampling, loss = self.document.project.data.sampling, self.document.project.training.loss
        self._link.show()
        self.help.setText(sampling.help())
        self.weights.set_value(loss.with_class_weights() == loss)
        self._weighing.setVisible(loss.with_class_weights() is not None)
        self._show_notes()

    def _weigh(self, on: bool) -> None:
        training = self.document.project.training
        loss = training.loss.with_class_weights(on=on)
        if loss is not None:
            label = "Weigh classes" if on else "Weigh no classes"
            self.document.change_settings(label, training.model_copy(update={"loss": loss}))

    def _show_notes(self) -> None:
        judged = self.preview.judgement
        layouts.clear(self._notes)
        if judged is None or judged.settings != self.document.project.data:
            return
        for warning in judged.warnings:
            if warning.place is None:
                self._notes.addWidget(NoteBox(self._note(warning)))

    def _note(self, warning: DataWarning) -> CardNote:
        if not warning.fixes:
            return CardNote(warning.message)
        fix = warning.fixes[0]
        return CardNote(warning.message, fix.label, lambda: self.document.change_settings(fix.label, fix.settings))

    def _lay_out(self) -> None:
        page = QWidget()
        role(page, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for text in (self.help, self._about_weights):
            text.setWordWrap(True)
            role(text, "caption")
        switch = layouts.row(None, _title("Class weights"), self.weights, spacing=8)
        switch.addStretch(1)
        layouts.column(self._weighing, switch, self._about_weights, spacing=8)
        for part in (self.form, self.help, self._weighing):
            column.addWidget(part)
        column.addLayout(self._notes)
        column.addStretch(1)
        layouts.column(self, layouts.scrolling(page))


def _title(text: str) -> QLabel:
    label = QLabel(text)
    role(label, "label")
    label.setFixedWidth(104)
    return label
