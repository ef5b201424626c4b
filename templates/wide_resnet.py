"""Wide ResNet: fewer layers, more maps. The form for 32×32 images."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.layers.activation import ReLU
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.normalisation import BatchNorm2d
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import fc
from templates.residual import Residual, basic, conv3x3


@template(
    title="Wide ResNet",
    year=2016,
    authors="S. Zagoruyko, N. Komodakis",
    paper="Wide residual networks",
    idea="Widening a shallow ResNet beats deepening a thin one.",
)
def wide_resnet(
    *,
    depth: Literal[16, 28, 40] = 16,
    width: Annotated[int, Between(1, 20)] = 4,
    classes: Classes = 10,
    input_size: Annotated[int, Between(8, 512)] = 32,
) -> Network:
    """Three groups of (depth − 4)/6 pre-activated basic blocks with 16, 32 and 64 maps times ``width`` (table 1)."""
    pen = Drawing(f"wide_resnet{depth}_{width}", channels=3, height=input_size, width=input_size)
    pen.chain(conv1=conv3x3(16))
    draw = Residual(pen, 16, preactivation=True, shortcut_name="shortcut")
    for group, maps in enumerate((16, 32, 64), start=1):
        with pen.block(f"group{group}", collapsed=True):
            for index in range((depth - 4) // 6):
                stride = 2 if group > 1 and index == 0 else 1
                with pen.block(str(index), kind="BasicBlock", collapsed=index > 0):
                    draw.block(basic(maps * width, stride=stride), stride=stride)
    pen.chain(bn=BatchNorm2d(), relu=ReLU(), avgpool=GlobalAvgPool(), flatten=Flatten(), fc=fc(classes))
    return pen.output()
