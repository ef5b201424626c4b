"""One sentence across the top of the centre: what went wrong, and perhaps a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from gui.registry.session import Tone
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts

_SIDES, _WORDS = 90, 320  # px for icon and cross with what is between, and for a sentence beside buttons at least

_SPARE = 1.2  # of a line, as it ends with a word

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
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = QToolButton()
        self._close.setToolTip("Close")
        self._close.setAccessibleName("Close")
        self._close.clicked.connect(self.hide)
        self.buttons: list[QPushButton] = []
        self._offers = QWidget()
        self._below: bool | None = None
        self._row = layouts.row(self._offers, spacing=10)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 6, 8, 6)
        self._grid.setSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._icon, 0, 0)
        self._grid.addWidget(self.text, 0, 1)
        self._grid.addWidget(self._close, 0, 3)
        self._place_offers()
        appearance().changed.connect(self._show_icons)
        self.hide()

    def tell(self, text: str, *remedies: Remedy, kind: Tone = "error", stays: bool = False) -> None:
        """Show a sentence; one that ``stays`` is true whatever is opened."""
        self._kind, self._stays = kind, stays
        role(self, f"bar-{kind}")
        self.text.setText(text)
        self.setAccessibleName(text)
        layouts.clear(self._row)
        self.buttons = [self._button(remedy) for remedy in remedies]
        self._offers.setVisible(bool(self.buttons))
        self._place_offers()
        self._show_icons()
        self.show()

    def clear(self) -> None:
        """Hide a sentence about what was open before."""
        if not self._stays:
            self.hide()

    def retract(self, text: str) -> None:
        """Hide a sentence whose cause is gone, if it is still there."""
        if text == self.text.text():
            self.hide()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):  # new buttons are there with the latter
            self._place_offers()
        return done

    def _place_offers(self) -> None:
        """Put the buttons beside the sentence, or below it where they would leave it too little room for two lines."""
        left = self.width() - self._offers.sizeHint().width() - _SIDES
        two_lines = _SPARE * self.text.fontMetrics().horizontalAdvance(self.text.text()) / 2
        below = left < min(_WORDS, two_lines)
        if below != self._below:
            self._below = below
            self._grid.addWidget(self._offers, int(below), 1 if below else 2, Qt.AlignmentFlag.AlignLeft)

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
        self._row.addWidget(button)
        return button

    def _show_icons(self) -> None:
        self._icon.setPixmap(appearance().icon(*_ICONS[self._kind]).pixmap(16, 16))
        self._close.setIcon(appearance().icon("mdi6.close"))
