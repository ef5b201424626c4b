"""AlexNet, the network that won ImageNet in 2012."""

from __future__ import annotations

from typing import Literal

from engine.layers.activation import ReLU
from engine.layers.normalisation import LocalResponseNorm
from engine.layers.regularisation import Dropout
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Classes
from templates.parts import conv, fc, max_pool


@template(
    title="AlexNet",
    year=2012,
    authors="A. Krizhevsky, I. Sutskever, G. E. Hinton",
    paper="ImageNet classification with deep convolutional neural networks",
    idea="ReLU, dropout and GPUs make a large network trainable.",
    top5=15.3,
    top5_note="seven networks averaged",
)
def alexnet(*, variant: Literal["single_tower"] = "single_tower", classes: Classes = 1000) -> Network:
    """227×227 colour images to 1 000 classes.

    ``single_tower``: all maps of a layer see all maps below, as on one GPU.
    """
    pen = Drawing("alexnet", channels=3, height=227, width=227)
    pen.chain(conv1=conv(96, 11, stride=4), relu1=ReLU(), pool1=max_pool(3, stride=2), norm1=LocalResponseNorm())
    pen.chain(conv2=conv(256, 5, padding=2), relu2=ReLU(), pool2=max_pool(3, stride=2), norm2=LocalResponseNorm())
    pen.chain(conv3=conv(384, 3, padding=1), relu3=ReLU())
    pen.chain(conv4=conv(384, 3, padding=1), relu4=ReLU())
    pen.chain(conv5=conv(256, 3, padding=1), relu5=ReLU(), pool5=max_pool(3, stride=2))
    pen.chain(flatten=Flatten())
    pen.chain(fc6=fc(4096), relu6=ReLU(), dropout6=Dropout())
    pen.chain(fc7=fc(4096), relu7=ReLU(), dropout7=Dropout())
    pen.chain(fc8=fc(classes))
    return pen.output()
