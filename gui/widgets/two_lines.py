"""Two lines of words, one above the other, in the middle of the height they have."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout


def two_lines(first: QLabel, second: QLabel) -> QVBoxLayout:
    """The layout of a main line and the smaller one below it."""
    lines = QVBoxLayout()
    lines.setSpacing(2)
    lines.addStretch(1)
    lines.addWidget(first)
    lines.addWidget(second)
    lines.addStretch(1)
    return lines
