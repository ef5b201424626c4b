"""A number that is moved on a line, or typed beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from gui.widgets import layouts
from gui.widgets.number_field import NumberField
from gui.widgets.values import Editor, Kind

_STEPS = 200  # places on the line
_NUMBER = 60  # px


class SliderField(QWidget):
    """The line goes from end to end of the field's track; a number beyond it can be typed."""

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setAccessibleName(kind.title)
        self.slider.setToolTip(kind.help)
        self.number = NumberField(replace(kind, editor=Editor.REAL))
        self.number.make_small(_NUMBER)
        self.number.setAccessibleName(f"{kind.title}, value")
        row = layouts.row(self, self.slider, self.number, spacing=8)
        row.setStretch(0, 1)
        self.slider.sliderPressed.connect(self.number.begin_gesture)
        self.slider.valueChanged.connect(self._move)
        self.number.edited.connect(self.edited)
        self.number.refused.connect(self.refused)

    @property
    def gesture(self) -> object:
        """Names one stay in the number, or one drag."""
        return self.number.gesture

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

    def set_error(self, wrong: bool) -> None:
        """Draw the border of a refused number, or the usual one."""
        self.number.set_error(wrong)

    def _show(self, value: Any) -> None:
        low, high = self.kind.track
        if value is not None and not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(round((value - low) / (high - low) * _STEPS))
            self.slider.blockSignals(False)

    def _move(self, place: int) -> None:
        low, high = self.kind.track
        self.edited.emit(round(low + (high - low) * place / _STEPS, 6))
