"""Pooling to a size that does not depend on the input's: one value a map, or a fixed grid."""

from __future__ import annotations

import math
from typing import ClassVar

from engine.choices.call import Call, module
from engine.families import Family
from engine.layers.base import Layer, register
from engine.layers.formula import Formula
from engine.layers.numbers import by
from engine.layers.reading import Cells, Reads
from engine.layers.settings import Size2, setting
from engine.layers.shape import Shape
from engine.layers.sliding import Pair, compact
from engine.layers.window import Window


class GridPool(Layer):
    """A grid of equal size from maps of any size; C stays."""

    family: ClassVar = Family.POOLING

    def grid(self) -> Pair:
        """Rows and columns that come out."""
        return (1, 1)

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        return Shape(x.channels, *self.grid())

    def window(self, x: Shape) -> Window | None:
        """The largest of the windows, which differ by one where the grid does not divide the map."""
        if not x.is_map:
            return None
        rows, columns = (_cells(size, count) for size, count in zip(x[1:], self.grid(), strict=True))
        return Window((rows[0], columns[0]), (rows[1], columns[1]))

    def readings(self, x: Shape) -> tuple[Reads]:
        rows, columns = (Cells(size, count) for size, count in zip(x[1:], self.grid(), strict=True))
        return (Reads(rows, columns),)

    def explain(self, x: Shape) -> list[Formula]:
        shape, window = self.output_shape(x), self.window(x)
        over = by(window.kernel) if window else ""
        note = f"Each value comes from up to {over} pixels of its map. C stays."
        return [Formula("H", (), str(shape.height), note), Formula("W", (), str(shape.width))]


def _cells(size: int, count: int) -> Pair:
    """Length of the longest cell, and the distance between cells, when ``count`` cells cover ``size`` lines.

    Cell i runs from ⌊i·size/count⌋ to ⌈(i + 1)·size/count⌉; i·size mod count is at most count − gcd(size, count).
    """
    longest = -(-(size + count - math.gcd(size, count)) // count)
    return longest, max(1, size // count)


@register
class GlobalAvgPool(GridPool):
    """The mean of each whole map (Lin et al. 2013, section 3.2).

    In place of large fully connected layers at the end: no parameters, and it takes maps of any size.
    """

    title: ClassVar = "Global average pool"
    common: ClassVar = True
    aliases: ClassVar = ("gap", "global pooling")
    stem: ClassVar = "avgpool"

    def summary(self, *_: Shape) -> str:
        return "global average, 1×1"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.AdaptiveAvgPool2d", 1)


@register
class GlobalMaxPool(GridPool):
    """The largest value of each whole map: whether a feature is anywhere in the image."""

    title: ClassVar = "Global max pool"
    aliases: ClassVar = ("gmp",)
    stem: ClassVar = "maxpool"

    def summary(self, *_: Shape) -> str:
        return "global max, 1×1"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.AdaptiveMaxPool2d", 1)


@register
class AdaptiveAvgPool2d(GridPool):
    """Means over a grid of a given size, whatever the input's: fixes what a Linear after it gets."""

    title: ClassVar = "Adaptive average pool"
    aliases: ClassVar = ("adaptive", "fixed size", "spatial pyramid")
    stem: ClassVar = "avgpool"
    size_setting: ClassVar = "output_size"

    output_size: Size2 = setting((7, 7), "Output size", unit="px")

    def grid(self) -> Pair:
        return self.output_size

    def summary(self, *_: Shape) -> str:
        return f"average to {by(self.output_size)}"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.AdaptiveAvgPool2d", compact(self.output_size))


@register
class AdaptiveMaxPool2d(GridPool):
    """Maxima over a grid of a given size, whatever the input's."""

    title: ClassVar = "Adaptive max pool"
    aliases: ClassVar = ("adaptive", "fixed size", "roi pool")
    stem: ClassVar = "maxpool"
    size_setting: ClassVar = "output_size"

    output_size: Size2 = setting((7, 7), "Output size", unit="px")

    def grid(self) -> Pair:
        return self.output_size

    def summary(self, *_: Shape) -> str:
        return f"max to {by(self.output_size)}"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.AdaptiveMaxPool2d", compact(self.output_size))
