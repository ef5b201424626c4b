"""The small network that the lecture builds for Fashion-MNIST."""

from __future__ import annotations

from typing import Annotated

from engine.layers.activation import ReLU
from engine.layers.normalisation import BatchNorm2d
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import conv, fc, max_pool


@template(
    title="Fashion CNN",
    year=2017,
    authors="Lecture exercise on the data of H. Xiao, K. Rasul, R. Vollgraf",
    paper="Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms",
    idea="Twice convolution, batch norm, ReLU and pool, then one Linear.",
    group="Lecture exercises",
)
def fashion_cnn(*, classes: Classes = 10, input_size: Annotated[int, Between(4, 512)] = 28) -> Network:
    """28×28 grey images of clothes to ten classes."""
    pen = Drawing("fashion_cnn", channels=1, height=input_size, width=input_size)
    pen.chain(conv1=conv(16, 5, padding=2), bn1=BatchNorm2d(), relu1=ReLU(), pool1=max_pool(2, stride=2))
    pen.chain(conv2=conv(32, 5, padding=2), bn2=BatchNorm2d(), relu2=ReLU(), pool2=max_pool(2, stride=2))
    pen.chain(flatten=Flatten(), fc=fc(classes))
    return pen.output()
