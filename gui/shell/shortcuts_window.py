"""All keys and mouse gestures in one window."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QWidget

from gui.registry.commands import Command, commands_in, native, top_menus
from gui.style.style import role
from gui.widgets import layouts

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
        ("Move into a block", "Drag onto its frame"),
        ("Move out of its block", "Ctrl + drag"),
        ("Edit the settings of the selection", "Enter; Esc returns"),
    ),
    "Curves": (
        ("Zoom", "Wheel, or drag over a range; + and −"),
        ("Move along", "Shift + wheel, Shift + arrows"),
        ("Show all", "Double click, 0, Esc"),
        ("Read off", "Arrows, Home and End"),
    ),
    "Number fields": (
        ("Step, ten steps", "Up and Down, with Shift"),
        ("Arithmetic", "64*2"),
        ("Rows and columns", "3x5"),
    ),
}


class ShortcutsWindow(QDialog):
    """Made from the commands that are declared, so nothing is missing."""

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
        layouts.column(self, layouts.scrolling(page, sideways=True))
        self.resize(1200, 780)


Section = tuple[str, tuple[tuple[str, str], ...]]


def _commands() -> dict[str, tuple[tuple[str, str], ...]]:
    found = {menu.text: tuple(_rows(command for _, command in commands_in(menu))) for menu in top_menus()}
    return {menu: rows for menu, rows in found.items() if rows}


def _rows(commands: Iterable[Command]) -> Iterator[tuple[str, str]]:
    for command in commands:
        if command.shown_keys:
            yield command.text.removesuffix("…"), ", ".join(map(native, command.keys)) or command.shown_keys[0]


def _balanced(sections: list[Section], columns: int) -> list[list[Section]]:
    """Sections in their order in columns, the longest as short as can be."""
    breaks = itertools.combinations(range(1, len(sections)), columns - 1)
    splits = ([sections[a:b] for a, b in itertools.pairwise((0, *ends, len(sections)))] for ends in breaks)
    return min(splits, key=lambda parts: max(sum(len(rows) + 2 for _, rows in part) for part in parts))


def _column(sections: list[Section]) -> QGridLayout:
    """One grid, so that all keys of a column begin at one line."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    for title, rows in sections:
        top = grid.rowCount()
        grid.addWidget(_label(title, "heading"), top, 0, 1, 2)
        for line, (words, keys) in enumerate(rows, start=top + 1):
            grid.addWidget(_label(words, "small"), line, 0)
            grid.addWidget(_label(keys, "label"), line, 1)
        grid.setRowMinimumHeight(grid.rowCount(), 16)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    role(label, name)
    return label
