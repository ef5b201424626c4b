"""Arithmetic written out: symbols first, then numbers, then the result."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from engine.layers import Formula
from gui.appearance import appearance

_LINE = 36  # characters of a line; a last step that fits takes the result beside it


class FormulaView(QLabel):
    """Formulas one below the other; the text can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formulas: tuple[Formula, ...] = ()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setContentsMargins(0, 6, 0, 0)
        appearance().changed.connect(self._write)

    def show_formulas(self, formulas: Sequence[Formula]) -> None:
        """Write these formulas; nothing happens if they stand there already."""
        if tuple(formulas) != self._formulas:
            self._formulas = tuple(formulas)
            self._write()

    def _write(self) -> None:
        self.setText("".join(_html(formula) for formula in self._formulas))


def lines_of(formula: Formula) -> list[str]:
    """The formula as lines whose equals signs stand below each other, the result last."""
    *steps, last = formula.steps or ("",)
    final = f"{last} = {formula.result}" if last else formula.result
    indent = " " * len(formula.quantity)
    if len(indent + final) + 3 > _LINE and last:
        steps, final = [*steps, last], formula.result
    return [f"{indent if i else formula.quantity} = {step}" for i, step in enumerate([*steps, final])]


def _html(formula: Formula) -> str:
    look = appearance()
    *before, last = lines_of(formula)
    body, _, result = last.rpartition("= ")
    muted, text = look.theme.muted, look.theme.text
    rows = [_line(escape(line), muted if i == 0 else text) for i, line in enumerate(before)]
    rows.append(_line(f"{escape(body)}= <b>{escape(result)}</b>", text))
    note = f'<p style="margin: 4px 0 4px 0; color: {muted}; font-size: 11px">{escape(formula.note)}</p>'
    return "".join(rows) + (note if formula.note else "")


def _line(html: str, colour: str) -> str:
    family = appearance().font(mono=True).family()
    style = f"margin: 0; white-space: pre-wrap; font-family: '{family}'; font-size: 12px; color: {colour}"
    return f'<p style="{style}; line-height: 140%">{html}</p>'
