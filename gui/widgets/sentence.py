"""Words that wrap."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QLabel, QWidget

_PART = 16  # letters of a name that stand in one line
_PLACES = re.compile(rf"([_/\\]|[-.](?=[^\W\d_])|[^\W_]{{{_PART}}})(?=[^\W_])")
_MAY_BREAK = "\u200b"


class Sentence(QLabel):
    """A label that wraps long names too, between their parts: another would be as wide as the longest of them."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        super().setText(_PLACES.sub(rf"\1{_MAY_BREAK}", text))

    def text(self) -> str:
        return self._text
