"""Says above what is looked at that it is not the network, or the image, as it is."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from gui.look.alterations import Alterations
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel


class AlteredBar(QFrame):
    """What is done to the network and the image, and a button that undoes all of it; hidden where nothing is."""

    def __init__(self, alterations: Alterations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alterations = alterations
        role(self, "bar-warning")
        self._icon, self.text = QLabel(), ElidedLabel()
        self.reset = QPushButton("Undo all")
        mark(self.reset, "scale", "small")
        self.reset.clicked.connect(alterations.reset)
        row = layouts.row(self, self._icon, self.text, self.reset, spacing=10)
        row.setContentsMargins(16, 6, 16, 6)
        row.setStretch(1, 1)
        alterations.changed.connect(self.refresh)
        appearance().changed.connect(self._show_icon)
        self._show_icon()
        self.refresh()

    def refresh(self) -> None:
        """Show what is done now."""
        said = self._alterations.value.said
        self.setVisible(bool(said))
        self.text.setText(f"Altered: {said}" if said else "")
        self.setAccessibleName(self.text.text())

    def _show_icon(self) -> None:
        self._icon.setPixmap(appearance().icon("mdi6.flask-outline", "warn").pixmap(16, 16))
