"""A warning in an amber box, with a button that mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QWidget

from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.sentence import Sentence
from gui.widgets.steady import steady_width

_NARROW = 300  # px; below, the button stands under the words


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
        self.text = Sentence(note.text)
        role(self.text, "small")
        said = layouts.row(spacing=8)
        said.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.text, 1)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(8, 6, 8, 6)
        self._box.setSpacing(6)
        self._box.addLayout(said, 1)
        self.button = QPushButton(note.label)
        role(self.button, "fix")
        mark(self.button, "scale", "small")
        self._box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.button.setHidden(note.mend is None)
        if note.mend is not None:
            mend = note.mend
            self.button.clicked.connect(lambda: mend())
        appearance().changed.connect(self._show_sign)
        self._show_sign()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        self._box.setDirection(direction.TopToBottom if steady_width(self) < _NARROW else direction.LeftToRight)

    def _show_sign(self) -> None:
        self._sign.setPixmap(appearance().icon("mdi6.alert", "warn").pixmap(QSize(14, 14)))
