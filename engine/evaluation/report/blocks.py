"""What a report is made of, whatever file it becomes: sections of sentences, facts, tables, charts and images."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.evaluation.report.drawing import Drawing

Row: TypeAlias = Sequence[str]


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences; a ``note`` is one to be careful about."""

    text: str
    note: bool = False


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines to type, after a sentence that says what for."""

    text: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names, each with its value."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under titles; columns from ``numbers_from`` on hold numbers. ``caption`` says what it is."""

    caption: str
    titles: Row
    rows: Sequence[Row]
    numbers_from: int = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing under its ``caption``; ``words`` say what it shows to those who do not see it."""

    caption: str
    drawing: Drawing
    words: str


@dataclass(frozen=True, slots=True)
class Charts:
    """One or two charts side by side."""

    charts: Sequence[Chart]


@dataclass(frozen=True, slots=True)
class Photo:
    """An image as a PNG file with lines below it; ``words`` say what it is."""

    png: bytes
    lines: Sequence[str]
    words: str


@dataclass(frozen=True, slots=True)
class Photos:
    """Images side by side."""

    photos: Sequence[Photo]


Block: TypeAlias = Words | Commands | Facts | Table | Charts | Photos


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a title."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Report:
    """Sections under a title and a line below it."""

    title: str
    subtitle: str
    sections: Sequence[Section]


# What commands instead of being seen: controls, and marks that turn the direction of all the letters behind them.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def shown(text: str) -> str:
    """A text that may hold the names of files and classes, with whatever would not be seen by its number."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


def short(name: str, letters: int) -> str:
    """A name of so many letters at most, without its middle."""
    name = shown(name)
    return name if len(name) <= letters else f"{name[: letters - letters // 3 - 1]}…{name[-(letters // 3) :]}"
