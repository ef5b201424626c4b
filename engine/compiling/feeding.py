"""How a trained network wants its images, for whoever gets its source."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from engine.compiling.expressions import WIDTH, plain


@dataclass(frozen=True, slots=True)
class Feeding:
    """What a run trained on: images ``(C, H, W)``, mean and deviation a channel on 0 to 1, the classes in order."""

    shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    classes: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """The lines of a docstring; nothing in them can end it."""
        channels, height, width = self.shape
        order = "red, green, blue" if channels == 3 else "grey"
        yield f"Input: float32, N×{channels}×{height}×{width} ({order}; rows; columns), pixels from 0 to 1, then"
        yield f"(pixels - mean) / std a channel: mean {_numbers(self.mean)}, std {_numbers(self.std)}."
        if self.classes:
            named = ", ".join(f"{number} {plain(name)}" for number, name in enumerate(self.classes))
            yield from textwrap.wrap(f"Classes, in the order of the output: {named}.", WIDTH, break_on_hyphens=False)


def _numbers(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.6g}" for value in values)
