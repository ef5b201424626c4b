"""One sentence across the top of the centre: what went wrong, and perhaps a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from gui.registry.session import Tone
from gui.style.appearance import appearance
from gui.style.style import mark, role

_ICONS: dict[Tone, tuple[str, str]] = {
    "error": ("mdi6.alert-circle", "err_text"),
    "warning": ("mdi6.alert", "warn"),
    "info": ("mdi6.information-outline", "accent"),
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """A button of the bar; the bar closes when it is pressed."""

    label: str
    action: Callable[[], object]


class MessageBar(QFrame):
    """Hidden until something is said; Esc or the cross closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: Tone = "info"
        self._stays = False
        self._icon = QLabel()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = QToolButton()
        self._close.setToolTip("Close")
        self._close.setAccessibleName("Close")
        self._close.clicked.connect(self.hide)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 6, 8, 6)
        self._row.setSpacing(10)
        self._row.addWidget(self._icon)
        self._row.addWidget(self.text, 1)
        self._row.addWidget(self._close)
        self.buttons: list[QPushButton] = []
        appearance().changed.connect(self._show_icons)
        self.hide()

    def tell(self, text: str, *remedies: Remedy, kind: Tone = "error", stays: bool = False) -> None:
        """Show a sentence; one that ``stays`` is true whatever is opened."""
        self._kind, self._stays = kind, stays
        role(self, f"bar-{kind}")
        self.text.setText(text)
        self.setAccessibleName(text)
        for button in self.buttons:
            button.deleteLater()
        self.buttons = [self._button(remedy) for remedy in remedies]
        self._show_icons()
        self.show()

    def clear(self) -> None:
        """Hide a sentence about what was open before."""
        if not self._stays:
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _button(self, remedy: Remedy) -> QPushButton:
        button = QPushButton(remedy.label)
        mark(button, "scale", "small")
        button.clicked.connect(self.hide)
        button.clicked.connect(lambda: remedy.action())
        self._row.insertWidget(self._row.count() - 1, button)
        return button

    def _show_icons(self) -> None:
        self._icon.setPixmap(appearance().icon(*_ICONS[self._kind]).pixmap(16, 16))
        self._close.setIcon(appearance().icon("mdi6.close"))
