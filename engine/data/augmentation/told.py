"""What a step drew for an image, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from engine.words import number_text

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Told:
    """A few words, line by line; ``doubtful`` if what the image shows may be lost.

    ``names`` are those of the drawn values that the lines tell, where a single one may be doubtful.
    """

    lines: tuple[str, ...]
    doubtful: bool = False
    names: tuple[str, ...] = ()

    @classmethod
    def of_numbers(cls, values: Mapping[str, np.generic]) -> Self:
        """The values that are single numbers, by their names."""
        numbers = {name: value for name, value in values.items() if not getattr(value, "shape", ())}
        return cls(tuple(f"{name.replace('_', ' ')} {number_text(float(value), 2)}" for name, value in numbers.items()))


def share(part: float) -> str:
    """A part of a whole: "62 %"."""
    return f"{round(100 * float(part))} %"


def signed_share(part: float) -> str:
    """A part of a whole that may be less than nothing: "+5 %", "−12 %"."""
    return f"{number_text(100 * float(part), 0) if part < 0 else f'+{100 * part:.0f}'} %"


def degrees(angle: float) -> str:
    """An angle with its sign: "+11.4°"."""
    return f"{signed(angle, 1)}°"


def signed(number: float, decimals: int) -> str:
    """A number with its sign: "+0.12", "−3.00"."""
    text = number_text(float(number), decimals)
    return text if text.startswith("\u2212") else f"+{text}"


def factor(times: float) -> str:
    """A factor: "×1.14"."""
    return f"×{float(times):.2f}"
