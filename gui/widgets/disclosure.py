"""A line that unfolds what stands below it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from gui.style.appearance import appearance
from gui.style.style import mark
from gui.widgets import layouts


class Disclosure(QWidget):
    """Folded at first; ``body_layout`` takes what it unfolds. Its words stand ``indent`` px from the left."""

    def __init__(self, title: str, parent: QWidget | None = None, *, indent: int = 0) -> None:
        super().__init__(parent)
        self.button = QToolButton()
        self.button.setText(title)
        self.button.setFont(appearance().font(12))
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        mark(self.button, "role", "disclosure")
        self.body = QWidget()
        self.body.hide()
        self.body_layout = layouts.column(self.body)
        head = layouts.row()
        head.addSpacing(indent)
        head.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layouts.column(self, head, self.body)
        self.button.toggled.connect(self.body.setVisible)
        self.button.toggled.connect(self._show_arrow)
        appearance().changed.connect(self._show_arrow)
        self._show_arrow()

    def _show_arrow(self) -> None:
        unfolded = self.button.isChecked()
        self.button.setIcon(appearance().icon("mdi6.chevron-down" if unfolded else "mdi6.chevron-right"))
