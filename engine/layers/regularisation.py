"""Regularisation: make training harder so that what is learned holds on new images."""

from __future__ import annotations

from typing import ClassVar

from engine.layers.base import Layer, register
from engine.layers.call import Call, module
from engine.layers.family import Family
from engine.layers.numbers import decimal
from engine.layers.settings import Probability, setting
from engine.layers.shape import Shape


@register
class Dropout(Layer):
    """Sets each value to 0 with probability p while training and scales the rest by 1/(1 − p) (Hinton et al. 2012).

    Before large fully connected layers. In evaluation it does nothing.
    """

    family: ClassVar = Family.REGULARISATION
    title: ClassVar = "Dropout"
    aliases: ClassVar = ("drop",)
    stem: ClassVar = "dropout"
    keeps_shape: ClassVar = True

    p: Probability = setting(0.5, "Probability", help="Share of the values that are dropped.")

    def output_shape(self, x: Shape) -> Shape:
        return x

    def summary(self, *_: Shape) -> str:
        return f"p = {decimal(self.p)}"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Dropout", p=self.p)
