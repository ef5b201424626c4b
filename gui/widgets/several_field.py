"""A field for any of a few words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from gui.style.style import FIELD_HEIGHT, mark, role
from gui.widgets.elided_button import ElidedButton
from gui.widgets.values import Kind


class SeveralField(ElidedButton):
    """A button with a menu in which each word of the field has a tick; it says those that have one."""

    edited = Signal(object)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.setFixedHeight(FIELD_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        role(self, "pick")
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.ticks: dict[str, QAction] = {}
        for word, label in zip(kind.words, kind.labels, strict=True):
            self.ticks[word] = action = menu.addAction(label)
            action.setCheckable(True)
            action.triggered.connect(self._take)
        self.setMenu(menu)
        self.set_value(())

    def set_value(self, value: Any) -> None:
        """Tick what is in a list of choices, by names or as they are saved; None shows that several differ."""
        names = [one["name"] if isinstance(one, dict) else one for one in value or ()]
        for word, action in self.ticks.items():
            action.setChecked(word in names)
        said = ", ".join(action.text() for action in self.ticks.values() if action.isChecked()) or "Nothing more"
        self.setText("mixed" if value is None else said)
        self.setToolTip(f"{self.text()}. {self.kind.help}")
        self.setAccessibleName(f"{self.kind.title}: {self.text()}")

    reset = hold = set_value

    def set_error(self, wrong: bool) -> None:
        """Draw the border of a refused value, or the usual one."""
        mark(self, "state", "error" if wrong else "")

    def _take(self) -> None:
        self.edited.emit([word for word, action in self.ticks.items() if action.isChecked()])
