"""How a trained network wants its images, for whoever gets its source."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from engine.compiling.expressions import WIDTH, plain


@dataclass(frozen=True, slots=True)
class Feeding:
    """What a run trained on: images ``(C, H, W)``, mean and deviation a channel on 0 to 1, the classes in order.

    ``intensities`` are the values that become 0 and 1 in images of more than 8 bits, for each depth, "16 bits".
    """

    shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    classes: tuple[str, ...]
    intensities: tuple[tuple[str, float, float], ...] = ()

    def lines(self) -> Iterator[str]:
        """The lines of a docstring; nothing in them can end it."""
        channels, height, width = self.shape
        order = "red, green, blue" if channels == 3 else "grey"
        yield f"Input: float32, N×{channels}×{height}×{width} ({order}; rows; columns), pixels from 0 to 1, then"
        yield f"(pixels - mean) / std a channel: mean {_numbers(self.mean)}, std {_numbers(self.std)}."
        for depth, low, high in self.intensities:
            black, white = _number(low), _number(high)
            yield f"Of images of {depth}, {black} becomes 0 and {white} becomes 1; what lies beyond is clipped."
        if self.classes:
            named = ", ".join(f"{number} {plain(name)}" for number, name in enumerate(self.classes))
            yield from textwrap.wrap(f"Classes, in the order of the output: {named}.", WIDTH, break_on_hyphens=False)


def _numbers(values: tuple[float, ...]) -> str:
    return ", ".join(map(_number, values))


def _number(value: float) -> str:
    return f"{value:.6g}"
