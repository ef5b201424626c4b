"""The letters of a PDF file: fonts of the program, and for Chinese, Japanese and Korean those of whoever opens it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import groupby

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from engine.evaluation.report.blocks import shown

TEXT, CODE = "Inter", "JetBrains Mono"
_FILES = {
    TEXT: ("fontpkg_inter", "Inter[opsz,wght].ttf"),
    CODE: ("fontpkg_jetbrains_mono", "JetBrainsMono[wght].ttf"),
}
_SIMPLIFIED, _TRADITIONAL = ("STSong-Light", "gbk"), ("MSung-Light", "big5")
_JAPANESE, _KOREAN = ("HeiseiKakuGo-W5", "cp932"), ("HYGothic-Medium", "cp949")
_KANA, _HANGUL = re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")

Run = tuple[str, str]
"""A font, and letters of a text that stand in a row in it."""


@cache
def embedded(name: str) -> TTFont:
    """One of the two fonts of the program, which a file takes along."""
    package, file = _FILES[name]
    font = TTFont(name, str(files(package) / "files" / file))
    pdfmetrics.registerFont(font)
    return font


def runs(text: str, font: str) -> list[Run]:
    """A text that may hold any names, font by font; letters that none has stand there by their numbers."""
    text = shown(text)
    others = _eastern(text)
    found = (_run(letter, font, others) for letter in text)
    return [(one, "".join(letters for _, letters in some)) for one, some in groupby(found, key=lambda run: run[0])]


def width_of(text: str, font: str, size: float) -> float:
    """How wide a text is, in points."""
    return float(sum(stringWidth(letters, one, size) for one, letters in runs(text, font)))


def _run(letter: str, font: str, others: tuple[tuple[str, str], ...]) -> Run:
    if ord(letter) in embedded(font).face.charToGlyph:
        return font, letter
    eastern = next((name for name, codec in others if _has(codec, letter)), "")
    if not eastern:
        return font, f"[U+{ord(letter):04X}]"
    _by_reader(eastern)
    return eastern, letter


def _eastern(text: str) -> tuple[tuple[str, str], ...]:
    """Fonts with what they can write, those first in whose language a text seems to be."""
    first = _JAPANESE if _KANA.search(text) else _KOREAN if _HANGUL.search(text) else _SIMPLIFIED
    return (first, *(one for one in (_SIMPLIFIED, _TRADITIONAL, _JAPANESE, _KOREAN) if one is not first))


@cache
def _by_reader(name: str) -> None:
    """Let a font be used that the file names alone."""
    pdfmetrics.registerFont(UnicodeCIDFont(name))


def _has(codec: str, letter: str) -> bool:
    try:
        return len(letter.encode(codec)) > 1
    except UnicodeEncodeError:
        return False
