"""All keys and mouse gestures in one window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.action_table import all_specs
from gui.style import role

GESTURES = {
    "Move around": (
        ("Pan", "Wheel, middle drag, Space + drag, Ctrl + arrows"),
        ("Zoom at the pointer", "Ctrl + wheel"),
        ("Cancel", "Esc"),
    ),
    "Draw": (
        ("Add a layer", "Drag from Layers, or a port to empty space"),
        ("Insert in a wire", "Drop on the wire"),
        ("Connect", "Drag from port to port, or C"),
        ("Move a wire", "Drag its end away"),
        ("Select more", "Shift + click, or a box on empty canvas"),
        ("Select along wires", "Arrows; Shift + arrows extends"),
        ("Move the selection by 8 px", "Alt + arrows"),
        ("Copy without wires", "Alt + drag"),
        ("Edit the settings of the selection", "Enter; Esc returns"),
    ),
    "Number fields": (
        ("Step, ten steps", "Up and Down, with Shift"),
        ("Arithmetic", "64*2"),
        ("Rows and columns", "3x5"),
    ),
}


class ShortcutsWindow(QDialog):
    """Made from the table of commands, so nothing is missing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page = QWidget()
        columns = QHBoxLayout(page)
        columns.setContentsMargins(24, 24, 24, 24)
        columns.setSpacing(40)
        sections = [*_commands().items(), *GESTURES.items()]
        for part in _balanced(sections, 3):
            columns.addLayout(_column(part))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self.resize(1140, 740)


Section = tuple[str, tuple[tuple[str, str], ...]]


def _commands() -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for menu, spec in all_specs().values():
        keys = [QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in spec.keys]
        shown = ", ".join(keys) or spec.canvas_keys
        if shown:
            found.setdefault(menu.partition(" ›")[0], []).append((spec.text.removesuffix("…"), shown))
    return {menu: tuple(rows) for menu, rows in found.items()}


def _balanced(sections: list[Section], columns: int) -> list[list[Section]]:
    """Fill columns from left to right to about equal heights."""
    parts: list[list[Section]] = [[]]
    each = sum(len(rows) + 2 for _, rows in sections) / columns
    height = 0.0
    for title, rows in sections:
        if height + len(rows) / 2 > each * len(parts) and len(parts) < columns:
            parts.append([])
        parts[-1].append((title, rows))
        height += len(rows) + 2
    return parts


def _column(sections: list[Section]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(8)
    for title, rows in sections:
        heading = QLabel(title)
        role(heading, "heading")
        column.addWidget(heading)
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        for index, (words, keys) in enumerate(rows):
            for place, (text, name) in enumerate(((words, "small"), (keys, "label"))):
                label = QLabel(text)
                role(label, name)
                grid.addWidget(label, index, place)
        grid.setColumnStretch(0, 1)
        column.addLayout(grid)
        column.addSpacing(12)
    column.addStretch(1)
    return column
