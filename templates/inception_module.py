"""One Inception module by itself, with and without its 1×1 bottlenecks."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.merge import Concat
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between
from templates.parts import conv, fc, max_pool

BOTTLENECK = 64
MAPS = 256


@template(
    title="Inception module",
    year=2014,
    authors="C. Szegedy, W. Liu, Y. Jia, P. Sermanet, S. Reed, D. Anguelov, D. Erhan, V. Vanhoucke, A. Rabinovich",
    paper="Going deeper with convolutions",
    idea="1×1 bottlenecks before 3×3 and 5×5 cut two thirds of the cost.",
    group="Building blocks",
)
def inception_module(
    *, variant: Literal["naive", "reduced"] = "reduced", classes: Annotated[int, Between(0, 100_000)] = 0
) -> Network:
    """A 28×28×256 map through 128 1×1, 192 3×3 and 96 5×5 kernels and a 3×3 pool, joined.

    ``reduced`` puts 64 1×1 kernels before the 3×3, before the 5×5 and after the pool. With ``classes`` it
    can be trained by itself: a 3×3 convolution makes the 256 maps of a colour image, and a global average and a
    Linear follow. 0 leaves the module bare.
    """
    reduced = variant == "reduced"
    pen = Drawing(f"inception_{variant}", channels=3 if classes else MAPS, height=28, width=28)
    start = pen.add("stem", conv(MAPS, 3, padding=1), pen.here) if classes else pen.here
    one = pen.add("conv1x1", conv(128, 1), start)
    three = pen.add("conv3x3", conv(192, 3, padding=1), reduce(pen, "reduce3x3", start) if reduced else start)
    five = pen.add("conv5x5", conv(96, 5, padding=2), reduce(pen, "reduce5x5", start) if reduced else start)
    pool = pen.add("pool", max_pool(3, stride=1, padding=1), start)
    if reduced:
        pool = reduce(pen, "project", pool)
    pen.add("concat", Concat(), one, three, five, pool)
    if classes:
        pen.chain(avgpool=GlobalAvgPool(), flatten=Flatten(), fc=fc(classes))
    return pen.output()


def reduce(pen: Drawing, name: str, start: str) -> str:
    """A 1×1 bottleneck."""
    return pen.add(name, conv(BOTTLENECK, 1), start)
