"""A field for one of two or three words, all of them in view."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.values import Kind, label_of

MOST_CHIPS = 3


class ChipsField(QWidget):
    """A chip for each of the field's words; the one in force is marked."""

    edited = Signal(object)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._group = QButtonGroup(self)
        self.chips = [QPushButton(label) for label in kind.labels or map(label_of, kind.words)]
        row = layouts.row(self, *self.chips, spacing=6)
        row.addStretch(1)
        for place, chip in enumerate(self.chips):
            chip.setCheckable(True)
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            chip.setToolTip(kind.help)
            chip.setAccessibleName(f"{kind.title}: {chip.text()}")
            role(chip, "pick")
            self._group.addButton(chip, place)
        self._group.idClicked.connect(self._take)
        self.setFocusProxy(self.chips[0])

    def set_value(self, value: Any) -> None:
        """Mark a word; None, where it is none of them, shows that several differ."""
        self._group.setExclusive(False)
        for word, chip in zip(self.kind.words, self.chips, strict=True):
            chip.setChecked(word == value)
        self._group.setExclusive(True)

    reset = hold = set_value

    def set_error(self, wrong: bool) -> None:
        """Chips have no refused state."""

    def _take(self, place: int) -> None:
        self.edited.emit(self.kind.words[place])
