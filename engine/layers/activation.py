"""Activations: the nonlinearity that makes depth worth having."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from engine.choices.call import Call, module
from engine.families import Family
from engine.layers.base import Layer, register
from engine.layers.formula import Formula
from engine.layers.settings import setting
from engine.layers.shape import Shape
from engine.words import counted


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
    common: ClassVar = True
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
    has_limits: ClassVar = True


@register
class Sigmoid(Activation):
    """Squashes values between 0 and 1; for gates and yes-or-no outputs, as deep stacks of it lose the gradient."""

    title: ClassVar = "Sigmoid"
    common: ClassVar = True
    aliases: ClassVar = ("logistic",)
    stem: ClassVar = "sigmoid"
    formula: ClassVar = "1 / (1 + e⁻ˣ)"
    has_limits: ClassVar = True
    decides: ClassVar = True


@register
class Softmax(Activation):
    """Turns scores into probabilities that add up to 1: exp(zᵢ) / Σ exp(zⱼ), over features or at each pixel over maps.

    Cross-entropy takes the scores themselves, so a softmax before the output is left out while training.
    """

    title: ClassVar = "Softmax"
    common: ClassVar = True
    aliases: ClassVar = ("probabilities", "classes")
    stem: ClassVar = "softmax"
    formula: ClassVar = "exp(xᵢ) / Σⱼ exp(xⱼ)"
    has_limits: ClassVar = True
    gives_probabilities: ClassVar = True

    def explain(self, x: Shape) -> list[Formula]:
        over = f"{counted(x.channels, 'map')} at each pixel" if x.is_map else x.said
        return [Formula("yᵢ", (), self.formula, f"Over the {over}; the shape stays.")]

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Softmax", dim=1)


@register
class ThresholdUnit(Activation):
    """1 where the weighted sum is above 0, else 0: the neuron that fires or not (McCulloch & Pitts 1943).

    It has no gradient. At the end of a network, binary cross-entropy leaves it out while training.
    """

    title: ClassVar = "Threshold unit"
    aliases: ClassVar = ("threshold", "step function", "heaviside")
    stem: ClassVar = "threshold"
    formula: ClassVar = "1 for x > 0, else 0"
    has_limits: ClassVar = True
    decides: ClassVar = True
    has_gradient: ClassVar = False

    def call(self, x: Shape) -> Call:
        return module("engine.modules.activation.ThresholdUnit")


@register
class ScaledTanh(Activation):
    """LeCun's 1.7159·tanh(2x/3): ±1 stays ±1, where the curve bends most (LeCun et al. 1998, appendix A).

    LeNet-5 uses it with targets of ±1; elsewhere Tanh or ReLU do as well.
    """

    title: ClassVar = "Scaled tanh"
    aliases: ClassVar = ("lecun tanh", "squashing")
    stem: ClassVar = "tanh"
    formula: ClassVar = "1.7159·tanh(2x/3)"
    has_limits: ClassVar = True

    def call(self, x: Shape) -> Call:
        return module("engine.modules.activation.ScaledTanh")


@register
class Identity(Activation):
    """Gives what it gets: a place to look at, or to put something later."""

    title: ClassVar = "Identity"
    aliases: ClassVar = ("none", "linear activation", "pass")
    stem: ClassVar = "identity"
    formula: ClassVar = "x"
    hands_on: ClassVar = True


@register
class LeakyReLU(Activation):
    """A ReLU that lets a little of what is negative through, so that no unit dies (Maas et al. 2013)."""

    title: ClassVar = "Leaky ReLU"
    aliases: ClassVar = ("lrelu",)
    stem: ClassVar = "relu"
    formula: ClassVar = "max(0, x) + a·min(0, x)"
    fraction_setting: ClassVar = "negative_slope"

    negative_slope: Annotated[float, Field(ge=0, le=1)] = setting(0.01, "Negative slope")

    def summary(self, *_: Shape) -> str:
        return f"Leaky ReLU, {self.negative_slope:g}"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.LeakyReLU", self.negative_slope)


@register
class ELU(Activation):
    """A ReLU whose negative side bends to −α, so that the mean stays near 0 (Clevert et al. 2015)."""

    title: ClassVar = "ELU"
    aliases: ClassVar = ("exponential linear",)
    stem: ClassVar = "elu"
    formula: ClassVar = "x for x > 0, else α·(eˣ − 1)"
    fraction_setting: ClassVar = "alpha"

    alpha: Annotated[float, Field(gt=0, le=100)] = setting(1.0, "Alpha α")

    def call(self, x: Shape) -> Call:
        return module("torch.nn.ELU", self.alpha)


@register
class GELU(Activation):
    """x times the chance that a standard normal value is below x: a smooth ReLU (Hendrycks & Gimpel 2016)."""

    title: ClassVar = "GELU"
    aliases: ClassVar = ("gaussian error linear",)
    stem: ClassVar = "gelu"
    formula: ClassVar = "x·Φ(x)"


@register
class SiLU(Activation):
    """x times its sigmoid: a smooth ReLU that dips below 0 (Elfwing et al. 2017), also known as swish."""

    title: ClassVar = "SiLU"
    aliases: ClassVar = ("swish",)
    stem: ClassVar = "silu"
    formula: ClassVar = "x / (1 + e⁻ˣ)"


@register
class Hardswish(Activation):
    """SiLU in straight lines, cheap on telephones (Howard et al. 2019, MobileNetV3)."""

    title: ClassVar = "Hardswish"
    aliases: ClassVar = ("hard swish", "h-swish")
    stem: ClassVar = "hardswish"
    formula: ClassVar = "x·min(max(x + 3, 0), 6) / 6"
