"""Python in colours made from the theme's tokens."""

from __future__ import annotations

import builtins
import keyword
import re

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from gui.style.appearance import appearance
from gui.style.theme import Theme

_KINDS = re.compile(
    "|".join(
        f"(?P<{kind}>{pattern})"
        for kind, pattern in {
            "comment": r"#.*",
            "string": r"[rbfRBF]{0,2}(?:\"\"\"|'''|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')",
            "number": r"\b\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?\b",
            "definition": r"(?<=\bclass )\w+|(?<=\bdef )\w+",
            "decorator": r"^\s*@[\w.]+",
            "word": r"\b[A-Za-z_]\w*\b",
        }.items()
    )
)
_KEYWORDS = frozenset(keyword.kwlist)
_BUILTINS = frozenset(dir(builtins)) | {"self"}
_IN_TEXT = 1  # block state: inside a triple-quoted string


class PythonHighlighter(QSyntaxHighlighter):
    """Colours comments, strings, numbers, keywords and definitions; the colours are the run colours of charts."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats = _formats(appearance().theme)
        appearance().changed.connect(self._retheme)

    def highlightBlock(self, text: str) -> None:
        start = self._finish_text(text)
        for match in _KINDS.finditer(text, start):
            kind = _kind_of(match)
            if kind in self._formats:
                self.setFormat(match.start(), len(match.group()), self._formats[kind])
            if match.group().endswith(('"""', "'''")) and len(match.group()) < 6:
                self._open_text(text, match.start())
                return

    def _finish_text(self, text: str) -> int:
        """Colour the rest of a string from the lines above; return where code begins again."""
        self.setCurrentBlockState(0)
        if self.previousBlockState() != _IN_TEXT:
            return 0
        end = text.find('"""')
        length = len(text) if end < 0 else end + 3
        self.setFormat(0, length, self._formats["string"])
        self.setCurrentBlockState(_IN_TEXT if end < 0 else 0)
        return length

    def _open_text(self, text: str, start: int) -> None:
        end = text.find(text[start:].lstrip("rbfRBF")[:3], start + 3)
        length = len(text) - start if end < 0 else end + 3 - start
        self.setFormat(start, length, self._formats["string"])
        self.setCurrentBlockState(_IN_TEXT if end < 0 else 0)

    def _retheme(self) -> None:
        self._formats = _formats(appearance().theme)
        self.rehighlight()


def _kind_of(match: re.Match[str]) -> str:
    if match.lastgroup != "word":
        return str(match.lastgroup)
    word = match.group()
    return "keyword" if word in _KEYWORDS else "builtin" if word in _BUILTINS else ""


def _formats(theme: Theme) -> dict[str, QTextCharFormat]:
    blue, amber, violet, green, pink, _ = theme.runs
    colours = {
        "comment": theme.muted,
        "string": green,
        "number": amber,
        "keyword": violet,
        "builtin": pink,
        "definition": blue,
        "decorator": pink,
    }
    formats = {kind: QTextCharFormat() for kind in colours}
    for kind, colour in colours.items():
        formats[kind].setForeground(QColor(colour))
    formats["comment"].setFontItalic(True)
    return formats
