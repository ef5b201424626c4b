"""A field for rows and columns: two numbers that may be linked, and words that stand for both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.number_field import NumberField
from gui.widgets.values import Editor, Kind, TypedError, numbers_in, to_text


class PairField(QWidget):
    """``[3 px] × [3 px]``: one number typed into linked fields stands for both, "3x5" sets both anywhere.

    Words that the field knows besides numbers ("same") are buttons at the end.
    """

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._value: Any = None
        self._typed: NumberField | None = None  # the half that was typed into last
        self.halves = (_Half(kind, "rows", self), _Half(kind, "columns", self))
        self.link = _button("Linked: both numbers change together", self)
        self.words = {word: _word_button(to_text(kind, word), self) for word in kind.words}
        self._lay_out()
        for half in self.halves:
            half.edited.connect(self._take_half)
            half.refused.connect(self._refuse_half)
        self.link.toggled.connect(self._show_link)
        for button in self.words.values():
            button.clicked.connect(self._take_word)
        self.setFocusProxy(self.halves[0])
        appearance().changed.connect(self._show_link)
        self._show_link()

    @property
    def gesture(self) -> tuple[int, int]:
        """Names one stay in either number."""
        return self.halves[0].gesture, self.halves[1].gesture

    def set_value(self, value: Any) -> None:
        """Show a pair or a word; what is typed and still stands for it stays."""
        self._hold_typed(value)
        self._show(value, NumberField.set_value)

    def reset(self, value: Any) -> None:
        """Show a pair or a word whatever was typed, linked if both numbers are equal."""
        self.link.setChecked(not isinstance(value, tuple) or value[0] == value[1])
        self._show(value, NumberField.reset)

    def hold(self, value: Any) -> None:
        """Note the pair or word in force while the text that is refused stays; the other half shows it."""
        for half, number in zip(self.halves, _two(value), strict=True):
            if half is self._typed:
                half.hold(number)
        self._show(value, NumberField.set_value)

    def set_error(self, wrong: bool) -> None:
        """Draw the border of a refused value, or the usual one."""
        for half in self.halves:
            half.set_error(wrong)

    def _show(self, value: Any, put: Any) -> None:
        self._value = value
        numbers = _two(value)
        if numbers[0] != numbers[1]:
            self.link.setChecked(False)
        for half, number in zip(self.halves, numbers, strict=True):
            put(half, number)
            half.setPlaceholderText("–" if value in self.words else "mixed")
        for word, button in self.words.items():
            button.setChecked(value == word)

    def _hold_typed(self, value: Any) -> None:
        """Leave a text that stands for both numbers at once, such as "3x5"."""
        for half, number in zip(self.halves, _two(value), strict=True):
            if isinstance(value, tuple) and half.meaning() == value:
                half.hold(number)

    def _take_half(self, typed: Any) -> None:
        index = self.halves.index(self.sender())
        self._typed, other = self.halves[index], self.halves[1 - index]
        if other.strays:  # a refused text in it is over
            other.reset(other.value)
        if not isinstance(typed, int | float) or self.link.isChecked() or not isinstance(self._value, tuple):
            self.edited.emit(typed if not isinstance(typed, int | float) else (typed, typed))
        else:
            self.edited.emit((typed, self._value[1]) if index == 0 else (self._value[0], typed))

    def _refuse_half(self, why: str) -> None:
        """Hand on why there is no pair; without a reason Esc has taken the text back."""
        self._typed = self.halves[self.halves.index(self.sender())]
        if not why:
            self._show(self._value, NumberField.reset)
        self.refused.emit(why)

    def _take_word(self) -> None:
        self._typed = None
        word = next(word for word, button in self.words.items() if button is self.sender())
        leaves = self._value == word
        self.edited.emit(_numbers_of(self.kind.default) if leaves else word)

    def _show_link(self) -> None:
        linked = self.link.isChecked()
        self.link.setIcon(appearance().icon("mdi6.link-variant" if linked else "mdi6.link-variant-off", _tone(linked)))

    def _lay_out(self) -> None:
        row = layouts.row(self, spacing=3)
        row.addWidget(self.halves[0], 1)
        row.addWidget(QLabel("×"))
        row.addWidget(self.halves[1], 1)
        row.addWidget(self.link)
        for button in self.words.values():
            row.addWidget(button)


class _Half(NumberField):
    """One number of a pair; "3x5" and the pair's words are understood in either."""

    def __init__(self, kind: Kind, side: str, parent: QWidget) -> None:
        super().__init__(replace(kind, editor=Editor.INTEGER), parent)
        self.setAccessibleName(f"{kind.title}, {side}")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def meaning_of(self, text: str) -> Any:
        if text.strip().lower() in self.kind.words:
            return text.strip().lower()
        numbers = numbers_in(text)
        if len(numbers) > 2:
            raise TypedError(f"{self.kind.title} takes two numbers, such as 3×3.")
        return numbers[0] if len(numbers) == 1 else numbers


def _two(value: Any) -> tuple[Any, Any]:
    """The numbers of a pair; a word has none."""
    return value if isinstance(value, tuple) else (None, None)


def _numbers_of(default: Any) -> Any:
    return default if isinstance(default, tuple) else (0, 0)


def _tone(linked: bool) -> str:
    return "link" if linked else "muted"


def _button(tip: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setCheckable(True)
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFixedSize(20, 28)
    role(button, "link")
    return button


def _word_button(text: str, parent: QWidget) -> QToolButton:
    button = _button(f"{text.capitalize()}: as much as keeps ⌈N / stride⌉ rows and columns", parent)
    button.setText(text)
    button.setFont(appearance().font(11))
    button.setFixedSize(44, 28)
    role(button, "chip")
    return button
