"""The rarer pools: other summaries of a window, learned ones, random ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from engine.choices.call import Call, module
from engine.families import Family
from engine.layers.base import Layer, ShapeMismatch, Suggestion, register
from engine.layers.formula import Formula
from engine.layers.numbers import brief, by, one_or_both
from engine.layers.pooling import Pooling
from engine.layers.reading import Reads, Spans
from engine.layers.settings import Padding, Size2, setting
from engine.layers.shape import Shape
from engine.layers.sliding import Sliding
from engine.layers.window import Window
from engine.words import thousands, with_article


class OwnPooling(Pooling):
    """A pool that torch lacks."""

    size_setting: ClassVar = "kernel_size"

    kernel_size: Size2 = setting((2, 2), "Kernel", unit="px")
    stride: Size2 = setting((2, 2), "Stride", unit="px")
    padding: Padding = setting((0, 0), "Padding", unit="px", help="At most half of the kernel.")

    def sliding(self) -> Sliding:
        return Sliding(self.kernel_size, self.stride, self.padding)

    def call(self, x: Shape) -> Call:
        target = f"engine.modules.pooling.{type(self).__name__}"
        padding = {} if self.padding == (0, 0) else {"padding": self.padding}
        return module(target, self.kernel_size, self.stride, **padding)


@register
class MinPool2d(OwnPooling):
    """The smallest value of each window: keeps dark details on a bright ground."""

    title: ClassVar = "Minimum pool"
    aliases: ClassVar = ("min pool", "minpool")
    stem: ClassVar = "minpool"

    def verb(self) -> str:
        return "minimum"


@register
class L2Pool2d(OwnPooling):
    """The root of the sum of squares of each window: how much energy it holds, whatever the signs."""

    title: ClassVar = "L2 pool"
    aliases: ClassVar = ("l2 norm", "energy", "lp pool")
    stem: ClassVar = "l2pool"

    def verb(self) -> str:
        return "L2"

    def explain(self, x: Shape) -> list[Formula]:
        return [*super().explain(x), Formula("y", (), "√(Σ x²)", f"Over each {by(self.kernel_size)} window.")]


@register
class DistanceWeightedAvgPool2d(OwnPooling):
    """A mean whose weights fall with the distance from the central pixel as 1/(1 + d): smoother than a plain mean."""

    title: ClassVar = "Weighted average pool"
    aliases: ClassVar = ("distance weighted", "gaussian pool", "blur")
    stem: ClassVar = "avgpool"

    kernel_size: Size2 = setting((3, 3), "Kernel", unit="px")

    def verb(self) -> str:
        return "weighted"

    def multiply_adds(self, x: Shape) -> int:
        """It runs as a convolution with one fixed kernel."""
        return self.output_shape(x).elements * self.kernel_size[0] * self.kernel_size[1]

    def explain(self, x: Shape) -> list[Formula]:
        shape, (rows, columns) = self.output_shape(x), self.kernel_size
        macs = f"{rows}·{columns}·{by(shape).replace('×', '·')}"
        return [
            *super().explain(x),
            Formula("y", (), "Σ w·x / Σ w", "With w = 1/(1 + d), d pixels from the centre of the window."),
            Formula("MACs", (macs,), brief(self.multiply_adds(x))),
        ]


@register
class Subsampling2d(Pooling):
    """LeCun's pool: the sum of each window times a learned coefficient plus a learned bias, one of each a map.

    LeCun et al. 1998, section II.B. A squashing function usually follows. Max pooling has replaced it.
    """

    title: ClassVar = "Trainable subsampling"
    aliases: ClassVar = ("subsampling", "lecun pool", "scaled sum")
    stem: ClassVar = "subsample"
    size_setting: ClassVar = "kernel_size"

    kernel_size: Size2 = setting((2, 2), "Kernel", unit="px")
    stride: Size2 = setting((2, 2), "Stride", unit="px")

    def sliding(self) -> Sliding:
        return Sliding(self.kernel_size, self.stride)

    def verb(self) -> str:
        return "trainable"

    def parameter_count(self, x: Shape) -> int:
        return 2 * x.channels

    def explain(self, x: Shape) -> list[Formula]:
        note = "A coefficient and a bias for each map."
        parameters = Formula("Parameters", (f"2·{x.channels}",), thousands(self.parameter_count(x)), note)
        return [*super().explain(x), parameters]

    def call(self, x: Shape) -> Call:
        return module("engine.modules.pooling.Subsampling2d", x.channels, self.kernel_size, self.stride)


@dataclass(frozen=True, slots=True)
class FixedWindows(Spans):
    """Windows as far apart as they must lie to spread over all lines, each pulled to the line before it.

    The last ends with the last line. With the numbers that evaluation takes for random ones they begin where
    ⌊(i + ½)·α⌋ − ⌊α/2⌋ says, α being the mean distance (Graham 2014, section 3, pseudorandom).
    """

    kernel: int

    def span(self, line: int) -> tuple[int, int]:
        last = self.size - self.kernel
        begin = last
        if line < self.count - 1:
            distance = last / (self.count - 1)
            begin = int((line + 0.5) * distance) - int(0.5 * distance)
        return begin, begin + self.kernel


@register
class FractionalMaxPool2d(Layer):
    """Max pooling with windows at random places, so that sizes shrink by less than half (Graham 2014).

    While training the places are drawn anew for every map; in evaluation they are always the same.
    """

    family: ClassVar = Family.POOLING
    title: ClassVar = "Fractional max pool"
    aliases: ClassVar = ("fractional", "stochastic pool")
    stem: ClassVar = "fracpool"
    size_setting: ClassVar = "kernel_size"
    fraction_setting: ClassVar = "ratio"

    kernel_size: Size2 = setting((2, 2), "Kernel", unit="px")
    ratio: Annotated[float, Field(gt=0, lt=1)] = setting(0.7, "Ratio", help="Output size over input size.")

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        height, width = int(x.height * self.ratio), int(x.width * self.ratio)
        room = (x.height - height + 1, x.width - width + 1)
        if min(height, width) < 1:
            raise self._nothing_left(x)
        if self.kernel_size[0] > room[0] or self.kernel_size[1] > room[1]:
            raise self._too_large(x, room)
        return Shape(x.channels, height, width)

    def _nothing_left(self, x: Shape) -> ShapeMismatch:
        least = math.ceil(100 / min(x.height, x.width)) / 100  # leaves one value
        return ShapeMismatch(
            "nothing_left",
            f"A ratio of {self.ratio:g} leaves nothing of {with_article(f'{x.height}×{x.width} map')}.",
            hint="Take a ratio nearer to 1, or pool where the map is larger.",
            short="nothing left",
            suggestions=(Suggestion(f"Ratio {least:g}", {"ratio": least}),) if least < 1 else (),
        )

    def _too_large(self, x: Shape, room: tuple[int, int]) -> ShapeMismatch:
        kernel = (min(self.kernel_size[0], room[0]), min(self.kernel_size[1], room[1]))
        return ShapeMismatch(
            "kernel_too_large",
            f"The {by(self.kernel_size)} kernel leaves no room for a ratio of {self.ratio:g} on "
            f"{x.height}×{x.width}: at most {by(room)} fits.",
            hint="Take a smaller kernel or a smaller ratio.",
            short="kernel too large",
            suggestions=(Suggestion(f"Kernel {one_or_both(kernel)}", {"kernel_size": kernel}),),
        )

    def window(self, x: Shape) -> Window | None:
        return Window(self.kernel_size) if x.is_map else None

    def readings(self, x: Shape) -> tuple[Reads]:
        """The windows of evaluation; those of training lie elsewhere, by chance."""
        shape, kernel = self.output_shape(x), self.kernel_size
        rows, columns = (FixedWindows(x[axis], shape[axis], kernel[axis - 1]) for axis in (1, 2))
        return (Reads(rows, columns),)

    def explain(self, x: Shape) -> list[Formula]:
        shape = self.output_shape(x)
        sizes = (("H", x.height, shape.height), ("W", x.width, shape.width))
        return [
            Formula(name, (f"⌊{name}_in · ratio⌋", f"⌊{before} · {self.ratio:g}⌋"), str(after), "C stays.")
            for name, before, after in sizes
        ]

    def summary(self, *_: Shape) -> str:
        return f"max {by(self.kernel_size)}, ratio {self.ratio:g}"

    def call(self, x: Shape) -> Call:
        kernel = self.kernel_size
        return module("engine.modules.pooling.FractionalMaxPool2d", kernel, (self.ratio, self.ratio))
