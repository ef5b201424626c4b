"""Arithmetic written out: symbols first, then numbers, then the result."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.layers import Formula
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.layouts import clear

_LINE = 36  # characters of a line; a last step that fits takes the result beside it


class FormulaView(QWidget):
    """Formulas one below the other, their equals signs in line; the result is the heavy one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.formulas: tuple[Formula, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 4)
        self._layout.setSpacing(5)

    def show_formulas(self, formulas: Sequence[Formula]) -> None:
        """Write these formulas; nothing happens if they stand there already."""
        if tuple(formulas) == self.formulas:
            return
        self.formulas = tuple(formulas)
        clear(self._layout)
        for formula in formulas:
            for line in _lines(formula):
                self._layout.addWidget(line)


def steps_of(formula: Formula) -> list[tuple[str, str]]:
    """The lines of a formula after its equals signs: the step, and the result where it stands on that line."""
    *steps, last = formula.steps or ("",)
    if last and len(formula.quantity) + len(last) + len(formula.result) + 6 > _LINE:
        return [(step, "") for step in (*steps, last)] + [("", formula.result)]
    return [(step, "") for step in steps] + [(last, formula.result)]


def _lines(formula: Formula) -> list[QWidget]:
    steps = steps_of(formula)
    lines = [
        _line(formula.quantity if i == 0 else " " * len(formula.quantity), step, result, quiet=i == 0 < len(steps) - 1)
        for i, (step, result) in enumerate(steps)
    ]
    if formula.note:
        note = QLabel(formula.note)
        note.setWordWrap(True)
        role(note, "caption")
        lines.append(note)
    return lines


def _line(quantity: str, step: str, result: str, *, quiet: bool) -> QWidget:
    line = QWidget()
    row = layouts.row(line)
    text = "formula" if quiet else "mono12"
    row.addWidget(_label(f"{quantity} = ", text), 0, Qt.AlignmentFlag.AlignTop)
    if step:
        body = _label(step + (" = " if result else ""), text)
        body.setWordWrap(not result)
        row.addWidget(body, 0 if result else 1)
    if result:
        row.addWidget(_label(result, "mono12-strong"))
        row.addStretch(1)
    return line


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    role(label, kind)
    return label
