"""VGG: nothing but 3×3 kernels, and many of them. Parameter names are torchvision's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

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

# Table 1 of the paper, one entry a stage: the maps of each 3×3 convolution, "1×1" for a 1×1 one to as many.
STAGES: dict[str, tuple[tuple[int | str, ...], ...]] = {
    "A": ((64,), (128,), (256, 256), (512, 512), (512, 512)),
    "A-LRN": ((64, "LRN"), (128,), (256, 256), (512, 512), (512, 512)),
    "B": ((64, 64), (128, 128), (256, 256), (512, 512), (512, 512)),
    "C": ((64, 64), (128, 128), (256, 256, "1×1"), (512, 512, "1×1"), (512, 512, "1×1")),
    "D": ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)),
    "E": ((64, 64), (128, 128), (256,) * 4, (512,) * 4, (512,) * 4),
}
PUBLISHED_SIDE = 224
WEIGHT_LAYERS = {"A": 11, "A-LRN": 11, "B": 13, "C": 16, "D": 16, "E": 19}


@template(
    title="VGG",
    year=2014,
    authors="K. Simonyan, A. Zisserman",
    paper="Very deep convolutional networks for large-scale image recognition",
    idea="Only 3×3 kernels, twice the maps after each pool.",
    top5=7.3,
    top5_note="seven networks averaged",
)
def vgg(
    *,
    configuration: Literal["A", "A-LRN", "B", "C", "D", "E"] = "D",
    batch_norm: bool = False,
    classes: Classes = 1000,
    input_size: Annotated[int, Between(32, 1024)] = 224,
) -> Network:
    """The six columns of the paper's table 1: A has 11 weight layers, B 13, C and D 16, E 19.

    ``batch_norm`` puts one after every convolution; the paper is older and has none. Images larger than 224×224 are
    pooled to its 7×7 maps before the first Linear, so that published weights fit them too.
    """
    name = f"vgg{WEIGHT_LAYERS[configuration]}{'_bn' if batch_norm else ''}"
    pen = Drawing(name, channels=3, height=input_size, width=input_size)
    pen.sequence("features", features(STAGES[configuration], batch_norm=batch_norm))
    if input_size > PUBLISHED_SIDE:
        pen.add("avgpool", AdaptiveAvgPool2d(output_size=(7, 7)))
    pen.add("flatten", Flatten())
    pen.sequence("classifier", [fc(4096), ReLU(), Dropout(), fc(4096), ReLU(), Dropout(), fc(classes)])
    return pen.output()


def features(stages: tuple[tuple[int | str, ...], ...], *, batch_norm: bool) -> Iterator[Layer]:
    """The convolutions of every stage, each stage ending in a pool that halves the map."""
    for stage in stages:
        maps = int(stage[0])
        for entry in stage:
            if entry == "LRN":
                yield LocalResponseNorm()
                continue
            yield conv(maps, 1) if entry == "1×1" else conv(maps, 3, padding=1)
            if batch_norm:
                yield BatchNorm2d()
            yield ReLU()
        yield max_pool(2, stride=2)
