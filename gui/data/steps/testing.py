"""Whether several draws of the steps are averaged at test time too."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.data.settings import DataSettings
from gui.document import Document
from gui.style.style import role
from gui.widgets.form import Form
from gui.widgets.settings_link import SettingsLink
from gui.widgets.switch import Switch

_USUAL = 10  # draws, as the first that is offered
_LEAST = 2
_FIELD = 92  # px


class TestTimeRow(QWidget):
    """A switch, and beside it how many draws are averaged, once it is on."""

    __test__ = False  # it only sounds like a test

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.form = Form(DataSettings, fields=("test_time",))
        self._link = SettingsLink(document, self.form, lambda project: project.data)
        self.switch, self.effect = Switch("Also at test time", bare=True), QLabel()
        self._left = _USUAL  # draws when it was switched off
        role(self.effect, "caption")
        field = self.form.rows["test_time"]
        field.editor.setFixedWidth(_FIELD)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 4)
        row.setSpacing(8)
        for part in (self.switch, self.form):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.effect, 0, Qt.AlignmentFlag.AlignVCenter)
        self.switch.edited.connect(self._switch)

    def show_settings(self) -> None:
        """Show what is chosen."""
        self._link.show()
        draws = self.document.project.data.test_time
        on = draws >= _LEAST
        self._left = draws if on else self._left
        self.switch.set_value(on)
        self.form.rows["test_time"].editor.setVisible(on)
        self.effect.setText(f"{draws} times as long" if on else "")

    def _switch(self, on: bool) -> None:
        changed = self.document.project.data.model_copy(update={"test_time": self._left if on else 0})
        self.document.change_settings("Average draws at test time" if on else "Test without steps", changed)
