"""One row of a form: the words of a field, its editor, and why a value is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gui.style.style import FIELD_HEIGHT, SMALL_FIELD_HEIGHT, role
from gui.widgets.chips_field import MOST_CHIPS, ChipsField
from gui.widgets.choice_field import ChoiceField
from gui.widgets.number_field import NumberField
from gui.widgets.pair_field import PairField
from gui.widgets.range_field import RangeField
from gui.widgets.series_field import SeriesField
from gui.widgets.several_field import SeveralField
from gui.widgets.slider_field import SliderField
from gui.widgets.steady import steady_width
from gui.widgets.switch import Switch
from gui.widgets.switched_field import SwitchedField
from gui.widgets.typed_field import TypedField
from gui.widgets.values import Editor, Kind, in_force

_LABEL_WIDTH, _SMALL_LABEL_WIDTH = 104, 68
_NUMBER_WIDTH = 96
_TEXT_WIDTH = 96  # room for "0.9, 0.999"
_OF_WORDS = (Editor.CHOICE, Editor.LIST, Editor.TABLE, Editor.TEXT)

_EDITORS: dict[Editor, Callable[[Kind], Any]] = {
    Editor.INTEGER: NumberField,
    Editor.REAL: NumberField,
    Editor.RANGE: RangeField,
    Editor.SLIDER: SliderField,
    Editor.PAIR: PairField,
    Editor.SWITCH: lambda kind: Switch(kind.title),
    Editor.CHOICE: ChoiceField,
    Editor.CHOICES: SeveralField,
    Editor.LIST: TypedField,
    Editor.TABLE: TypedField,
    Editor.TEXT: TypedField,
}


def editor_of(kind: Kind, *, small: bool = False) -> Any:
    """The editor of a field."""
    if kind.when_on is not None:
        return SwitchedField(kind)
    if kind.length:
        return SeriesField(kind)
    if small and kind.editor is Editor.CHOICE and kind.registry is None and len(kind.words) <= MOST_CHIPS:
        return ChipsField(kind)
    editor = _EDITORS[kind.editor](kind)
    if small and isinstance(editor, TypedField):
        editor.make_small(_NUMBER_WIDTH)
    return editor


class Field(QWidget):
    """An editor, and the words why its value is refused, which its owner puts where there is room.

    Whoever listens to ``editor`` answers its ``refused`` with `refuse`, after going back to the value from before.
    """

    def __init__(self, kind: Kind, editor: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.editor = editor
        self._shown: Any = None
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.hide()
        role(self.reason, "error")

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


class FormRow(Field):
    """A label, an editor, and room below for a reason.

    A ``small`` one is low and narrow, as in a card; an ``editor`` of its own stands below the label, as wide as both,
    and so does a choice or a text where the words beside the label would be cut.
    """

    def __init__(self, kind: Kind, parent: QWidget | None = None, *, small: bool = False, editor: Any = None) -> None:
        super().__init__(kind, editor or editor_of(kind, small=small), parent)
        below = editor is not None
        self.label = QLabel(kind.title)
        role(self.label, "label")
        self.label.setToolTip(kind.help)
        self.label.setMinimumHeight(SMALL_FIELD_HEIGHT if small else FIELD_HEIGHT)
        self.label.setWordWrap(True)
        self.label.setBuddy(self.editor)
        if not below:
            self.label.setFixedWidth(_SMALL_LABEL_WIDTH if small else _LABEL_WIDTH)
        margin = 0 if small else 3
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, margin, 0, margin)
        self._grid.setHorizontalSpacing(6 if small else 8)
        self._grid.setVerticalSpacing(2)
        self._grid.addWidget(self.label, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._below: bool | None = None
        self._moves = not small and not below and kind.editor in _OF_WORDS
        if small and isinstance(self.editor, TypedField):  # it is as wide as it shall be
            self._grid.addWidget(self.editor, 0, 1, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(self.reason, 1, 1)
        else:
            self._place(below=below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._moves:
            beside = steady_width(self) - _LABEL_WIDTH - self._grid.horizontalSpacing()
            self._place(below=beside < max(self.editor.minimumSizeHint().width(), _TEXT_WIDTH))

    def _place(self, *, below: bool) -> None:
        """Put the editor and the reason below the label, or beside it."""
        row, column, columns = (1, 0, 2) if below else (0, 1, 1)
        if below != self._below:
            self._below = below
            self._grid.addWidget(self.editor, row, column, 1, columns)
            self._grid.addWidget(self.reason, row + 1, column, 1, columns)
