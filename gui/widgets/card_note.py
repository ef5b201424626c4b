"""A warning in an amber box, with a button that mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from gui.style.appearance import appearance
from gui.style.style import mark, role


@dataclass(frozen=True, slots=True)
class CardNote:
    """A sentence, and perhaps what its button is called and does."""

    text: str
    label: str = ""
    mend: Callable[[], object] | None = field(default=None, compare=False)


class NoteBox(QFrame):
    """Shows a `CardNote`."""

    def __init__(self, note: CardNote, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "note")
        self._sign = QLabel()
        self.text = QLabel(note.text)
        self.text.setWordWrap(True)
        role(self.text, "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        self.button = QPushButton(note.label)
        role(self.button, "fix")
        mark(self.button, "scale", "small")
        row.addWidget(self.button)
        self.button.setHidden(note.mend is None)
        if note.mend is not None:
            mend = note.mend
            self.button.clicked.connect(lambda: mend())
        appearance().changed.connect(self._show_sign)
        self._show_sign()

    def _show_sign(self) -> None:
        self._sign.setPixmap(appearance().icon("mdi6.alert", "warn").pixmap(QSize(14, 14)))
