"""A field for one of a few words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QWidget

from gui.style.style import FIELD_HEIGHT, mark
from gui.widgets.values import Kind, label_of


class ChoiceField(QComboBox):
    """A drop-down of the field's words; the wheel works only in a focused one."""

    edited = Signal(object)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.setFixedHeight(FIELD_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(kind.title)
        self.setToolTip(kind.help)
        self.setPlaceholderText("mixed")
        for word, label in zip(kind.words, kind.labels or map(label_of, kind.words), strict=True):
            self.addItem(label, word)
        self.activated.connect(self._take)

    def set_value(self, value: Any) -> None:
        """Show a word; None, where it is no choice, shows that several differ."""
        self.setCurrentIndex(next((i for i, word in enumerate(self.kind.words) if word == value), -1))

    reset = hold = set_value

    def set_error(self, wrong: bool) -> None:
        """Draw the border of a refused value, or the usual one."""
        mark(self, "state", "error" if wrong else "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        parts = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(parts[0], option, parts[1], self).width()
        option.currentText = option.fontMetrics.elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def _take(self, index: int) -> None:
        self.edited.emit(self.kind.words[index])
