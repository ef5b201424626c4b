"""Regularisation: make training harder so that what is learned holds on new images."""

from __future__ import annotations

from typing import ClassVar

from engine.choices.call import Call, module
from engine.families import Family
from engine.layers.base import Layer, register
from engine.layers.formula import Formula
from engine.layers.linear import FullyConnected
from engine.layers.settings import Count, Probability, setting
from engine.layers.shape import Shape
from engine.layers.sliding import changed
from engine.words import counted


class Dropping(Layer):
    """Sets part of what flows to 0 while training; in evaluation it does nothing."""

    family: ClassVar = Family.REGULARISATION
    keeps_shape: ClassVar = True
    hands_on: ClassVar = True
    fraction_setting: ClassVar = "p"
    fraction_symbol: ClassVar = "p"

    p: Probability = setting(0.5, "Probability", help="The share that is dropped.")

    def output_shape(self, x: Shape) -> Shape:
        return x

    def explain(self, x: Shape) -> list[Formula]:
        kept = f"x / (1 − {self.p:g})"
        return [Formula("y", (), kept, f"While training; 0 for {100 * self.p:g} % of the {self.dropped(x)}.")]

    def dropped(self, x: Shape) -> str:
        """What is dropped, in words."""
        return counted(x.elements, "value")

    def summary(self, *_: Shape) -> str:
        return f"p = {self.p:g}"


@register
class Dropout(Dropping):
    """Sets each value to 0 with probability p while training and scales the rest by 1/(1 − p) (Hinton et al. 2012).

    Before large fully connected layers. In evaluation it does nothing.
    """

    title: ClassVar = "Dropout"
    common: ClassVar = True
    aliases: ClassVar = ("drop",)
    stem: ClassVar = "dropout"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Dropout", p=self.p)


@register
class Dropout2d(Dropping):
    """Drops whole maps while training, as neighbouring pixels say much the same (Tompson et al. 2014)."""

    title: ClassVar = "Spatial dropout"
    aliases: ClassVar = ("dropout 2d", "map dropout", "drop channels")
    stem: ClassVar = "dropout"

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        return x

    def dropped(self, x: Shape) -> str:
        return counted(x.channels, "map")

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Dropout2d", p=self.p)


@register
class DropConnect(FullyConnected):
    """A fully connected layer that drops each weight, not each value, while training (Wan et al. 2013).

    In place of a Linear with dropout before it. In evaluation all weights count.
    """

    family: ClassVar = Family.REGULARISATION
    title: ClassVar = "DropConnect"
    aliases: ClassVar = ("drop connect", "drop weights")
    stem: ClassVar = "fc"
    width_setting: ClassVar = "out_features"
    fraction_setting: ClassVar = "p"
    fraction_symbol: ClassVar = "p"

    out_features: Count = setting(10, "Output features", unit="features")
    p: Probability = setting(0.5, "Probability", help="Share of the weights that are dropped.")
    bias: bool = setting(True, "Bias")

    def outputs(self) -> tuple[int, bool]:
        return self.out_features, self.bias

    def summary(self, *inputs: Shape) -> str:
        return f"{super().summary(*inputs)}, p = {self.p:g}"

    def call(self, x: Shape) -> Call:
        target = "engine.modules.dropconnect.DropConnectLinear"
        return module(target, x.elements, self.out_features, p=self.p, **changed(bias=(self.bias, True)))
