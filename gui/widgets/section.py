"""A titled part of a panel."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.style.style import role
from gui.widgets import layouts

MARGIN = 16


class Section(QWidget):
    """A heading with a line above it, and perhaps a caption at its right; ``body`` takes the rest."""

    def __init__(self, title: str, parent: QWidget | None = None, *, caption: str = "") -> None:
        super().__init__(parent)
        self.heading = QLabel(title)
        role(self.heading, "heading")
        self.body = QVBoxLayout()
        self.body.setSpacing(0)
        self.body.setContentsMargins(MARGIN, 12, MARGIN, 14)
        head = layouts.row(None, self.heading)
        self.caption = QLabel(caption, self)
        self.caption.setVisible(bool(caption))
        role(self.caption, "caption")
        if caption:
            head.addStretch(1)
            head.addWidget(self.caption)
        self.body.addLayout(head)
        self.body.addSpacing(8)
        layouts.column(self, separator(), self.body)


def separator() -> QWidget:
    """A 1 px line."""
    line = QWidget()
    line.setFixedHeight(1)
    role(line, "line")
    return line
