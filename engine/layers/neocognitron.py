"""The cells of the neocognitron, ancestor of all convolutional networks (Fukushima 1980)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from engine.choices.call import Call, module
from engine.layers.base import register
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.numbers import brief, by
from engine.layers.pooling import Pooling
from engine.layers.settings import Count, Padding2, Size2, setting
from engine.layers.shape import Shape
from engine.layers.sliding import Sliding, SlidingLayer
from engine.words import counted, thousands


@register
class SCell2d(SlidingLayer):
    """Simple cells: answer where a pattern fits better than the inhibition b·v of its surroundings.

    u = r·ReLU((1 + Σ a·u_C) / (1 + r/(1 + r)·b·v) − 1), v the root of the weighted mean square of what is read
    (Fukushima 1980, eq. 1, which writes 2r/(1 + r) with b half as large). As in the paper the weights of v fall off
    with the distance and add up to 1 over all planes; it leaves open how fast, here it is 0.9^d at distance d.
    Fukushima let winners strengthen themselves; here a and b are trained by gradient descent.
    """

    family: ClassVar = Family.CONVOLUTION
    title: ClassVar = "S-cells"
    aliases: ClassVar = ("simple cell", "neocognitron", "fukushima")
    stem: ClassVar = "s"
    size_setting: ClassVar = "kernel_size"

    planes: Count = setting(24, "Planes", unit="maps")
    kernel_size: Size2 = setting((5, 5), "Kernel", unit="px")
    padding: Padding2 = setting((0, 0), "Padding", unit="px")
    selectivity: Annotated[float, Field(gt=0, le=100)] = setting(
        1.5, "Selectivity r", help="How exactly a pattern must fit; larger is stricter."
    )

    def sliding(self) -> Sliding:
        return Sliding(self.kernel_size, (1, 1), self.padding)

    def output_shape(self, x: Shape) -> Shape:
        return self.slid(x, self.planes)

    def parameter_count(self, x: Shape) -> int:
        return self.weight_count(x) + self.planes

    def weight_count(self, x: Shape) -> int:
        rows, columns = self.kernel_size
        return rows * columns * x.channels * self.planes

    def multiply_adds(self, x: Shape) -> int:
        shape, (rows, columns) = self.output_shape(x), self.kernel_size
        return rows * columns * (x.channels * self.planes + 1) * shape.height * shape.width

    def explain(self, x: Shape) -> list[Formula]:
        shape, (rows, columns) = self.output_shape(x), self.kernel_size
        weights = f"{rows}·{columns}·{x.channels}·{self.planes} + {self.planes}"
        macs = f"{rows}·{columns}·({x.channels}·{self.planes} + 1)·{shape.height}·{shape.width}"
        return [
            *self.explain_size(x, channels="C is the number of planes."),
            Formula(
                "Parameters", (weights,), thousands(self.parameter_count(x)), "Kernels a and one inhibition b each."
            ),
            Formula("MACs", (macs,), brief(self.multiply_adds(x)), "One more kernel measures the mean square v."),
        ]

    def summary(self, *_: Shape) -> str:
        return self.summary_of_size(counted(self.planes, "plane"))

    def call(self, x: Shape) -> Call:
        target = "engine.modules.neocognitron.SCell2d"
        padding = {} if self.padding == (0, 0) else {"padding": self.padding}
        return module(target, x.channels, self.planes, self.kernel_size, selectivity=self.selectivity, **padding)


@register
class CCell2d(Pooling):
    """Complex cells: blur each plane and saturate, ψ(x) = x/(α + x), so that small shifts do not matter.

    With lateral inhibition it is ψ((1 + Σ d·u_S) / (1 + v) − 1), v the mean of Σ d·u_S over all planes: only what
    stands out among them gets through (Fukushima 1980, eq. 4; his simulation has α = 0.5). The paper has fixed
    weights d that fall off with the distance, but not how fast; here they are 0.8^d at distance d and add up to 1.
    Pooling is what became of these cells.
    """

    title: ClassVar = "C-cells"
    aliases: ClassVar = ("complex cell", "neocognitron", "fukushima")
    stem: ClassVar = "c"
    size_setting: ClassVar = "kernel_size"

    kernel_size: Size2 = setting((5, 5), "Kernel", unit="px")
    stride: Size2 = setting((1, 1), "Stride", unit="px")
    padding: Padding2 = setting((0, 0), "Padding", unit="px", help="At most half of the kernel.")
    saturation: Annotated[float, Field(gt=0, le=100)] = setting(
        1.0, "Saturation α", help="The input that gives half of the most; smaller saturates sooner."
    )
    lateral: bool = setting(False, "Lateral inhibition", help="The mean of all planes holds each of them down.")

    def sliding(self) -> Sliding:
        return Sliding(self.kernel_size, self.stride, self.padding)

    def verb(self) -> str:
        return "blur"

    def multiply_adds(self, x: Shape) -> int:
        """It runs as a convolution with one fixed kernel."""
        return self.output_shape(x).elements * self.kernel_size[0] * self.kernel_size[1]

    def explain(self, x: Shape) -> list[Formula]:
        macs = f"{by(self.kernel_size)}×{self.output_shape(x)}".replace("×", "·")
        return [
            *super().explain(x),
            self._response(),
            Formula("MACs", (macs,), brief(self.multiply_adds(x))),
        ]

    def call(self, x: Shape) -> Call:
        settings = {name: getattr(self, name) for name in ("stride", "padding", "saturation", "lateral")}
        return module("engine.modules.neocognitron.CCell2d", self.kernel_size, **settings)

    def _response(self) -> Formula:
        psi = f"With ψ(x) = x/({self.saturation:g} + x)"
        if not self.lateral:
            return Formula("y", (), "ψ(Σ d·x)", f"{psi}.")
        return Formula("y", (), "ψ((1 + Σ d·x)/(1 + v) − 1)", f"{psi} and v the mean of Σ d·x over all planes.")
