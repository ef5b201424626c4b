"""A number with a switch before it: off, it is 0."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.widgets import layouts
from gui.widgets.number_field import NumberField
from gui.widgets.switch import Switch
from gui.widgets.values import Kind


class SwitchedField(QWidget):
    """Switched on, the number is what it was before, or at first the field's ``when_on``."""

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._value: Any = 0
        self._when_on = kind.when_on
        self.switch = Switch(kind.title)
        self.switch.setToolTip(kind.help)
        self.number = NumberField(kind)
        self.number.setAccessibleName(f"{kind.title}, value")
        row = layouts.row(self, self.switch, spacing=4)
        row.addWidget(self.number, 1)
        row.addStretch(0)
        self.setFocusProxy(self.switch)
        self.switch.edited.connect(self._turn)
        self.number.edited.connect(self.edited)
        self.number.refused.connect(self.refused)
        self.number.installEventFilter(self)

    @property
    def gesture(self) -> object:
        """Names one stay in the number; the switch is a step of its own each time."""
        return self.number.gesture if self.number.hasFocus() else None

    def set_value(self, value: Any) -> None:
        """Follow a value; a number that is being typed stays."""
        self.number.set_value(value)
        self._show(value)

    def reset(self, value: Any) -> None:
        """Show a value whatever was typed."""
        self.number.reset(value)
        self._show(value)

    def hold(self, value: Any) -> None:
        """Note the value in force while a text that is refused stays."""
        self.number.hold(value)
        self._value = value

    def set_error(self, wrong: bool) -> None:
        """Draw the border of a refused number, or the usual one."""
        self.number.set_error(wrong)

    def set_unit(self, unit: str) -> None:
        """Write another unit at the end of the number."""
        self.number.set_unit(unit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut:
            self._show(self._value)
        return super().eventFilter(watched, event)

    def _show(self, value: Any) -> None:
        self._value = value
        if value:
            self._when_on = value
        stays = self.number.hasFocus() or self.number.property("state") == "error"
        on = bool(value) or stays  # "0.5" begins with what switches it off
        self.number.setVisible(on)
        self.switch.set_value(on)
        self.switch.set_bare(on)

    def _turn(self, on: bool) -> None:
        self.edited.emit(self._when_on if on else 0)
