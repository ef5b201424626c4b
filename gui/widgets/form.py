"""A form made from the fields of a settings model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.choices import Registry
from gui.widgets import layouts
from gui.widgets.disclosure import Disclosure
from gui.widgets.form_row import Field, FormRow
from gui.widgets.ordered_list import OrderedList
from gui.widgets.values import Editor, Kind, kinds_of

__all__ = ["Form", "FormRow"]


class Form(QWidget):
    """One row a field: its words, its editor, and below it why a value is refused.

    Advanced fields stand under "More settings". ``fields`` limits the form to some of the model's fields. Below a
    choice stand the settings of what is chosen; a field in there is named by its path, "optimiser.momentum". A choice
    that was left comes back with the settings that it had. A setting of an entry of a list is named so too,
    "steps.2.angle"; ``rearranged`` tells what else is done with a list.
    """

    edited = Signal(str, object, object)  # field, value, and what names the gesture (None: a step of its own)
    refused = Signal(str, str, object)  # field, why its text stands for no value ("": it is over), and the gesture
    rearranged = Signal(str, object, str)  # field, the list as it shall be, and what is done: "Remove Rotate"

    def __init__(
        self, model: type[BaseModel], *, fields: Collection[str] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.rows: dict[str, Field] = {}
        self._nested: dict[str, dict[str, list[Field]]] = {}  # by field and choice: the rows of its own, once chosen
        self._left: dict[tuple[str, str], dict[str, Any]] = {}  # by field and choice: the settings it was left with
        self._lay_out([kind for kind in kinds_of(model) if fields is None or kind.name in fields])

    def _lay_out(self, kinds: list[Kind]) -> None:
        """Make the rows and place them."""
        layout = layouts.column(self)
        self._add_rows(layout, [kind for kind in kinds if not kind.advanced])
        advanced = [kind for kind in kinds if kind.advanced]
        if advanced:
            self.more = Disclosure("More settings", self)
            layout.addWidget(self.more)
            self._add_rows(self.more.body_layout, advanced)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Follow the values: what is being typed stays while it stands for them."""
        self._put(values, Field.set_value)

    def _put(self, values: Mapping[str, Any], put: Callable[[Field, Any], None]) -> None:
        for name, row in self.rows.items():
            put(row, _name_of(values[name]))
        for name in self._nested:
            self._show_nested(name, values[name], put)

    def _show_nested(self, field: str, value: Any, put: Callable[[Field, Any], None]) -> None:
        """Show the settings of the choice in a field, and those of no other; one that comes up is as it is in force."""
        chosen = _name_of(value)
        if isinstance(value, dict):
            self._left[field, chosen] = {key: inner for key, inner in value.items() if key != "name"}
        nested = self._nested[field]
        if isinstance(value, dict) and chosen not in nested:
            nested[chosen] = self._make_nested(field, chosen)
        for owner, rows in nested.items():
            for row in rows:
                if owner == chosen:
                    (Field.reset if row.isHidden() else put)(row, value[row.kind.name])
                row.setVisible(owner == chosen)

    def _make_nested(self, field: str, name: str) -> list[Field]:
        """Make the rows of a choice's settings, hidden; most are never chosen."""
        registry = self.rows[field].kind.registry
        assert registry is not None
        rows = [self._row(kind, f"{field}.{kind.name}") for kind in kinds_of(registry[name])]
        for row in rows:
            row.hide()
        self._place_nested(field, name, rows)
        return rows

    def _place_nested(self, field: str, name: str, rows: list[Field]) -> None:
        """Put the rows of a choice's settings below that of the choice."""
        around = self.rows[field].parentWidget()
        layout = around.layout() if around else None
        assert isinstance(layout, QVBoxLayout)
        for row in reversed(rows):
            layout.insertWidget(layout.indexOf(self.rows[field]) + 1, row)

    def forget(self) -> None:
        """Let go of the settings of choices that were left: other values are shown."""
        self._left.clear()

    def ordered(self, field: str) -> OrderedList:
        """The editor of a field that holds several choices in an order."""
        editor: OrderedList = self.rows[field].editor
        return editor

    def hide_label(self, field: str) -> None:
        """Leave the words of a field away: what is around the form says them."""
        row = self.rows[field]
        assert isinstance(row, FormRow)
        row.label.hide()

    def row(self, path: str) -> Field:
        """The row of a field, or of a setting of what is chosen there."""
        field, _, setting = path.partition(".")
        if not setting:
            return self.rows[field]
        if field not in self._nested:
            return self.ordered(field).field(setting)
        chosen = self.rows[field].editor.currentData()
        return next(row for row in self._nested[field][chosen] if row.kind.name == setting)

    def reset(self, values: Mapping[str, Any]) -> None:
        """Show other values, whatever is typed; None where several differ."""
        self._put(values, Field.reset)

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
            row = self._add(kind)
            layout.addWidget(row)
            if kind.editor is Editor.CHOICE and len(kind.words) == 1:
                row.hide()  # there is nothing to choose

    def _add(self, kind: Kind) -> Field:
        """Make the row of a field."""
        self.rows[kind.name] = row = self._row(kind, kind.name)
        if kind.editor is Editor.CHOICE and kind.registry is not None:
            self._nested[kind.name] = {}
        return row

    def _list_row(self, kind: Kind, registry: Registry[Any]) -> Field:
        editor = OrderedList(registry, kind.title)
        editor.edited.connect(lambda path, *rest: self.edited.emit(f"{kind.name}.{path}", *rest))
        editor.refused.connect(lambda path, *rest: self.refused.emit(f"{kind.name}.{path}", *rest))
        editor.rearranged.connect(partial(self.rearranged.emit, kind.name))
        return FormRow(kind, self, editor=editor)

    def _make_field(self, kind: Kind) -> Field:
        """The row of one field."""
        return FormRow(kind, self)

    def _row(self, kind: Kind, path: str) -> Field:
        if kind.editor is Editor.CHOICES and kind.registry is not None:
            return self._list_row(kind, kind.registry)
        row = self._make_field(kind)
        row.setObjectName(path)
        row.editor.edited.connect(partial(self._announce, row, path))
        if hasattr(row.editor, "refused"):
            row.editor.refused.connect(partial(self._announce_refusal, row, path))
        return row

    def _announce(self, row: Field, path: str, value: Any) -> None:
        row.show_reason("")
        if row.kind.registry is not None and value is not None:
            value = {"name": value, **self._left.get((path, value), {})}
        self.edited.emit(path, value, row.gesture)

    def _announce_refusal(self, row: Field, path: str, why: str) -> None:
        self.refused.emit(path, why, row.gesture)


def _name_of(value: Any) -> Any:
    """What stands in the editor of a choice: its name."""
    return value["name"] if isinstance(value, dict) else value
