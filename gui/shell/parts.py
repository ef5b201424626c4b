"""F6: the keyboard goes round the parts of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def focus_next(parts: Sequence[QWidget], focus: QWidget | None, step: int) -> None:
    """Move the keyboard on by ``step`` from the part that has it, to the next that takes it."""
    seen = [part for part in parts if part.isVisible()]
    here = next((i for i, part in enumerate(seen) if focus is not None and part.isAncestorOf(focus)), -step)
    for offset in range(1, len(seen) + 1):
        target = _first_focus(seen[(here + step * offset) % len(seen)])
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            return


def _first_focus(part: QWidget) -> QWidget | None:
    """The first widget in a part of the window that takes the keyboard by Tab."""
    return next(
        (
            widget
            for widget in part.findChildren(QWidget)
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ),
        None,
    )
