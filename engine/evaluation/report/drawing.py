"""Charts as a few shapes in px, which a page and a printed file draw alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Ink: TypeAlias = Literal["text", "muted", "line", "right", "wrong", "one", "two", "three", "four", "five"]
"""What a shape is drawn with; which colour that is, depends on the paper."""

Anchor: TypeAlias = Literal["start", "middle", "end"]
Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle; ``strength`` 0 to 1 is how much of it covers the paper."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink
    strength: float = 1.0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, ``dashes`` px long if there are any."""

    points: Sequence[Point]
    ink: Ink
    width: float = 1.0
    dashes: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """Letters whose base line begins, ends or has its middle at a point; ``turned`` ones run upwards."""

    x: float
    y: float
    text: str
    size: float = 11.0
    ink: Ink = "text"
    anchor: Anchor = "start"
    turned: bool = False


Shape: TypeAlias = Bar | Stroke | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a sheet, the first at the back; y grows downwards."""

    width: float
    height: float
    shapes: Sequence[Shape]


COLOURS: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#15181c"),
    "text": ("#1b1f24", "#e6e9ed"),
    "muted": ("#57606a", "#9aa4af"),
    "line": ("#d0d7de", "#39404a"),
    "soft": ("#f6f8fa", "#1d2126"),
    "right": ("#0969da", "#4c9aff"),
    "wrong": ("#bc4c00", "#ff9d5c"),
    "one": ("#0969da", "#4c9aff"),
    "two": ("#bc4c00", "#ff9d5c"),
    "three": ("#1a7f37", "#4fc46b"),
    "four": ("#8250df", "#b794ff"),
    "five": ("#bf3989", "#ff8cc6"),
}
"""Colours on light and on dark paper."""
