"""A text field whose text stands for a value."""

from __future__ import annotations

import itertools
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.style.style import FIELD_HEIGHT, SMALL_FIELD_HEIGHT, mark, role
from gui.widgets.values import Kind, TypedError, from_text, to_text

_gestures = itertools.count()
_NO_MEANING = object()


class TypedField(QLineEdit):
    """Shows a value and takes what is typed for it, key by key.

    What is typed stays as it was typed, be it "64*2" or a refused value; Enter writes it out and Esc goes back.
    ``gesture`` names one stay in the field (or one drag, or what follows Enter), so that it can be one undo step and
    be taken back whole when its text is refused. Undo and redo belong to the document: the field leaves those keys
    alone.
    """

    edited = Signal(object)  # the value that the text stands for now
    refused = Signal(str)  # why the text stands for no value

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.gesture = next(_gestures)
        self._value: Any = None
        role(self, "mono")
        self.setFixedHeight(FIELD_HEIGHT)
        self.setAccessibleName(kind.title)
        self.setToolTip(kind.help)
        self.textEdited.connect(self._take)

    def make_small(self, width: int) -> None:
        """Be a low field of that width, as in a row of a list."""
        mark(self, "scale", "small")
        self.setFixedSize(width, SMALL_FIELD_HEIGHT)

    @property
    def value(self) -> Any:
        """The value last set from outside; None while several differ."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a value; text that already stands for it, or was refused before it, stays."""
        if value == self._value and type(value) is type(self._value):
            return
        self._value = value
        if self.strays:
            self.reset(value)

    def hold(self, value: Any) -> None:
        """Note the value in force while the text that is refused stays; Esc shows it."""
        self._value = value

    def reset(self, value: Any) -> None:
        """Show a value whatever the text was; None shows that several differ."""
        self._value = value
        self.setText("" if value is None else self.text_of(value))
        self.setPlaceholderText("mixed" if value is None else "")
        self.setCursorPosition(0)
        self.set_error(False)

    def text_of(self, value: Any) -> str:
        """How a value reads in this field."""
        return to_text(self.kind, value)

    def set_error(self, wrong: bool) -> None:
        """Draw the border of a refused value, or the usual one."""
        mark(self, "state", "error" if wrong else "")

    def begin_gesture(self) -> None:
        """What follows is an undo step of its own."""
        self.gesture = next(_gestures)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.begin_gesture()
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_undo(event):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._write_out()
        elif event.key() == Qt.Key.Key_Escape and self.property("state") == "error":
            self.reset(self._value)
            self.refused.emit("")
        else:
            super().keyPressEvent(event)

    def meaning_of(self, text: str) -> Any:
        """The value that a text stands for; raises `TypedError`."""
        return from_text(self.kind, text)

    def _write_out(self) -> None:
        meaning = self.meaning()  # the value in force may be told only later
        if self.property("state") != "error" and meaning is not _NO_MEANING and meaning is not None:
            self.reset(meaning)
            self.selectAll()
            self.begin_gesture()  # what was confirmed stays when what is typed next is refused

    def _take(self, text: str) -> None:
        try:
            value = self.meaning_of(text)
        except TypedError as error:
            self.refused.emit(str(error))
        else:
            self.edited.emit(value)

    @property
    def strays(self) -> bool:
        """Whether the text does not stand for the value."""
        return bool(self.meaning() != self._value)

    def meaning(self) -> Any:
        """The value that the text stands for now; what equals no value where there is none."""
        try:
            return self.meaning_of(self.text())
        except TypedError:
            return _NO_MEANING


def _is_undo(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and (
        event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
    )
