"""GoogLeNet: 22 layers of Inception modules that look at several scales at once."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from engine.layers.activation import ReLU
from engine.layers.global_pooling import AdaptiveAvgPool2d, GlobalAvgPool
from engine.layers.merge import Concat
from engine.layers.normalisation import BatchNorm2d, LocalResponseNorm
from engine.layers.regularisation import Dropout
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import average_pool, conv, fc, max_pool


class Maps(NamedTuple):
    """A row of table 1: maps of each convolution of a module."""

    one: int
    three_reduce: int
    three: int
    five_reduce: int
    five: int
    pool: int


MODULES = {
    "3a": Maps(64, 96, 128, 16, 32, 32),
    "3b": Maps(128, 128, 192, 32, 96, 64),
    "4a": Maps(192, 96, 208, 16, 48, 64),
    "4b": Maps(160, 112, 224, 24, 64, 64),
    "4c": Maps(128, 128, 256, 24, 64, 64),
    "4d": Maps(112, 144, 288, 32, 64, 64),
    "4e": Maps(256, 160, 320, 32, 128, 128),
    "5a": Maps(256, 160, 320, 32, 128, 128),
    "5b": Maps(384, 192, 384, 48, 128, 128),
}
AUXILIARY = {"4a": "aux1", "4d": "aux2"}
AUXILIARY_WEIGHT = 0.3


@template(
    title="GoogLeNet",
    year=2014,
    authors="C. Szegedy, W. Liu, Y. Jia, P. Sermanet, S. Reed, D. Anguelov, D. Erhan, V. Vanhoucke, A. Rabinovich",
    paper="Going deeper with convolutions",
    idea="Modules of parallel 1×1, 3×3 and 5×5 kernels, made cheap by 1×1 reductions.",
    top5=6.7,
    top5_note="seven networks averaged over 144 crops",
)
def googlenet(
    *,
    variant: Literal["paper", "torchvision"] = "paper",
    aux: bool = True,
    classes: Classes = 1000,
    input_size: Annotated[int, Between(32, 1024)] = 224,
) -> Network:
    """Nine Inception modules; ``aux`` adds two classifiers on the way, which train with weight 0.3 and then rest.

    ``paper``: table 1, with local response norm and biases. ``torchvision``: its names; batch norm after every
    convolution, 3×3 in place of 5×5, and a 2×2 last pool, as its published weights need; those were trained on
    pixels from −1 to 1, not on ImageNet's mean and deviation.
    """
    pen = Inception("googlenet", input_size, batch_norm=variant == "torchvision")
    pen.conv_block("conv1", 64, 7, stride=2, padding=3)
    pen.chain(maxpool1=max_pool(3, stride=2, ceil=True))
    pen.norm("norm1")
    pen.conv_block("conv2", 64, 1)
    pen.conv_block("conv3", 192, 3, padding=1)
    pen.norm("norm2")
    pen.chain(maxpool2=max_pool(3, stride=2, ceil=True))
    for name, maps in MODULES.items():
        pen.module(f"inception{name}", maps)
        if aux and name in AUXILIARY:
            pen.auxiliary(AUXILIARY[name], classes)
        if name == "3b":
            pen.chain(maxpool3=max_pool(3, stride=2, ceil=True))
        if name == "4e":
            pen.chain(maxpool4=max_pool(2 if pen.batch_norm else 3, stride=2, ceil=True))
    pen.chain(avgpool=GlobalAvgPool(), flatten=Flatten(), dropout=Dropout(p=0.2 if pen.batch_norm else 0.4))
    pen.chain(fc=fc(classes))
    return pen.output()


class Inception(Drawing):
    """Draws the parts of either variant: with batch norm torchvision's, without the paper's."""

    def __init__(self, name: str, side: int, *, batch_norm: bool) -> None:
        super().__init__(name, channels=3, height=side, width=side)
        self.batch_norm = batch_norm

    def conv_block(self, name: str, maps: int, kernel: int, *, stride: int = 1, padding: int = 0) -> str:
        """A convolution, batch norm if the variant has it, and ReLU."""
        with self.block(name, kind="Convolution", collapsed=True):
            self.chain(conv=conv(maps, kernel, stride=stride, padding=padding, bias=not self.batch_norm))
            if self.batch_norm:
                self.chain(bn=BatchNorm2d(eps=0.001))
            self.chain(relu=ReLU())
        return self.here

    def norm(self, name: str) -> None:
        """The paper's local response norm; batch norm makes it needless."""
        if not self.batch_norm:
            self.add(name, LocalResponseNorm(bias=1.0))

    def module(self, name: str, maps: Maps) -> None:
        """Four branches side by side, joined (figure 2b)."""
        five, padding = (3, 1) if self.batch_norm else (5, 2)
        with self.block(name, kind="Inception", collapsed=True):
            start = self.here
            one = self.conv_block("branch1", maps.one, 1)
            with self.branch("branch2", start):
                self.conv_block("0", maps.three_reduce, 1)
                three = self.conv_block("1", maps.three, 3, padding=1)
            with self.branch("branch3", start):
                self.conv_block("0", maps.five_reduce, 1)
                wide = self.conv_block("1", maps.five, five, padding=padding)
            with self.branch("branch4", start):
                self.add("0", max_pool(3, stride=1, padding=1, ceil=True))
                pooled = self.conv_block("1", maps.pool, 1)
            self.add("concat", Concat(), one, three, wide, pooled)

    def auxiliary(self, name: str, classes: int) -> None:
        """A small classifier beside the main path; the path goes on where it was."""
        main = self.here
        with self.block(name, kind="Auxiliary classifier", collapsed=True):
            self.chain(pool=AdaptiveAvgPool2d(output_size=(4, 4)) if self.batch_norm else average_pool(5, stride=3))
            self.conv_block("conv", 128, 1)
            self.chain(flatten=Flatten(), fc1=fc(1024), relu=ReLU(), dropout=Dropout(p=0.7), fc2=fc(classes))
            self.output(auxiliary=True, loss_weight=AUXILIARY_WEIGHT)
        self.here = main
