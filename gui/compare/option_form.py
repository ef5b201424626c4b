"""The options of a template as fields, a few in a row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.errors import LayerloomError
from gui.style.style import role
from gui.widgets.choice_field import ChoiceField
from gui.widgets.layouts import clear
from gui.widgets.number_field import NumberField
from gui.widgets.option_kind import kind_of
from gui.widgets.stay import Stay
from gui.widgets.switch import Switch
from gui.widgets.typed_field import TypedField
from gui.widgets.values import Editor, Kind, in_force

if TYPE_CHECKING:
    from templates.options import Option  # all templates come with it

_IN_A_ROW = 4  # at most
_LEAST, _GAP = 110, 12  # px: of a field, so that "projection" has room, and between two


class OptionForm(QWidget):
    """One field an option, its name above it. ``changed`` tells of a new value, ``refused`` why there is none.

    While a field shows what is refused, the value from before it was begun is compared.
    """

    changed = Signal()
    refused = Signal(str)  # "" when it is over

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: dict[str, Any] = {}
        self.fields: dict[str, Any] = {}
        self._options: dict[str, Any] = {}
        self._stay = Stay()
        self._refusals: dict[str, str] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(2)
        self._parts: list[tuple[QLabel, QWidget]] = []
        self._in_a_row = _IN_A_ROW

    @property
    def refusal(self) -> str:
        """Why what some field shows is refused, or ""."""
        return next(iter(self._refusals.values()), "")

    def show_options(self, options: Mapping[str, Option], values: Mapping[str, Any]) -> None:
        """Show a template's options; ``values`` differ from the defaults."""
        clear(self._grid)
        self.values = dict(values)
        self.fields = {}
        self._options = dict(options)
        self._refusals = {}
        self._parts = [(QLabel(option.title), self._field(option)) for option in options.values()]
        for label, _ in self._parts:
            role(label, "caption")
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before, self._in_a_row = self._in_a_row, max(1, min(_IN_A_ROW, (self.width() + _GAP) // (_LEAST + _GAP)))
        if self._in_a_row != before:
            self._place()

    def _place(self) -> None:
        for index, (label, field) in enumerate(self._parts):
            row, column = divmod(index, self._in_a_row)
            self._grid.addWidget(label, 2 * row, column)
            self._grid.addWidget(field, 2 * row + 1, column)
        for column in range(_IN_A_ROW):
            self._grid.setColumnStretch(column, column < self._in_a_row)

    def _field(self, option: Option) -> QWidget:
        field = _make(kind_of(option))
        field.set_value(option.check(self.values.get(option.name, option.default)))
        field.edited.connect(partial(self._take, option.name))
        if isinstance(field, TypedField):
            field.refused.connect(partial(self._refuse, option.name))
        self.fields[option.name] = field
        return field

    def _take(self, name: str, value: Any) -> None:
        try:
            taken = self._options[name].check(value)
        except LayerloomError as error:
            self._refuse(name, str(error))
            return
        self._stay.begin(self._gesture(name), self.values)
        self.values[name] = taken
        self._end_refusal(name)
        self.changed.emit()

    def _refuse(self, name: str, why: str) -> None:
        """Go back to the value from before the field was begun, and say why; "" says that it is over."""
        if not why:
            self._end_refusal(name)
            return
        before = self._stay.before(self._gesture(name), self.values)
        field, option = self.fields[name], self._options[name]
        value = option.check(before.get(name, option.default))
        field.hold(value)
        field.set_error(True)
        self._refusals[name] = f"{why} {in_force(field.kind, value)}"
        if before != self.values:
            self.values = before
            self.changed.emit()
        self.refused.emit(self.refusal)

    def _end_refusal(self, name: str) -> None:
        self.fields[name].set_error(False)
        if self._refusals.pop(name, ""):
            self.refused.emit(self.refusal)

    def _gesture(self, name: str) -> object:
        return getattr(self.fields[name], "gesture", None)


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
