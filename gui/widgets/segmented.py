"""A segmented control: a few choices side by side, one of them taken."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from gui.style.appearance import appearance
from gui.style.style import mark, role, write_in

_PADDING = 20  # px beside the words of a segment without icon


@dataclass(frozen=True, slots=True)
class Segment:
    """One choice: the value that `Segmented.chosen` carries, its words and perhaps an icon."""

    value: Hashable
    text: str
    icon: str = ""


class Segmented(QFrame):
    """Choices side by side; arrow keys move between them. ``chosen`` tells of clicks and keys, not of `choose`."""

    chosen = Signal(object)

    def __init__(self, segments: Sequence[Segment], parent: QWidget | None = None, *, small: bool = False) -> None:
        super().__init__(parent)
        role(self, "segmented")
        self._brief = self._but_current = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 2, 2, 2)
        self._row.setSpacing(2)
        self._group = QButtonGroup(self)
        self._segments = {segment.value: segment for segment in segments}
        self._buttons = {segment.value: self._add(segment, small=small) for segment in segments}
        self._group.buttonClicked.connect(self._tell)
        self._group.buttonToggled.connect(self._show_states)
        appearance().changed.connect(self._show_states)
        self.choose(segments[0].value)

    @property
    def value(self) -> Hashable:
        """The choice taken."""
        return next(value for value, button in self._buttons.items() if button.isChecked())

    def choose(self, value: Hashable) -> None:
        """Take a choice without telling anyone; none of them for what is no choice."""
        self._group.setExclusive(False)
        for choice, button in self._buttons.items():
            button.setChecked(choice == value)
        self._group.setExclusive(True)

    def button(self, value: Hashable) -> QPushButton:
        """The button of a choice, for its tooltip or whether it is enabled."""
        return self._buttons[value]

    def set_text(self, value: Hashable, text: str) -> None:
        """Give a choice other words."""
        if text != self._segments[value].text:
            self._segments[value] = replace(self._segments[value], text=text)
            self._show_words()
            self._show_states()

    def set_brief(self, brief: bool, *, but_current: bool = False) -> None:
        """Show icons alone, with the words as tooltips, perhaps ``but_current``; for segments that all have an icon."""
        self._brief, self._but_current = brief, but_current
        self._show_words()
        self._row.invalidate()

    def _show_words(self) -> None:
        for value, button in self._buttons.items():
            text = self._segments[value].text
            brief = self._brief and not (self._but_current and button.isChecked())
            button.setText("" if brief else text)
            button.setToolTip(text if brief else "")
            button.setAccessibleName(text)

    def _add(self, segment: Segment, *, small: bool) -> QPushButton:
        button = QPushButton(segment.text, self)
        button.setCheckable(True)
        button.setIconSize(QSize(18, 18))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        if small:
            mark(button, "scale", "small")
        role(button, "segment")
        self._group.addButton(button)
        self._row.addWidget(button)
        return button

    def _tell(self) -> None:
        self.chosen.emit(self.value)

    def _show_states(self) -> None:
        if self._brief:
            self._show_words()
        for value, button in self._buttons.items():
            on, icon = button.isChecked(), self._segments[value].icon
            size = 12 if button.property("scale") == "small" else 13
            write_in(button, appearance().font(size, weight=600 if on else 500))
            if not icon:  # as wide as when it is taken, so that nothing moves or is cut off
                words = QFontMetrics(appearance().font(size, weight=600)).horizontalAdvance(self._segments[value].text)
                button.setMinimumWidth(words + _PADDING)
            if icon:
                button.setIcon(appearance().icon(icon, "text" if on else "muted"))
