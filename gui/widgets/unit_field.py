"""A small field for a number that is written with its unit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from engine.words import signed_text
from gui.widgets.number_field import NumberField
from gui.widgets.range_words import end_text, value_of
from gui.widgets.values import Editor, Kind, TypedError, arithmetic


class UnitField(NumberField):
    """Shows "×0.70", "−30°" or "8 %" and takes it with or without its signs; keys and wheel step by its ``grain``."""

    def __init__(self, kind: Kind, name: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(replace(kind, editor=Editor.REAL, unit=""), parent)
        self._unit, self._signed = kind.unit, kind.signed
        self.grain = 0.01
        self.setAccessibleName(name)
        self.make_small(width)

    def text_of(self, value: Any) -> str:
        return end_text(value, self._unit, signed=self._signed)

    def meaning_of(self, text: str) -> float:
        for sign in filter(None, {self._unit, "×", "°", "%"}):
            text = text.replace(sign, "")
        value = value_of(float(arithmetic(text.strip().removeprefix("+"))), self._unit)
        if self._unit == "%" and not (self.kind.above < value and self.kind.least <= value <= self.kind.most):
            least = "more than 0" if self.kind.above == 0 else f"{100 * self.kind.least:g}"
            raise TypedError(f"{self.kind.title} is {signed_text(least)} to {100 * self.kind.most:g} %.")
        return value

    def step(self, steps: int) -> None:
        number = self._number()
        if number is not None and steps:
            least, most = max(self.kind.least, self.kind.above + self.grain), self.kind.most
            self._show_and_take(min(max(round(number + steps * self.grain, 9), least), most))
