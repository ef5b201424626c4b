"""ResNet: blocks that learn what to add to their input. Parameter names are torchvision's."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.merge import Add
from engine.layers.normalisation import BatchNorm2d
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import conv, fc, max_pool

# Table 1 of the paper: how many blocks each of the four stages has.
BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
MAPS = (64, 128, 256, 512)


@template(
    title="ResNet",
    year=2015,
    authors="K. He, X. Zhang, S. Ren, J. Sun",
    paper="Deep residual learning for image recognition",
    idea="Identity shortcuts around every block let gradients pass.",
    top5=3.57,
    top5_note="six networks averaged",
)
def resnet(
    *,
    depth: Literal[18, 34, 50, 101, 152] = 50,
    shortcut: Literal["projection"] = "projection",
    classes: Classes = 1000,
    input_size: Annotated[int, Between(32, 1024)] = 224,
) -> Network:
    """Basic blocks of two 3×3 convolutions up to depth 34, bottlenecks of 1×1, 3×3 and 1×1 from 50 on."""
    pen = Drawing(f"resnet{depth}", channels=3, height=input_size, width=input_size)
    pen.chain(conv1=conv(64, 7, stride=2, padding=3, bias=False), bn1=BatchNorm2d(), relu=ReLU())
    pen.chain(maxpool=max_pool(3, stride=2, padding=1))
    for stage, (maps, count) in enumerate(zip(MAPS, BLOCKS[depth], strict=True), start=1):
        with pen.block(f"layer{stage}", collapsed=True):
            for index in range(count):
                block = bottleneck if depth >= 50 else basic_block
                stride = 2 if stage > 1 and index == 0 else 1
                with pen.block(str(index), kind=KINDS[block], collapsed=index > 0):
                    block(pen, maps, stride=stride, project=index == 0 and (stage > 1 or depth >= 50))
    pen.chain(avgpool=GlobalAvgPool(), flatten=Flatten(), fc=fc(classes))
    return pen.output()


def basic_block(pen: Drawing, maps: int, *, stride: int, project: bool) -> None:
    """Two 3×3 convolutions beside the shortcut."""
    start = pen.here
    pen.chain(conv1=conv3x3(maps, stride=stride), bn1=BatchNorm2d(), relu=ReLU())
    pen.chain(conv2=conv3x3(maps), bn2=BatchNorm2d())
    join(pen, start, maps, stride=stride, project=project)
    pen.add("relu2", ReLU())


def bottleneck(pen: Drawing, maps: int, *, stride: int, project: bool) -> None:
    """1×1 to fewer maps, 3×3, 1×1 back to four times as many, beside the shortcut."""
    start = pen.here
    pen.chain(conv1=conv1x1(maps), bn1=BatchNorm2d(), relu=ReLU())
    pen.chain(conv2=conv3x3(maps, stride=stride), bn2=BatchNorm2d(), relu2=ReLU())
    pen.chain(conv3=conv1x1(4 * maps), bn3=BatchNorm2d())
    join(pen, start, 4 * maps, stride=stride, project=project)
    pen.add("relu3", ReLU())


KINDS = {basic_block: "BasicBlock", bottleneck: "Bottleneck"}


def join(pen: Drawing, start: str, maps: int, *, stride: int, project: bool) -> None:
    """Add what came in at ``start`` to the main path, projected by a 1×1 convolution where the shapes differ."""
    main, shortcut = pen.here, start
    if project:
        pen.here = start
        shortcut = pen.sequence("downsample", [conv1x1(maps, stride=stride), BatchNorm2d()], kind="Projection")
    pen.add("add", Add(), main, shortcut)


def conv3x3(maps: int, *, stride: int = 1) -> Conv2d:
    """A 3×3 convolution that keeps the size at stride 1; batch norm follows, so it has no bias."""
    return conv(maps, 3, stride=stride, padding=1, bias=False)


def conv1x1(maps: int, *, stride: int = 1) -> Conv2d:
    """A 1×1 convolution without bias."""
    return conv(maps, 1, stride=stride, bias=False)
