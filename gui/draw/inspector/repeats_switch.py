"""Whether edits of a layer reach the repeats of its block."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.widgets.switch import Switch


class RepeatsSwitch(QWidget):
    """``others`` are the nodes in the layer's place in the repeats, while the switch is on; it hides without any."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._twins: tuple[str, ...] = ()
        self.switch = Switch("Apply to all repeats")
        self.switch.edited.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 10)
        row.addWidget(self.switch)
        row.addStretch(1)
        self.hide()

    @property
    def others(self) -> tuple[str, ...]:
        """The nodes that take the layer's edits too."""
        return self._twins if self.switch.isChecked() else ()

    def show_twins(self, twins: tuple[str, ...]) -> None:
        """Show the switch for a node and those in its place in the repeats of its block."""
        self._twins = twins[1:]
        text = f"Apply to all {len(twins)} repeats"
        self.switch.setText(text)
        self.switch.setAccessibleName(text)
        self.switch.setToolTip("An edit here is made in: " + ", ".join(twins))
        self.switch.updateGeometry()
        self.setVisible(len(twins) > 1)
