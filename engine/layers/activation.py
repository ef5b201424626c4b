"""Activations: the nonlinearity that makes depth worth having."""

from __future__ import annotations

from typing import ClassVar

from engine.layers.base import Layer, register
from engine.layers.call import Call, module
from engine.layers.family import Family
from engine.layers.shape import Shape


class Activation(Layer):
    """A function applied to each value; the shape stays."""

    family: ClassVar = Family.ACTIVATION
    keeps_shape: ClassVar = True

    def output_shape(self, x: Shape) -> Shape:
        return x


@register
class ReLU(Activation):
    """max(0, x): keeps what is positive, so gradients do not shrink on the way back (Nair & Hinton 2010)."""

    title: ClassVar = "ReLU"
    aliases: ClassVar = ("rectifier", "rectified linear")
    stem: ClassVar = "relu"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.ReLU")
