"""AlexNet, the network that won ImageNet in 2012."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.errors import LayerloomError
from engine.layers import Layer
from engine.layers.activation import ReLU
from engine.layers.global_pooling import AdaptiveAvgPool2d
from engine.layers.normalisation import BatchNorm2d, LocalResponseNorm
from engine.layers.regularisation import Dropout
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import conv, fc, max_pool

# Whether the norm follows the pool, in the first and in the second stage: lecture 003, the paper, lecture 002.
NORM_LAST = {"pool_norm": (True, True), "norm_pool": (False, False), "mixed": (True, False)}


@template(
    title="AlexNet",
    year=2012,
    authors="A. Krizhevsky, I. Sutskever, G. E. Hinton",
    paper="ImageNet classification with deep convolutional neural networks",
    idea="ReLU, dropout and GPUs make a large network trainable.",
    top5=15.3,
    top5_note="seven networks averaged",
    defaults={"batch_norm": {"classes": 10}, "torchvision": {"input_size": 224}},
)
def alexnet(
    *,
    variant: Literal["single_tower", "two_gpu", "batch_norm", "torchvision"] = "single_tower",
    norm_order: Literal["pool_norm", "norm_pool", "mixed"] = "pool_norm",
    classes: Classes = 1000,
    input_size: Annotated[int, Between(67, 1024)] = 227,
) -> Network:
    """227×227 colour images to 1 000 classes.

    ``single_tower``: all maps of a layer see all maps below. ``two_gpu``: as in 2012, the second, fourth and fifth
    convolution in two groups, one for each GPU. ``batch_norm``: a later form with batch norm, 1×1 kernels at the end
    and ten classes. ``torchvision``: its names and its thinner layers for 224×224. ``norm_order`` places the local
    response norms, which only the first two have.
    """
    if variant in DRAWN_APART:
        if norm_order != "pool_norm":
            raise LayerloomError(f"AlexNet's {variant} variant has no local response norm: leave norm_order out.")
        return DRAWN_APART[variant](classes, side=input_size)
    groups = 2 if variant == "two_gpu" else 1
    first, second = NORM_LAST[norm_order]
    pen = Drawing("alexnet", channels=3, height=input_size, width=input_size)
    pen.chain(conv1=conv(96, 11, stride=4), relu1=ReLU(), **pool_and_norm(1, norm_last=first))
    pen.chain(conv2=conv(256, 5, padding=2, groups=groups), relu2=ReLU(), **pool_and_norm(2, norm_last=second))
    pen.chain(conv3=conv(384, 3, padding=1), relu3=ReLU())
    pen.chain(conv4=conv(384, 3, padding=1, groups=groups), relu4=ReLU())
    pen.chain(conv5=conv(256, 3, padding=1, groups=groups), relu5=ReLU(), pool5=max_pool(3, stride=2))
    pen.chain(flatten=Flatten())
    pen.chain(fc6=fc(4096), relu6=ReLU(), dropout6=Dropout())
    pen.chain(fc7=fc(4096), relu7=ReLU(), dropout7=Dropout())
    pen.chain(fc8=fc(classes))
    return pen.output()


def pool_and_norm(stage: int, *, norm_last: bool) -> dict[str, Layer]:
    """An overlapping pool and a local response norm, by name."""
    pool, norm = (f"pool{stage}", max_pool(3, stride=2)), (f"norm{stage}", LocalResponseNorm())
    return dict((pool, norm) if norm_last else (norm, pool))


def batch_normalised(classes: int, *, side: int) -> Network:
    """The 19-row table of lecture 001; its text says 3×3 for the fourth and fifth convolution, its table 1×1."""
    pen = Drawing("alexnet", channels=3, height=side, width=side)
    pen.chain(conv1=conv(96, 11, stride=4), relu1=ReLU(), bn1=BatchNorm2d(), pool1=max_pool(3, stride=2))
    pen.chain(conv2=conv(256, 5, padding=2), relu2=ReLU(), bn2=BatchNorm2d(), pool2=max_pool(3, stride=2))
    pen.chain(conv3=conv(384, 3, padding=1), relu3=ReLU(), bn3=BatchNorm2d())
    pen.chain(conv4=conv(384, 1), relu4=ReLU(), bn4=BatchNorm2d())
    pen.chain(conv5=conv(256, 1), relu5=ReLU(), bn5=BatchNorm2d(), pool5=max_pool(3, stride=2))
    pen.chain(flatten=Flatten())
    pen.chain(fc6=fc(4096), relu6=ReLU(), dropout6=Dropout())
    pen.chain(fc7=fc(4096), relu7=ReLU(), dropout7=Dropout())
    pen.chain(fc8=fc(classes))
    return pen.output()


def torchvision(classes: int, *, side: int) -> Network:
    """One weird trick for parallelizing convolutional neural networks (Krizhevsky 2014), under torchvision's names."""
    pen = Drawing("alexnet", channels=3, height=side, width=side)
    layers: list[Layer] = [conv(64, 11, stride=4, padding=2), ReLU(), max_pool(3, stride=2)]
    layers += [conv(192, 5, padding=2), ReLU(), max_pool(3, stride=2)]
    layers += [conv(384, 3, padding=1), ReLU(), conv(256, 3, padding=1), ReLU()]
    layers += [conv(256, 3, padding=1), ReLU(), max_pool(3, stride=2)]
    pen.sequence("features", layers)
    pen.chain(avgpool=AdaptiveAvgPool2d(output_size=(6, 6)), flatten=Flatten())
    pen.sequence("classifier", [Dropout(), fc(4096), ReLU(), Dropout(), fc(4096), ReLU(), fc(classes)])
    return pen.output()


DRAWN_APART = {"batch_norm": batch_normalised, "torchvision": torchvision}
