"""How the next run will train: the settings of the project."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.recipe.recipe import Recipe
from gui.document import Document
from gui.registry.panels import PANELS, DockPlace, Room, Tab
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.form import Form
from gui.widgets.panel import Panel
from gui.widgets.settings_link import SettingsLink


@PANELS.register
class TrainingSettingsPanel(Panel):
    """A form of `Recipe`; every change is an undo step, one stay in a field is one."""

    tab = Tab(
        "training", "Settings", "mdi6.tune", (DockPlace("train", "left", 2),), Room(632, 528, 320, beside=("queue",))
    )

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.form = Form(Recipe)
        self._link = SettingsLink(document, self.form, lambda project: project.training)
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
        self._link.show()
