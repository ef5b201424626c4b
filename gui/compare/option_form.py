"""The options of a template as fields, a few in a row."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gui.style.style import role
from gui.widgets.choice_field import ChoiceField
from gui.widgets.layouts import clear
from gui.widgets.number_field import NumberField
from gui.widgets.switch import Switch
from gui.widgets.typed_field import TypedField
from gui.widgets.values import Editor, Kind

if TYPE_CHECKING:
    from templates.options import Option  # all templates come with it

_IN_A_ROW = 4
_EDITORS = {
    "choice": Editor.CHOICE,
    "flag": Editor.SWITCH,
    "integer": Editor.INTEGER,
    "number": Editor.REAL,
    "sizes": Editor.LIST,
}


class OptionForm(QWidget):
    """One field an option, its name above it. ``changed`` tells of a new value, ``refused`` why there is none."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: dict[str, Any] = {}
        self.fields: dict[str, QWidget] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        for column in range(_IN_A_ROW):
            self._grid.setColumnStretch(column, 1)

    def show_options(self, options: Mapping[str, Option], values: Mapping[str, Any]) -> None:
        """Show a template's options; ``values`` differ from the defaults."""
        clear(self._grid)
        self.values = dict(values)
        self.fields = {}
        for index, option in enumerate(options.values()):
            row, column = divmod(index, _IN_A_ROW)
            label = QLabel(option.title)
            role(label, "caption")
            self._grid.addWidget(label, 2 * row, column)
            self._grid.addWidget(self._field(option), 2 * row + 1, column)

    def _field(self, option: Option) -> QWidget:
        field = _make(_kind(option))
        field.set_value(option.check(self.values.get(option.name, option.default)))
        field.edited.connect(partial(self._take, option.name))
        if isinstance(field, TypedField):
            field.refused.connect(self.refused)
        self.fields[option.name] = field
        return field

    def _take(self, name: str, value: Any) -> None:
        self.values[name] = value
        self.changed.emit()


def _kind(option: Option) -> Kind:
    """An option as the editors of settings know it."""
    return Kind(
        option.name,
        option.title,
        _EDITORS[option.kind],
        option.default,
        words=option.choices or (),
        least=-math.inf if option.least is None else option.least,
        most=math.inf if option.most is None else option.most,
    )


def _make(kind: Kind) -> ChoiceField | Switch | TypedField | NumberField:
    match kind.editor:
        case Editor.CHOICE:
            return ChoiceField(kind)
        case Editor.SWITCH:
            return Switch(kind.title)
        case Editor.LIST:
            return TypedField(kind)
        case _:
            return NumberField(kind)
