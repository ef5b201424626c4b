"""Which marks of a training the canvas shows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui.style.style import role
from gui.train.runs.marks import Badges

_WORDS = ("Gradient norm", "Dead ReLU", "Activations")
_BRIEF = ("∇", "Dead", "Maps")


class BadgeBar(QFrame):
    """Three boxes: gradient norm, dead ReLU, activations."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "raised")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(32)
        self._title = QLabel("Badges")
        role(self._title, "small")
        self.gradients, self.dead, self.activations = (QCheckBox(text) for text in _WORDS)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        self._boxes = (self.gradients, self.dead, self.activations)
        for box in self._boxes:
            box.setChecked(True)
            box.setToolTip(box.text())
            box.toggled.connect(self._tell)
            row.addWidget(box, 0, Qt.AlignmentFlag.AlignVCenter)

    @property
    def badges(self) -> Badges:
        """What is wanted."""
        return Badges(self.gradients.isChecked(), self.dead.isChecked(), self.activations.isChecked())

    def fit(self, available: int) -> None:
        """Leave out the title, and then use shorter words, where there is less room than all need, in px."""
        for titled, words in ((True, _WORDS), (False, _WORDS), (False, _BRIEF)):
            self._title.setVisible(titled)
            for box, text in zip(self._boxes, words, strict=True):
                box.setText(text)
            if self.minimumSizeHint().width() <= available:
                return

    def _tell(self) -> None:
        self.changed.emit()
