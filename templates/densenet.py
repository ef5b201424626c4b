"""DenseNet: every layer reads the maps of all layers before it. Parameter names are torchvision's."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.layers.activation import ReLU
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.merge import Concat
from engine.layers.normalisation import BatchNorm2d
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import average_pool, conv, fc, max_pool

# Table 1 of the paper: first maps, growth rate k, and how many layers each of the four dense blocks has.
DEPTHS = {
    121: (64, 32, (6, 12, 24, 16)),
    169: (64, 32, (6, 12, 32, 32)),
    201: (64, 32, (6, 12, 48, 32)),
    161: (96, 48, (6, 12, 36, 24)),
}
BOTTLENECK = 4  # a 1×1 convolution to 4k maps comes before each 3×3


@template(
    title="DenseNet",
    year=2016,
    authors="G. Huang, Z. Liu, L. van der Maaten, K. Q. Weinberger",
    paper="Densely connected convolutional networks",
    idea="Every layer sees the maps of all layers before it.",
)
def densenet(
    *,
    depth: Literal[121, 169, 201, 161] = 121,
    classes: Classes = 1000,
    input_size: Annotated[int, Between(29, 1024)] = 224,
) -> Network:
    """Four dense blocks with transitions between them that halve the maps and their size."""
    maps, growth, blocks = DEPTHS[depth]
    pen = Drawing(f"densenet{depth}", channels=3, height=input_size, width=input_size)
    with pen.block("features"):
        pen.chain(conv0=conv(maps, 7, stride=2, padding=3, bias=False), norm0=BatchNorm2d(), relu0=ReLU())
        pen.chain(pool0=max_pool(3, stride=2, padding=1))
        for index, layers in enumerate(blocks, start=1):
            with pen.block(f"denseblock{index}", kind="Dense block", collapsed=True):
                for layer in range(1, layers + 1):
                    with pen.block(f"denselayer{layer}", kind="Dense layer", collapsed=layer > 1):
                        dense_layer(pen, growth)
            maps += layers * growth
            if index < len(blocks):
                maps //= 2
                with pen.block(f"transition{index}", kind="Transition", collapsed=True):
                    pen.chain(norm=BatchNorm2d(), relu=ReLU(), conv=conv(maps, 1, bias=False))
                    pen.chain(pool=average_pool(2, stride=2))
        pen.chain(norm5=BatchNorm2d())
    pen.chain(relu=ReLU(), avgpool=GlobalAvgPool(), flatten=Flatten(), classifier=fc(classes))
    return pen.output()


def dense_layer(pen: Drawing, growth: int) -> None:
    """``growth`` new maps from all there are, put behind them."""
    before = pen.here
    pen.chain(norm1=BatchNorm2d(), relu1=ReLU(), conv1=conv(BOTTLENECK * growth, 1, bias=False))
    pen.chain(norm2=BatchNorm2d(), relu2=ReLU(), conv2=conv(growth, 3, padding=1, bias=False))
    pen.add("concat", Concat(), before, pen.here)
