"""Network in Network: 1×1 convolutions, and means in place of fully connected layers."""

from __future__ import annotations

from typing import Annotated

from engine.layers.activation import ReLU
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.regularisation import Dropout
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import average_pool, conv, max_pool


@template(
    title="Network in Network",
    year=2013,
    authors="M. Lin, Q. Chen, S. Yan",
    paper="Network in network",
    idea="1×1 convolutions after each convolution; the last maps are the classes.",
)
def network_in_network(*, classes: Classes = 10, input_size: Annotated[int, Between(16, 512)] = 32) -> Network:
    """Three mlpconv blocks for 32×32 colour images, and a global average over one map for each class."""
    pen = Drawing("network_in_network", channels=3, height=input_size, width=input_size)
    mlpconv(pen, "mlpconv1", kernel=5, maps=(192, 160, 96))
    pen.chain(pool1=max_pool(3, stride=2, ceil=True), dropout1=Dropout())
    mlpconv(pen, "mlpconv2", kernel=5, maps=(192, 192, 192))
    pen.chain(pool2=average_pool(3, stride=2, ceil=True), dropout2=Dropout())
    mlpconv(pen, "mlpconv3", kernel=3, maps=(192, 192, classes))
    pen.chain(avgpool=GlobalAvgPool(), flatten=Flatten())
    return pen.output()


def mlpconv(pen: Drawing, name: str, *, kernel: int, maps: tuple[int, int, int]) -> None:
    """A convolution and a small network that slides with it: two 1×1 convolutions, each with ReLU."""
    first, second, third = maps
    with pen.block(name, kind="mlpconv"):
        pen.chain(conv=conv(first, kernel, padding=kernel // 2), relu1=ReLU())
        pen.chain(cccp1=conv(second, 1), relu2=ReLU(), cccp2=conv(third, 1), relu3=ReLU())
