"""Which marks of a training the canvas shows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui.run_marks import Badges
from gui.style import role


class BadgeBar(QFrame):
    """Three boxes: gradient norm, dead ReLU, activations."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "raised")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(32)
        title = QLabel("Badges")
        role(title, "small")
        self.gradients, self.dead, self.activations = (
            QCheckBox(text) for text in ("Gradient norm", "Dead ReLU", "Activations")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(title)
        for box in (self.gradients, self.dead, self.activations):
            box.setChecked(True)
            box.toggled.connect(self._tell)
            row.addWidget(box, 0, Qt.AlignmentFlag.AlignVCenter)

    @property
    def badges(self) -> Badges:
        """What is wanted."""
        return Badges(self.gradients.isChecked(), self.dead.isChecked(), self.activations.isChecked())

    def _tell(self) -> None:
        self.changed.emit()
