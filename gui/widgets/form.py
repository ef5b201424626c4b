"""A form made from the fields of a settings model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from gui.style.style import FIELD_HEIGHT, role
from gui.widgets import layouts
from gui.widgets.choice_field import ChoiceField
from gui.widgets.disclosure import Disclosure
from gui.widgets.number_field import NumberField
from gui.widgets.pair_field import PairField
from gui.widgets.switch import Switch
from gui.widgets.typed_field import TypedField
from gui.widgets.values import Editor, Kind, kinds_of

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

    Advanced fields stand under "More settings". ``fields`` limits the form to some of the model's fields.
    """

    edited = Signal(str, object, object)  # field, value, and what names the gesture (None: a step of its own)

    def __init__(
        self, model: type[BaseModel], *, fields: Collection[str] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.rows: dict[str, FormRow] = {}
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
        for name, row in self.rows.items():
            row.set_value(values[name])

    def reset(self, values: Mapping[str, Any]) -> None:
        """Show other values; None where several differ."""
        for name, row in self.rows.items():
            row.reset(values[name])

    def show_reason(self, field: str, text: str) -> None:
        """Say below a field why its value is refused; "" takes the words away."""
        self.rows[field].show_reason(text)

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        for row in list(self.rows.values())[:1]:
            row.editor.setFocus(Qt.FocusReason.TabFocusReason)

    def _add_rows(self, layout: QVBoxLayout, kinds: list[Kind]) -> None:
        for kind in kinds:
            row = FormRow(kind, self)
            row.editor.edited.connect(partial(self._announce, row))
            self.rows[kind.name] = row
            layout.addWidget(row)

    def _announce(self, row: FormRow, value: Any) -> None:
        row.show_reason("")
        self.edited.emit(row.kind.name, value, getattr(row.editor, "gesture", None))


class FormRow(QWidget):
    """A label, an editor, and room below for a reason."""

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
        if hasattr(self.editor, "refused"):
            self.editor.refused.connect(self.show_reason)

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

    def show_reason(self, text: str) -> None:
        """Say why the value is refused; "" when it is not."""
        self.editor.set_error(bool(text))
        self.reason.setText(text)
        self.reason.setVisible(bool(text))
