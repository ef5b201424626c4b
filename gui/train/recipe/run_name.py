"""Which run the form is for, and what it will be called."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gui.style.style import mark, role
from gui.train.runs.places import next_number
from gui.train.runs.runs import Runs
from gui.widgets import layouts

_WIDEST = 300  # px of the field


class RunName(QWidget):
    """The number of the next run, and its name; without one it is called as its network is. Hidden until `follow`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: Runs | None = None
        self.number, self.field = QLabel(), QLineEdit()
        role(self.number, "label")
        mark(self.field, "scale", "small")
        self.field.setMaximumWidth(_WIDEST)
        self.field.setAccessibleName("Name of the next run")
        self.field.setToolTip("What the run is called that Train starts, or Add to queue puts there")
        row = layouts.row(self, self.number, spacing=8)
        row.addWidget(self.field, 1)
        row.addStretch(0)
        row.setContentsMargins(16, 12, 16, 0)
        self.hide()

    def follow(self, runs: Runs) -> None:
        """Show what is to come in a window's runs, and name it."""
        self._runs = runs
        self.field.textEdited.connect(runs.name_next)
        for signal in (runs.listed, runs.started, runs.next_named, runs.document.replaced):
            signal.connect(self.refresh)
        self.show()
        self.refresh()

    def refresh(self) -> None:
        """Show the number, and the name unless it is being typed."""
        if self._runs is None:
            return
        runs = self._runs
        self.number.setText(f"Run {next_number(runs.place, runs.all)}")
        self.field.setPlaceholderText(runs.document.network.name)
        if self.field.text() != runs.next_name:
            self.field.setText(runs.next_name)
