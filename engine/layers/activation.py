"""Activations: the nonlinearity that makes depth worth having."""

from __future__ import annotations

from typing import ClassVar

from engine.layers.base import Layer, register
from engine.layers.call import Call, module
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.shape import Shape


class Activation(Layer):
    """A function applied to each value; the shape stays."""

    family: ClassVar = Family.ACTIVATION
    keeps_shape: ClassVar = True
    formula: ClassVar[str]

    def output_shape(self, x: Shape) -> Shape:
        return x

    def explain(self, x: Shape) -> list[Formula]:
        return [Formula("y", (), self.formula, "Applied to every value; the shape stays.")]

    def summary(self, *_: Shape) -> str:
        return self.title

    def call(self, x: Shape) -> Call:
        return module(f"torch.nn.{type(self).__name__}")


@register
class ReLU(Activation):
    """max(0, x): keeps what is positive, so gradients do not shrink on the way back (Nair & Hinton 2010).

    The usual choice after a convolution or a batch norm.
    """

    title: ClassVar = "ReLU"
    aliases: ClassVar = ("rectifier", "rectified linear")
    stem: ClassVar = "relu"
    formula: ClassVar = "max(0, x)"


@register
class Tanh(Activation):
    """Squashes values between −1 and 1; its gradient fades for large values, as LeNet-5 could still bear."""

    title: ClassVar = "Tanh"
    aliases: ClassVar = ("hyperbolic tangent",)
    stem: ClassVar = "tanh"
    formula: ClassVar = "(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)"


@register
class Sigmoid(Activation):
    """Squashes values between 0 and 1; for gates and yes-or-no outputs, as deep stacks of it lose the gradient."""

    title: ClassVar = "Sigmoid"
    aliases: ClassVar = ("logistic",)
    stem: ClassVar = "sigmoid"
    formula: ClassVar = "1 / (1 + e⁻ˣ)"


@register
class Softmax(Activation):
    """Turns scores into probabilities that add up to 1: exp(zᵢ) / Σ exp(zⱼ), over features or at each pixel over maps.

    Cross-entropy takes the scores themselves, so a softmax before the output is left out while training.
    """

    title: ClassVar = "Softmax"
    aliases: ClassVar = ("probabilities", "classes")
    stem: ClassVar = "softmax"
    formula: ClassVar = "exp(xᵢ) / Σⱼ exp(xⱼ)"

    def explain(self, x: Shape) -> list[Formula]:
        over = "maps at each pixel" if x.is_map else "features"
        return [Formula("yᵢ", (), self.formula, f"Over the {x.channels} {over}; the shape stays.")]

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Softmax", dim=1)
