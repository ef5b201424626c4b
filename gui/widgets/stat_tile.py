"""One figure that is watched: its name, the figure large, a note below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from gui.style.style import role
from gui.widgets.elided_label import ElidedLabel


class StatTile(QFrame):
    """``Validation accuracy / 92.9 % / best 94.1, epoch 14``."""

    def __init__(self, caption: str, parent: QWidget | None = None, *, framed: bool = True) -> None:
        super().__init__(parent)
        role(self, "raised" if framed else "panel")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # tiles share a row evenly
        self._caption = caption
        self._figure, self._note = ElidedLabel(), ElidedLabel()
        self._name = ElidedLabel(caption)
        role(self._name, "caption")
        role(self._figure, "figure" if framed else "display")
        role(self._note, "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(*((10, 10, 8, 10) if framed else (0, 4, 0, 4)))
        column.setSpacing(2)
        for label in (self._name, self._figure, self._note):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)

    def show_caption(self, caption: str) -> None:
        """Call the figure something else."""
        self._caption = caption
        self._name.setText(caption)

    def show_figure(self, figure: str, note: str = "", *, warns: bool = False) -> None:
        """Show a figure and its note, the note in the warning colour if it ``warns``."""
        self._figure.setText(figure)
        self._note.setText(note)
        role(self._note, "caption-warning" if warns else "caption")
        self.setToolTip(f"{self._caption} {figure}. {note}")
        self.setAccessibleName(self.toolTip())
