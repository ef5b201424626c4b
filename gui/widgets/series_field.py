"""A few numbers side by side that are one value."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.widgets import layouts
from gui.widgets.number_field import NumberField
from gui.widgets.values import Editor, Kind


class SeriesField(QWidget):
    """A number field for each of a list of fixed length."""

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._value: Any = None
        self.numbers = [NumberField(replace(kind, editor=Editor.REAL)) for _ in range(kind.length)]
        row = layouts.row(self, spacing=6)
        for place, number in enumerate(self.numbers):
            number.setAccessibleName(f"{kind.title}, {place + 1} of {kind.length}")
            number.edited.connect(partial(self._take, place))
            number.refused.connect(partial(self._refuse, place))
            row.addWidget(number, 1)
        self._typed = self.numbers[0]
        self.setFocusProxy(self._typed)

    @property
    def gesture(self) -> object:
        """Names one stay in one of the numbers."""
        return tuple(number.gesture for number in self.numbers)

    def set_value(self, value: Any) -> None:
        """Show the numbers; what is typed and still stands for one stays."""
        self._put(value, NumberField.set_value)

    def reset(self, value: Any) -> None:
        """Show the numbers whatever was typed."""
        self._put(value, NumberField.reset)

    def hold(self, value: Any) -> None:
        """Note the numbers in force while a text that is refused stays; the others show them."""
        self._typed.hold(self._parts(value)[self.numbers.index(self._typed)])
        self.set_value(value)

    def set_error(self, wrong: bool) -> None:
        """Draw the border of a refused value around what was typed last, or the usual one."""
        for number in self.numbers:
            number.set_error(wrong and number is self._typed)

    def _parts(self, value: Any) -> tuple[Any, ...]:
        return (None,) * len(self.numbers) if value is None else tuple(value)

    def _put(self, value: Any, put: Any) -> None:
        self._value = value
        for number, part in zip(self.numbers, self._parts(value), strict=True):
            put(number, part)

    def _take(self, place: int, typed: Any) -> None:
        self._typed = self.numbers[place]
        parts = list(self._parts(self._value))
        parts[place] = typed
        self.edited.emit(tuple(parts))

    def _refuse(self, place: int, why: str) -> None:
        self._typed = self.numbers[place]
        self.refused.emit(why)
