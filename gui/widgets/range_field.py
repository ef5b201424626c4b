"""A field for a range: two handles on a line, and a number for each end."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.number_field import NumberField
from gui.widgets.pages import Pages
from gui.widgets.range_track import RangeTrack
from gui.widgets.range_words import range_text
from gui.widgets.unit_field import UnitField
from gui.widgets.values import Kind

_END_WIDTH = 50  # px


class RangeField(QWidget):
    """The line with its handles, and beside it both ends in words, or with `set_detailed` as fields to type in.

    A range that is upside down is told like any other: who listens knows what to say of it.
    """

    edited = Signal(object)  # (lower end, upper end)
    refused = Signal(str)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._value: Any = None
        self.track = RangeTrack(kind)
        self.words = QLabel()
        self.ends = tuple(UnitField(kind, f"{kind.title}, {end}", _END_WIDTH) for end in ("lower end", "upper end"))
        self._typed = self.ends[0]  # the end that was typed into last
        self._sides = Pages()
        self._lay_out()
        self.setFocusProxy(self.track.handles[0])
        self.track.edited.connect(self._take_both)
        for end in self.ends:
            end.grain = self.track.grain
            end.edited.connect(self._take_end)
            end.refused.connect(self._refuse_end)

    @property
    def gesture(self) -> tuple[int, ...]:
        """Names one drag of a handle, or one stay at one or in a field."""
        return self.track.gesture, *(end.gesture for end in self.ends)

    def set_detailed(self, detailed: bool) -> None:
        """Show the ends as fields, or as words."""
        self._sides.setCurrentIndex(int(detailed))

    def set_value(self, value: Any) -> None:
        """Show a range; what is typed and stands for its end stays. None: several differ."""
        self._show(value, NumberField.set_value)

    def reset(self, value: Any) -> None:
        """Show a range whatever was typed."""
        self._show(value, NumberField.reset)

    def hold(self, value: Any) -> None:
        """Note the range in force while what is typed is refused and stays."""
        for end, number in zip(self.ends, value or (None, None), strict=True):
            if end is self._typed:
                end.hold(number)
        self._show(value, NumberField.set_value)

    def set_error(self, wrong: bool) -> None:
        """Draw the border of a refused value, or the usual one."""
        for end in self.ends:
            end.set_error(wrong and end is self._typed)

    def _show(self, value: Any, put: Any) -> None:
        self._value = value
        self.track.show_range(value)
        text = range_text(value, self.kind.unit, signed=self.kind.signed) if value else "mixed"
        self.words.setText(text)
        for end, number in zip(self.ends, value or (None, None), strict=True):
            put(end, number)

    def _take_both(self, value: tuple[float, float]) -> None:
        for end in self.ends:
            if end.strays:  # a refused text in it is over
                end.reset(end.value)
        self.edited.emit(value)

    def _take_end(self, number: float) -> None:
        self._typed = self.ends[self.ends.index(self.sender())]
        low, high = self._value or (number, number)
        self.edited.emit((number, high) if self._typed is self.ends[0] else (low, number))

    def _refuse_end(self, why: str) -> None:
        """Hand on why there is no range; without a reason Esc has taken the text back."""
        self._typed = self.ends[self.ends.index(self.sender())]
        if not why:
            self.reset(self._value)
        self.refused.emit(why)

    def _lay_out(self) -> None:
        role(self.words, "mono")
        words, fields = QWidget(), QWidget()
        row = layouts.row(words)
        row.addStretch(1)
        row.addWidget(self.words)
        dash = QLabel("–")
        role(dash, "faint")
        row = layouts.row(fields, spacing=2)
        row.addStretch(1)
        for part in (self.ends[0], dash, self.ends[1]):
            row.addWidget(part)
        self._sides.addWidget(words)
        self._sides.addWidget(fields)
        row = layouts.row(self, spacing=4)
        row.addWidget(self.track, 2)
        row.addWidget(self._sides, 1)
        self.setFixedHeight(22)
