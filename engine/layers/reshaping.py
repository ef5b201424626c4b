"""Layers that only rearrange values."""

from __future__ import annotations

from typing import ClassVar

from engine.layers.base import Layer, register
from engine.layers.call import Call, module
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.numbers import by, thousands
from engine.layers.shape import Shape


@register
class Flatten(Layer):
    """Lay all maps out as one vector, row by row: needed before a Linear layer."""

    family: ClassVar = Family.SHAPE
    title: ClassVar = "Flatten"
    aliases: ClassVar = ("vector", "reshape")
    stem: ClassVar = "flatten"

    def output_shape(self, x: Shape) -> Shape:
        return Shape(x.elements)

    def explain(self, x: Shape) -> list[Formula]:
        return [Formula("Features", (by(x).replace("×", "·"),), thousands(x.elements))]

    def summary(self, *inputs: Shape) -> str:
        return f"{inputs[0]} → {thousands(inputs[0].elements)}" if inputs else "map to vector"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Flatten")
