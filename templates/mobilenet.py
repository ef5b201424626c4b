"""MobileNet: convolutions split into a kernel a map and a 1×1 that mixes them."""

from __future__ import annotations

from typing import Annotated

from engine.layers.activation import ReLU
from engine.layers.convolution import DepthwiseConv2d
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.normalisation import BatchNorm2d
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import conv, fc

# Table 1 of the paper: maps and stride of each depthwise-separable block. Its last stride 2 is a slip: 7×7 stays 7×7.
BLOCKS = (
    *((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
    *((512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1)),
)


@template(
    title="MobileNet",
    year=2017,
    authors="A. G. Howard, M. Zhu, B. Chen, D. Kalenichenko, W. Wang, T. Weyand, M. Andreetto, H. Adam",
    paper="MobileNets: efficient convolutional neural networks for mobile vision applications",
    idea="Depthwise-separable convolutions cost 1/N + 1/K² of full ones.",
)
def mobilenet(
    *,
    width_multiplier: Annotated[float, Between(0.05, 4)] = 1.0,
    resolution_multiplier: Annotated[float, Between(0.1, 2)] = 1.0,
    classes: Classes = 1000,
    input_size: Annotated[int, Between(32, 1024)] = 224,
) -> Network:
    """One convolution and 13 depthwise-separable blocks.

    ``width_multiplier`` α thins every layer, ``resolution_multiplier`` ρ shrinks the image; cost falls by α²ρ².
    """
    side = max(1, round(input_size * resolution_multiplier))
    pen = Drawing("mobilenet", channels=3, height=side, width=side)
    stem = conv(thinned(32, width_multiplier), 3, stride=2, padding=1, bias=False)
    pen.chain(conv1=stem, bn1=BatchNorm2d(), relu1=ReLU())
    for index, (maps, stride) in enumerate(BLOCKS, start=1):
        with pen.block(f"block{index}", kind="Depthwise separable", collapsed=True):
            separable(pen, thinned(maps, width_multiplier), stride=stride)
    pen.chain(avgpool=GlobalAvgPool(), flatten=Flatten(), fc=fc(classes))
    return pen.output()


def separable(pen: Drawing, maps: int, *, stride: int) -> None:
    """One 3×3 kernel a map, then a 1×1 convolution to ``maps``, each with batch norm and ReLU."""
    depthwise = DepthwiseConv2d(kernel_size=(3, 3), stride=(stride, stride), padding=(1, 1), bias=False)
    pen.chain(depthwise=depthwise, bn1=BatchNorm2d(), relu1=ReLU())
    pen.chain(pointwise=conv(maps, 1, bias=False), bn2=BatchNorm2d(), relu2=ReLU())


def thinned(maps: int, multiplier: float) -> int:
    """α·maps, rounded down, at least 1."""
    return max(1, int(maps * multiplier))
