"""Pooling over whole maps: one value a map, whatever its size."""

from __future__ import annotations

from typing import ClassVar

from engine.layers.base import Layer, register
from engine.layers.call import Call, module
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.shape import Shape
from engine.layers.window import Window


class GlobalPool(Layer):
    """One value for each whole map: C×H×W becomes C×1×1."""

    family: ClassVar = Family.POOLING

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        return Shape(x.channels, 1, 1)

    def window(self, x: Shape) -> Window | None:
        return Window((x.height, x.width)) if x.is_map else None

    def explain(self, x: Shape) -> list[Formula]:
        self.require_map(x)
        note = f"Each map's {x.height}·{x.width} values become one. C stays."
        return [Formula("H", (), "1", note), Formula("W", (), "1")]


@register
class GlobalAvgPool(GlobalPool):
    """The mean of each whole map (Lin et al. 2013, section 3.2).

    In place of large fully connected layers at the end: no parameters, and it takes maps of any size.
    """

    title: ClassVar = "Global average pool"
    aliases: ClassVar = ("gap", "adaptive average", "global pooling")
    stem: ClassVar = "avgpool"

    def summary(self, *_: Shape) -> str:
        return "global average, 1×1"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.AdaptiveAvgPool2d", 1)
