"""A label with room around its words."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QWidget


class InsetLabel(QLabel):
    """Words that wrap, so many px from the left, the top, the right and the bottom.

    Any other label lets go of its margins where a theme changes while it has less room than they take, as unseen ones.
    """

    _inset = (0, 0, 0, 0)

    def __init__(self, text: str = "", *, inset: tuple[int, int, int, int], parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._inset = inset
        self.setWordWrap(True)
        self.setContentsMargins(*inset)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.setContentsMargins(*self._inset)
