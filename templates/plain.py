"""A ResNet without its shortcuts: what depth does to training by itself."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.layers.activation import ReLU
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.normalisation import BatchNorm2d
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates import residual
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import conv, fc, max_pool
from templates.resnet import BLOCKS, MAPS


@template(
    title="Plain network",
    year=2015,
    authors="K. He, X. Zhang, S. Ren, J. Sun",
    paper="Deep residual learning for image recognition",
    idea="ResNet without shortcuts: deeper gets worse, and gradients show why.",
    group="Lecture exercises",
)
def plain(
    *,
    depth: Literal[18, 34] = 34,
    classes: Classes = 1000,
    input_size: Annotated[int, Between(32, 1024)] = 224,
) -> Network:
    """The same convolutions as ResNet of that depth, one after the other."""
    pen = Drawing(f"plain{depth}", channels=3, height=input_size, width=input_size)
    pen.chain(conv1=conv(64, 7, stride=2, padding=3, bias=False), bn1=BatchNorm2d(), relu=ReLU())
    pen.chain(maxpool=max_pool(3, stride=2, padding=1))
    for stage, (maps, count) in enumerate(zip(MAPS, BLOCKS[depth], strict=True), start=1):
        with pen.block(f"layer{stage}", collapsed=True):
            for index in range(count):
                with pen.block(str(index), kind="Plain block", collapsed=index > 0):
                    residual.plain(pen, residual.basic(maps, stride=2 if stage > 1 and index == 0 else 1))
    pen.chain(avgpool=GlobalAvgPool(), flatten=Flatten(), fc=fc(classes))
    return pen.output()
