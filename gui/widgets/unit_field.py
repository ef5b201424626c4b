"""A small field for a number that is written with its unit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from gui.widgets.number_field import NumberField
from gui.widgets.range_words import end_text, value_of
from gui.widgets.values import Editor, Kind, arithmetic


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
        return value_of(float(arithmetic(text.strip().removeprefix("+"))), self._unit)

    def step(self, steps: int) -> None:
        number = self._number()
        if number is not None and steps:
            least, most = max(self.kind.least, self.kind.above + self.grain), self.kind.most
            self._show_and_take(min(max(round(number + steps * self.grain, 9), least), most))
