"""Fully connected layers."""

from __future__ import annotations

from typing import ClassVar

from engine.layers.base import Layer, register
from engine.layers.call import Call, module
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.numbers import brief, thousands
from engine.layers.settings import Count, setting
from engine.layers.shape import Shape


@register
class Linear(Layer):
    """Connect every input feature to every output feature: y = Wx + b.

    Use it at the end, where features become class scores; on large maps it costs too much.
    """

    family: ClassVar = Family.LINEAR
    title: ClassVar = "Linear"
    aliases: ClassVar = ("fc", "dense", "fully connected", "affine")
    stem: ClassVar = "fc"

    out_features: Count = setting(10, "Output features", unit="features")
    bias: bool = setting(True, "Bias")

    def output_shape(self, x: Shape) -> Shape:
        self.require_vector(x)
        return Shape(self.out_features)

    def parameter_count(self, x: Shape) -> int:
        return x.elements * self.out_features + self.out_features * self.bias

    def multiply_adds(self, x: Shape) -> int:
        return x.elements * self.out_features

    def explain(self, x: Shape) -> list[Formula]:
        self.require_vector(x)
        weights = f"{x.elements}·{self.out_features}"
        return [
            Formula(
                "Parameters", (weights + f" + {self.out_features}" * self.bias,), thousands(self.parameter_count(x))
            ),
            Formula("MACs", (weights,), brief(self.multiply_adds(x))),
        ]

    def summary(self, *inputs: Shape) -> str:
        source = f"{thousands(inputs[0].elements)} → " if inputs and inputs[0].is_vector else ""
        return f"{source}{thousands(self.out_features)} features" + ("" if self.bias else ", no bias")

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Linear", x.elements, self.out_features, bias=self.bias)
