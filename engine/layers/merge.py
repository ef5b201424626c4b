"""Layers that bring several paths together."""

from __future__ import annotations

from typing import ClassVar

from engine.layers.base import Layer, ShapeMismatch, register
from engine.layers.call import Call, Inputs, function
from engine.layers.family import Family
from engine.layers.shape import Shape


@register
class Add(Layer):
    """Add equal shapes value by value, as a residual block adds its shortcut (He et al. 2015, eq. 1)."""

    family: ClassVar = Family.MERGE
    title: ClassVar = "Add"
    aliases: ClassVar = ("sum", "skip", "shortcut", "residual")
    stem: ClassVar = "add"
    palette_hint: ClassVar = "residual"
    variadic: ClassVar = True

    def output_shape(self, *inputs: Shape) -> Shape:
        for other in inputs[1:]:
            if other != inputs[0]:
                raise ShapeMismatch(
                    "inputs_differ",
                    f"Add needs equal shapes: one path is {inputs[0]}, another is {other}.",
                    short=f"{len(inputs)} inputs differ",
                )
        return inputs[0]

    def call(self, *inputs: Shape) -> Call:
        return function("torch.add", inputs=Inputs.FOLD)
