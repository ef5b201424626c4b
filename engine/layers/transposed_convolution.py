"""Convolutions that enlarge maps."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from engine.choices.call import Call, module
from engine.layers.base import Layer, ShapeMismatch, Suggestion, register
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.numbers import brief, by, nearest_divisor, one_or_both
from engine.layers.reading import Reads, Slide
from engine.layers.settings import Count, Padding2, Size2, setting
from engine.layers.shape import Shape
from engine.layers.sliding import Pair, changed, compact
from engine.words import counted, thousands, undivided


@register
class ConvTranspose2d(Layer):
    """A convolution run backwards: each input value lays its weighted kernel onto a larger map.

    Sizes grow to (N − 1)·s − 2p + d·(k − 1) + o + 1 (Dumoulin & Visin 2016, section 4). Use it to draw images from
    features, or to undo a strided convolution; a kernel that the stride divides avoids chequer patterns.
    """

    family: ClassVar = Family.CONVOLUTION
    plain_weights: ClassVar = True
    title: ClassVar = "Transposed conv"
    aliases: ClassVar = ("deconvolution", "deconv", "upsample", "fractionally strided", "convtranspose")
    stem: ClassVar = "deconv"
    palette_hint: ClassVar = "upsample"
    width_setting: ClassVar = "out_channels"
    size_setting: ClassVar = "kernel_size"

    out_channels: Count = setting(32, "Output channels", unit="maps")
    kernel_size: Size2 = setting((2, 2), "Kernel", unit="px")
    stride: Size2 = setting((2, 2), "Stride", unit="px")
    padding: Padding2 = setting((0, 0), "Padding", unit="px", help="Lines cut from each side of the result.")
    output_padding: Padding2 = setting(
        (0, 0), "Output padding", unit="px", advanced=True, help="Lines added at the end; less than the stride."
    )
    dilation: Size2 = setting((1, 1), "Dilation", unit="px", advanced=True)
    groups: Count = setting(1, "Groups", unit="groups", advanced=True)
    bias: bool = setting(True, "Bias")

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        self._check_groups(x)
        self._check_output_padding()
        height, width = self._size(x.height, 0), self._size(x.width, 1)
        if min(height, width) < 1:
            raise self._nothing_left(x, (height, width))
        return Shape(self.out_channels, height, width)

    def parameter_count(self, x: Shape) -> int:
        return self.weight_count(x) + self.bias * self.out_channels

    def multiply_adds(self, x: Shape) -> int:
        return self.weight_count(x) * x.height * x.width

    def readings(self, x: Shape) -> tuple[Reads]:
        """A convolution of stride 1 over lines that lie a stride apart (Dumoulin & Visin 2016, section 4)."""
        rows, columns = (
            Slide(
                x[axis + 1],
                self._size(x[axis + 1], axis),
                self.kernel_size[axis],
                before=self._reach(axis) - 1 - self.padding[axis],
                dilation=self.dilation[axis],
                spacing=self.stride[axis],
            )
            for axis in (0, 1)
        )
        return (Reads(rows, columns),)

    def explain(self, x: Shape) -> list[Formula]:
        self.output_shape(x)
        rows, columns = self.kernel_size
        inputs = f"({x.channels}/{self.groups})" if self.groups > 1 else str(x.channels)
        weights = f"{rows}·{columns}·{inputs}·{self.out_channels}" + f" + {self.out_channels}" * self.bias
        macs = f"{thousands(self.weight_count(x))}·{x.height}·{x.width}"
        return [
            self._formula("H", x.height, axis=0),
            self._formula("W", x.width, axis=1),
            Formula("Parameters", (weights,), thousands(self.parameter_count(x))),
            Formula("MACs", (macs,), brief(self.multiply_adds(x)), "Every weight is used once for each input pixel."),
        ]

    def summary(self, *_: Shape) -> str:
        parts = [by(self.kernel_size), counted(self.out_channels, "map")]
        parts += [f"stride {one_or_both(self.stride)}"] * (self.stride != (1, 1))
        parts += [f"pad {one_or_both(self.padding)}"] * (self.padding != (0, 0))
        return ", ".join(parts)

    def matching_padding(self) -> dict[str, Any]:
        sizes = list(zip(self.kernel_size, self.stride, strict=True))
        padding = tuple(max(0, (k - s + 1) // 2) for k, s in sizes)
        more = tuple(max(0, 2 * p + s - k) for p, (k, s) in zip(padding, sizes, strict=True))
        return {"padding": padding, "output_padding": more}

    def call(self, x: Shape) -> Call:
        keywords = changed(
            stride=(self.stride, 1),
            padding=(self.padding, 0),
            output_padding=(self.output_padding, 0),
            dilation=(self.dilation, 1),
            groups=(self.groups, 1),
            bias=(self.bias, True),
        )
        kernel = compact(self.kernel_size)
        return module("torch.nn.ConvTranspose2d", x.channels, self.out_channels, kernel_size=kernel, **keywords)

    def _reach(self, axis: int) -> int:
        return self.dilation[axis] * (self.kernel_size[axis] - 1) + 1

    def _size(self, size: int, axis: int) -> int:
        grown = (size - 1) * self.stride[axis] - 2 * self.padding[axis]
        return grown + self._reach(axis) + self.output_padding[axis]

    def weight_count(self, x: Shape) -> int:
        return x.channels * (self.out_channels // self.groups) * self.kernel_size[0] * self.kernel_size[1]

    def _formula(self, name: str, size: int, *, axis: int) -> Formula:
        k, s, p = self.kernel_size[axis], self.stride[axis], self.padding[axis]
        d, o = self.dilation[axis], self.output_padding[axis]
        steps = (
            f"({name}_in − 1)·s − 2p + d·(k − 1) + o + 1",
            f"({size} − 1)·{s} − 2·{p} + {d}·({k} − 1) + {o} + 1",
        )
        return Formula(name, steps, str(self._size(size, axis)))

    def _check_groups(self, x: Shape) -> None:
        for channels, kind in ((self.out_channels, "output"), (x.channels, "input")):
            if channels % self.groups:
                nearest = nearest_divisor(math.gcd(self.out_channels, x.channels), self.groups)
                raise ShapeMismatch(
                    "groups_do_not_divide",
                    undivided(channels, f"{kind} channel", self.groups),
                    hint="The number of groups must divide the input and the output channels.",
                    short="groups",
                    suggestions=(Suggestion(f"Groups {nearest}", {"groups": nearest}),),
                )

    def _check_output_padding(self) -> None:
        most: Pair = (max(self.stride[0], self.dilation[0]) - 1, max(self.stride[1], self.dilation[1]) - 1)
        if self.output_padding[0] > most[0] or self.output_padding[1] > most[1]:
            kept = (min(self.output_padding[0], most[0]), min(self.output_padding[1], most[1]))
            raise ShapeMismatch(
                "padding_too_large",
                f"Output padding {one_or_both(self.output_padding)} must be less than the stride "
                f"{one_or_both(self.stride)} or the dilation {one_or_both(self.dilation)}.",
                hint="It only settles which of the sizes that a stride rounds together is meant.",
                short="padding too large",
                suggestions=(Suggestion(f"Output padding {one_or_both(kept)}", {"output_padding": kept}),),
            )

    def _nothing_left(self, x: Shape, size: Pair) -> ShapeMismatch:
        return ShapeMismatch(
            "nothing_left",
            f"Padding {one_or_both(self.padding)} cuts all of {x.height}×{x.width} away: {by(size)} would be left.",
            hint="Here padding is what is cut from the result.",
            short="nothing left",
            suggestions=(Suggestion("Pad 0", {"padding": (0, 0)}),),
        )
