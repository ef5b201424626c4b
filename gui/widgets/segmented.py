"""A few choices side by side of which one holds."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from gui.style import role


class Segmented(QFrame):
    """One button a member of an enumeration; ``chosen`` gives the member that was clicked."""

    chosen = Signal(object)

    def __init__(self, choices: Sequence[StrEnum], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "segmented")
        self.setAccessibleName(name)
        self._choices = list(choices)
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for index, choice in enumerate(self._choices):
            button = QPushButton(choice.value)
            role(button, "segment")
            button.setCheckable(True)
            button.setChecked(index == 0)
            self._group.addButton(button, index)
            layout.addWidget(button)
        self._group.idClicked.connect(self._tell)

    @property
    def value(self) -> StrEnum:
        """The choice that holds."""
        return self._choices[self._group.checkedId()]

    def choose(self, choice: StrEnum) -> None:
        """Let another choice hold, as if it were clicked."""
        self._group.button(self._choices.index(choice)).click()

    def _tell(self, index: int) -> None:
        self.chosen.emit(self._choices[index])
