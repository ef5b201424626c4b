"""ResNet: blocks that learn what to add to their input. Parameter names are torchvision's."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.errors import LayerloomError
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.normalisation import BatchNorm2d
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import conv, fc, max_pool
from templates.residual import Residual, basic, bottleneck

# Table 1 of the paper: how many blocks each of the four stages has, and their maps.
BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
MAPS = (64, 128, 256, 512)
BOTTLENECK_FROM = 50


@template(
    title="ResNet",
    year=2015,
    authors="K. He, X. Zhang, S. Ren, J. Sun",
    paper="Deep residual learning for image recognition",
    idea="Identity shortcuts around every block let gradients pass.",
)
def resnet(
    *,
    depth: Literal[18, 34, 50, 101, 152] = 50,
    shortcut: Literal["projection", "zero_pad"] = "projection",
    stride_in: Literal["3x3", "1x1"] = "3x3",
    preactivation: bool = False,
    width: Annotated[int, Between(1, 16)] = 1,
    classes: Classes = 1000,
    input_size: Annotated[int, Between(32, 1024)] = 224,
) -> Network:
    """Basic blocks of two 3×3 convolutions up to depth 34, bottlenecks of 1×1, 3×3 and 1×1 from 50 on.

    ``shortcut``: how it follows a change of shape. ``stride_in``: which convolution of a bottleneck strides; the
    paper's was the first, everybody's since is the 3×3. ``preactivation``: He et al. 2016. ``width``: times as many
    maps inside bottlenecks, or in basic blocks altogether (Zagoruyko & Komodakis 2016).
    """
    if stride_in == "1x1" and depth < BOTTLENECK_FROM:
        raise LayerloomError(f"stride_in=1x1 needs bottlenecks: depth 50, 101 or 152, not {depth}.")
    pen = Drawing(f"resnet{depth}", channels=3, height=input_size, width=input_size)
    pen.chain(conv1=conv(64, 7, stride=2, padding=3, bias=False), bn1=BatchNorm2d(), relu=ReLU())
    pen.chain(maxpool=max_pool(3, stride=2, padding=1))
    draw = Residual(pen, 64, zero_pad=shortcut == "zero_pad", preactivation=preactivation)
    for stage, (maps, count) in enumerate(zip(MAPS, BLOCKS[depth], strict=True), start=1):
        with pen.block(f"layer{stage}", collapsed=True):
            for index in range(count):
                stride = 2 if stage > 1 and index == 0 else 1
                convs = convolutions(depth, maps, width=width, stride=stride, stride_in_1x1=stride_in == "1x1")
                kind = "BasicBlock" if len(convs) == 2 else "Bottleneck"
                with pen.block(str(index), kind=kind, collapsed=index > 0):
                    draw.block(convs, stride=stride, activated=stage == 1 and index == 0)
    if preactivation:
        pen.chain(bn5=BatchNorm2d(), relu5=ReLU())
    pen.chain(avgpool=GlobalAvgPool(), flatten=Flatten(), fc=fc(classes))
    return pen.output()


def convolutions(depth: int, maps: int, *, width: int, stride: int, stride_in_1x1: bool) -> list[Conv2d]:
    """The convolutions of one block; a bottleneck gives four times its maps however wide it is inside."""
    if depth < BOTTLENECK_FROM:
        return basic(maps * width, stride=stride)
    return bottleneck(maps * width, 4 * maps, stride=stride, stride_in_1x1=stride_in_1x1)
