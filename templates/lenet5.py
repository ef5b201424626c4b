"""LeNet-5, the network that read cheques, in the forms it is taught in."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.errors import LayerloomError
from engine.layers.activation import ReLU, ScaledTanh, Tanh
from engine.layers.connection_table import PartiallyConnectedConv2d
from engine.layers.linear import RBFOutput
from engine.layers.other_pooling import Subsampling2d
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import average_pool, conv, fc, max_pool


@template(
    title="LeNet-5",
    year=1998,
    authors="Y. LeCun, L. Bottou, Y. Bengio, P. Haffner",
    paper="Gradient-based learning applied to document recognition",
    idea="Learned kernels, shared over the image, with pooling between them.",
)
def lenet5(
    *,
    variant: Literal["modern", "1998", "full", "rbf", "harley"] = "modern",
    classes: Classes = 10,
    input_size: Annotated[int, Between(16, 512)] = 32,
) -> Network:
    """32×32 grey images to ten digits.

    ``modern``: as it is taught today, with ReLU and max pooling. ``1998``: as published, with trainable subsampling,
    a partly connected C3 and fixed digit pictures at the end. ``full``: the same with a fully connected C3 and a
    linear output. ``rbf``: tanh, average pools and a learned RBF output. ``harley``: the one that A. Harley
    draws in the browser.
    """
    pen = Drawing("lenet5", channels=1, height=input_size, width=input_size)
    match variant:
        case "modern":
            modern(pen, classes, hidden=(120, 84))
        case "harley":
            modern(pen, classes, hidden=(120, 100))
        case "rbf":
            with_learned_prototypes(pen, classes)
        case _:
            published(pen, classes, full=variant == "full")
    return pen.output()


def modern(pen: Drawing, classes: int, *, hidden: tuple[int, int]) -> None:
    """Two convolutions with ReLU and max pooling, three fully connected layers."""
    pen.chain(conv1=conv(6, 5), relu1=ReLU(), pool1=max_pool(2, stride=2))
    pen.chain(conv2=conv(16, 5), relu2=ReLU(), pool2=max_pool(2, stride=2))
    pen.chain(flatten=Flatten(), fc1=fc(hidden[0]), relu3=ReLU(), fc2=fc(hidden[1]), relu4=ReLU(), fc3=fc(classes))


def published(pen: Drawing, classes: int, *, full: bool) -> None:
    """Section II.B of the paper, with its names: C convolutions, S subsampling, F fully connected."""
    if not full and classes != 10:
        raise LayerloomError(f"LeNet-5 of 1998 ends in pictures of ten digits: classes must be 10, not {classes}.")
    pen.chain(c1=conv(6, 5), tanh1=ScaledTanh(), s2=Subsampling2d(), tanh2=ScaledTanh())
    pen.chain(c3=conv(16, 5) if full else PartiallyConnectedConv2d(), tanh3=ScaledTanh())
    pen.chain(s4=Subsampling2d(), tanh4=ScaledTanh(), c5=conv(120, 5), tanh5=ScaledTanh(), flatten=Flatten())
    pen.chain(f6=fc(84), tanh6=ScaledTanh(), f7=fc(classes) if full else RBFOutput(classes=10, prototypes="digits"))


def with_learned_prototypes(pen: Drawing, classes: int) -> None:
    """The table of lecture 002: a tanh after every layer, also after the pools."""
    pen.chain(conv1=conv(6, 5), tanh1=Tanh(), pool1=average_pool(2, stride=2), tanh2=Tanh())
    pen.chain(conv2=conv(16, 5), tanh3=Tanh(), pool2=average_pool(2, stride=2), tanh4=Tanh())
    pen.chain(conv3=conv(120, 5), tanh5=Tanh(), flatten=Flatten(), fc1=fc(84), tanh6=Tanh())
    pen.chain(rbf=RBFOutput(classes=classes))
