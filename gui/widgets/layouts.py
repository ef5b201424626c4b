"""What layouts lack."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from gui.widgets.steady import SteadyArea

_Box = TypeVar("_Box", bound=QBoxLayout)


def column(parent: QWidget | None = None, *parts: QWidget | QLayout, spacing: int | None = 0) -> QVBoxLayout:
    """The parts below each other, without margins, in ``parent``; ``spacing`` None is that of the style."""
    box = QVBoxLayout() if parent is None else QVBoxLayout(parent)
    return _filled(box, parts, spacing)


def row(parent: QWidget | None = None, *parts: QWidget | QLayout, spacing: int | None = 0) -> QHBoxLayout:
    """The parts beside each other, without margins, in ``parent``; ``spacing`` None is that of the style."""
    box = QHBoxLayout() if parent is None else QHBoxLayout(parent)
    return _filled(box, parts, spacing)


def scrolling(page: QWidget, *, sideways: bool = False) -> QScrollArea:
    """A frameless area as wide as there is room, in which a page scrolls up and down, or ``sideways`` too."""
    area = SteadyArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    if not sideways:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area


def clear(layout: QLayout) -> None:
    """Take all widgets out of a layout and let go of them."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def _filled(box: _Box, parts: tuple[QWidget | QLayout, ...], spacing: int | None) -> _Box:
    box.setContentsMargins(0, 0, 0, 0)
    if spacing is not None:
        box.setSpacing(spacing)
    for part in parts:
        if isinstance(part, QWidget):
            box.addWidget(part)
        else:
            box.addLayout(part)
    return box
