"""A form made from the fields of a settings model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.choices import Registry
from gui.style.style import FIELD_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.choice_field import ChoiceField
from gui.widgets.disclosure import Disclosure
from gui.widgets.number_field import NumberField
from gui.widgets.pair_field import PairField
from gui.widgets.switch import Switch
from gui.widgets.typed_field import TypedField
from gui.widgets.values import Editor, Kind, in_force, kinds_of

_LABEL_WIDTH = 104

_EDITORS: dict[Editor, Callable[[Kind], Any]] = {
    Editor.INTEGER: NumberField,
    Editor.REAL: NumberField,
    Editor.PAIR: PairField,
    Editor.SWITCH: lambda kind: Switch(kind.title),
    Editor.CHOICE: ChoiceField,
    Editor.LIST: TypedField,
    Editor.TABLE: TypedField,
    Editor.TEXT: TypedField,
}


class Form(QWidget):
    """One row a field: its words, its editor, and below it why a value is refused.

    Advanced fields stand under "More settings". ``fields`` limits the form to some of the model's fields. Below a
    choice stand the settings of what is chosen; a field in there is named by its path, "optimiser.momentum". A choice
    that was left comes back with the settings that it had.
    """

    edited = Signal(str, object, object)  # field, value, and what names the gesture (None: a step of its own)
    refused = Signal(str, str, object)  # field, why its text stands for no value ("": it is over), and the gesture

    def __init__(
        self, model: type[BaseModel], *, fields: Collection[str] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.rows: dict[str, FormRow] = {}
        self._nested: dict[str, list[tuple[str, FormRow]]] = {}  # by field: name of the choice, and a row of its own
        self._left: dict[tuple[str, str], dict[str, Any]] = {}  # by field and choice: the settings it was left with
        layout = layouts.column(self)
        kinds = [kind for kind in kinds_of(model) if fields is None or kind.name in fields]
        self._add_rows(layout, [kind for kind in kinds if not kind.advanced])
        advanced = [kind for kind in kinds if kind.advanced]
        if advanced:
            self.more = Disclosure("More settings", self)
            layout.addWidget(self.more)
            self._add_rows(self.more.body_layout, advanced)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Follow the values: what is being typed stays while it stands for them."""
        self._put(values, FormRow.set_value)

    def _put(self, values: Mapping[str, Any], put: Callable[[FormRow, Any], None]) -> None:
        for name, row in self.rows.items():
            put(row, _name_of(values[name]))
        for name in self._nested:
            self._show_nested(name, values[name], put)

    def _show_nested(self, field: str, value: Any, put: Callable[[FormRow, Any], None]) -> None:
        """Show the settings of the choice in a field, and those of no other; one that comes up is as it is in force."""
        chosen = _name_of(value)
        if isinstance(value, dict):
            self._left[field, chosen] = {key: inner for key, inner in value.items() if key != "name"}
        for owner, row in self._nested[field]:
            if owner == chosen:
                (FormRow.reset if row.isHidden() else put)(row, value[row.kind.name])
            row.setVisible(owner == chosen)

    def forget(self) -> None:
        """Let go of the settings of choices that were left: other values are shown."""
        self._left.clear()

    def row(self, path: str) -> FormRow:
        """The row of a field, or of a setting of what is chosen there."""
        field, _, setting = path.partition(".")
        if not setting:
            return self.rows[field]
        chosen = self.rows[field].editor.currentData()
        return next(row for owner, row in self._nested[field] if owner == chosen and row.kind.name == setting)

    def reset(self, values: Mapping[str, Any]) -> None:
        """Show other values, whatever is typed; None where several differ."""
        self._put(values, FormRow.reset)

    def show_reason(self, field: str, text: str) -> None:
        """Say below a field why its value is refused; "" takes the words away."""
        self.row(field).show_reason(text)

    def refuse(self, field: str, why: str, value: Any) -> None:
        """Say below a field why what is typed there is refused, and which value stays in force."""
        self.row(field).refuse(why, value)

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        for row in list(self.rows.values())[:1]:
            row.editor.setFocus(Qt.FocusReason.TabFocusReason)

    def _add_rows(self, layout: QVBoxLayout, kinds: list[Kind]) -> None:
        for kind in kinds:
            self.rows[kind.name] = row = self._row(kind, kind.name)
            layout.addWidget(row)
            if kind.editor is Editor.CHOICE and len(kind.words) == 1:
                row.hide()  # there is nothing to choose
            if kind.registry is not None:
                self._nested[kind.name] = list(self._nested_rows(kind.name, kind.registry))
                for _, nested in self._nested[kind.name]:
                    layout.addWidget(nested)

    def _nested_rows(self, field: str, registry: Registry[Any]) -> Iterator[tuple[str, FormRow]]:
        for name, choice in registry.items():
            for kind in kinds_of(choice):
                yield name, self._row(kind, f"{field}.{kind.name}")

    def _row(self, kind: Kind, path: str) -> FormRow:
        row = FormRow(kind, self)
        row.setObjectName(path)
        row.editor.edited.connect(partial(self._announce, row, path))
        if hasattr(row.editor, "refused"):
            row.editor.refused.connect(partial(self._announce_refusal, row, path))
        return row

    def _announce(self, row: FormRow, path: str, value: Any) -> None:
        row.show_reason("")
        if row.kind.registry is not None and value is not None:
            value = {"name": value, **self._left.get((path, value), {})}
        self.edited.emit(path, value, row.gesture)

    def _announce_refusal(self, row: FormRow, path: str, why: str) -> None:
        self.refused.emit(path, why, row.gesture)


def _name_of(value: Any) -> Any:
    """What stands in the editor of a choice: its name."""
    return value["name"] if isinstance(value, dict) else value


class FormRow(QWidget):
    """A label, an editor, and room below for a reason.

    Whoever listens to ``editor`` answers its ``refused`` with `refuse`, after going back to the value from before.
    """

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._shown: Any = None
        self.editor = _EDITORS[kind.editor](kind)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.hide()
        role(self.reason, "error")
        label = QLabel(kind.title)
        role(label, "label")
        label.setToolTip(kind.help)
        label.setFixedWidth(_LABEL_WIDTH)
        label.setMinimumHeight(FIELD_HEIGHT)
        label.setWordWrap(True)
        label.setBuddy(self.editor)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 3, 0, 3)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.editor, 0, 1)
        grid.addWidget(self.reason, 1, 1)
        grid.setColumnStretch(1, 1)

    @property
    def gesture(self) -> object:
        """What names one stay in the editor; None where every edit is a step of its own."""
        return getattr(self.editor, "gesture", None)

    def set_value(self, value: Any) -> None:
        """Follow a value; a refusal that stood for another value is over."""
        self.editor.set_value(value)
        if value != self._shown:
            self._shown = value
            self.show_reason("")

    def reset(self, value: Any) -> None:
        """Show a value whatever was typed."""
        self._shown = value
        self.editor.reset(value)
        self.show_reason("")

    def refuse(self, why: str, value: Any) -> None:
        """Leave the refused text and say why it is refused and which value stays in force; "" takes that away."""
        self._shown = value
        self.editor.hold(value)
        self.show_reason(f"{why} {in_force(self.kind, value)}" if why else "")

    def show_reason(self, text: str) -> None:
        """Say why the value is refused; "" when it is not."""
        self.editor.set_error(bool(text))
        self.reason.setText(text)
        self.reason.setVisible(bool(text))
