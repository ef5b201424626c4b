"""Fully connected layers."""

from __future__ import annotations

from typing import ClassVar

from engine.layers.base import Layer, ShapeMismatch, register
from engine.layers.call import Call, module
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.settings import Count, setting
from engine.layers.shape import Shape


@register
class Linear(Layer):
    """Connect every input feature to every output feature: y = Wx + b."""

    family: ClassVar = Family.LINEAR
    title: ClassVar = "Linear"
    aliases: ClassVar = ("fc", "dense", "fully connected", "affine")
    stem: ClassVar = "fc"

    out_features: Count = setting(10, "Output features", unit="features")
    bias: bool = setting(True, "Bias")

    def output_shape(self, x: Shape) -> Shape:
        if not x.is_vector:
            raise ShapeMismatch(
                "needs_vector",
                f"Linear needs a vector, but it gets a {x} map.",
                hint=f"Flatten turns {x} into {x.elements} features (no parameters).",
                short="needs a vector",
            )
        return Shape(self.out_features)

    def parameter_count(self, x: Shape) -> int:
        return x.elements * self.out_features + self.out_features * self.bias

    def multiply_adds(self, x: Shape) -> int:
        return x.elements * self.out_features

    def explain(self, x: Shape) -> list[Formula]:
        weights = f"{x.elements}·{self.out_features}"
        return [
            Formula("Parameters", (weights + f" + {self.out_features}" * self.bias,), f"{self.parameter_count(x)}"),
            Formula("MACs", (weights,), f"{self.multiply_adds(x)}"),
        ]

    def summary(self, *inputs: Shape) -> str:
        source = f"{inputs[0].elements} → " if inputs and inputs[0].is_vector else ""
        return f"{source}{self.out_features} features" + ("" if self.bias else ", no bias")

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Linear", x.elements, self.out_features, bias=self.bias)
