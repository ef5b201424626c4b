"""The neocognitron: simple and complex cells in turn, before anybody could train them by gradients."""

from __future__ import annotations

from typing import Annotated

from engine.layers.neocognitron import CCell2d, SCell2d
from engine.layers.reshaping import Crop2d, Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import Size, fc, pair

PLANES = 24


@template(
    title="Neocognitron",
    year=1980,
    authors="K. Fukushima",
    paper="Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition",
    idea="Simple cells find features, complex cells forgive where; gradients train it.",
    group="Lecture exercises",
)
def neocognitron(*, classes: Classes = 10, input_size: Annotated[int, Between(16, 256)] = 16) -> Network:
    """16×16 grey images and three stages of 24 planes: 16, 10, 8, 6, 2 and 1 cells wide.

    These sizes, the 5×5 windows (2×2 for the last C-cells) and the selectivity r of 4, 1.5 and 1.5 are those of the
    paper's simulation. It leaves open how windows lie at the borders: crop and padding are chosen here so that the
    sizes come out. Its C-cells also inhibit each other and saturate sooner (``lateral=True, saturation=0.5``); here
    they blur and saturate with ψ(x) = x/(1 + x). Fukushima's cells taught themselves without labels and the last
    C-cells were the answer. Here gradient descent trains them, and a Linear reads the 24 last C-cells.
    """
    pen = Drawing("neocognitron", channels=1, height=input_size, width=input_size)
    pen.chain(s1=simple(padding=2, selectivity=4.0))
    pen.chain(crop1=Crop2d(), c1=complex_(5))
    pen.chain(s2=simple(padding=1, selectivity=1.5), c2=complex_(5, padding=1))
    pen.chain(s3=simple(padding=0, selectivity=1.5), c3=complex_(2))
    pen.chain(flatten=Flatten(), fc=fc(classes))
    return pen.output()


def simple(*, padding: int, selectivity: float) -> SCell2d:
    """5×5 S-cells."""
    return SCell2d(planes=PLANES, kernel_size=pair(5), padding=pair(padding), selectivity=selectivity)


def complex_(kernel: Size, *, padding: int = 0) -> CCell2d:
    """C-cells that read one plane each."""
    return CCell2d(kernel_size=pair(kernel), padding=pair(padding))
