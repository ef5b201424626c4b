"""What the network receives."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.data.marked import Marked
from gui.document import Document


class Received(QWidget):
    """What becomes of the marked images, step by step."""

    def __init__(self, document: Document, marked: Marked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.marked = document, marked
