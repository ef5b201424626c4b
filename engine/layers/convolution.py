"""Convolutions: learned kernels that slide over the maps."""

from __future__ import annotations

import math
from typing import ClassVar, NamedTuple

from engine.choices.call import Call, module
from engine.layers.base import ShapeMismatch, Suggestion, register
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.numbers import brief, nearest_divisor, one_or_both
from engine.layers.settings import LARGEST, Count, Padding, Size2, setting
from engine.layers.shape import Shape
from engine.layers.sliding import Axis, Pair, Sliding, SlidingLayer, changed, compact
from engine.layers.window import PaddingMode
from engine.words import counted, thousands, undivided

ABOUT_PADDING = 'Lines added on each side; "same" keeps ⌈N / stride⌉ lines.'
ABOUT_DILATION = "Distance between the values that one kernel reads."
ABOUT_BIAS = "Off before batch norm, which would remove it again."
ABOUT_MODE = "What the added lines hold."


class Kernels(NamedTuple):
    """How many kernels a convolution has: output maps, groups, and whether each adds a bias."""

    maps: int
    groups: int
    bias: bool


class Convolution(SlidingLayer):
    """What all convolutions share; subclasses say how many maps come out and how they are grouped."""

    family: ClassVar = Family.CONVOLUTION
    plain_weights: ClassVar = True

    def kernels(self, x: Shape) -> Kernels:
        """How many kernels there are over an input ``x``."""
        raise TypeError(f"{type(self).__name__} does not declare kernels")

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        self._check_groups(x)
        self._check_padding(*self.sliding().axes(x))
        return self.slid(x, self.kernels(x).maps)

    def parameter_count(self, x: Shape) -> int:
        kernels = self.kernels(x)
        return self.weight_count(x) + kernels.bias * kernels.maps

    def multiply_adds(self, x: Shape) -> int:
        shape = self.output_shape(x)
        return self.weight_count(x) * shape.height * shape.width

    def explain(self, x: Shape) -> list[Formula]:
        shape, kernels, (rows, columns) = self.output_shape(x), self.kernels(x), self.sliding().kernel
        inputs = f"({x.channels}/{kernels.groups})" if kernels.groups > 1 else str(x.channels)
        weights = f"{rows}·{columns}·{inputs}·{kernels.maps}" + f" + {kernels.maps}" * kernels.bias
        macs = f"{thousands(self.weight_count(x))}·{shape.height}·{shape.width}"
        return [
            *self.explain_size(x, channels="C is the number of output channels."),
            Formula("Parameters", (weights,), thousands(self.parameter_count(x))),
            Formula("MACs", (macs,), brief(self.multiply_adds(x)), "Every weight is used once at each place."),
        ]

    def unsaid_padding(self) -> Pair:
        (rows, columns), (down, across) = self.sliding().kernel, self.sliding().dilation
        return down * (rows - 1) // 2, across * (columns - 1) // 2

    def call(self, x: Shape) -> Call:
        sliding, kernels = self.sliding(), self.kernels(x)
        own = sliding.padding == "same" and not self._torch_keeps_size(sliding)
        target = "engine.modules.same_padding.SameConv2d" if own else "torch.nn.Conv2d"
        keywords = changed(
            stride=(sliding.stride, 1),
            padding=(0 if own else sliding.padding, 0),
            dilation=(sliding.dilation, 1),
            groups=(kernels.groups, 1),
            bias=(kernels.bias, True),
            padding_mode=(self.mode(), "zeros"),
        )
        return module(target, x.channels, kernels.maps, kernel_size=compact(sliding.kernel), **keywords)

    @staticmethod
    def _torch_keeps_size(sliding: Sliding) -> bool:
        """Whether torch's own "same" will do: it refuses strides, and warns where the two sides differ."""
        spans = (dilation * (kernel - 1) for kernel, dilation in zip(sliding.kernel, sliding.dilation, strict=True))
        return sliding.stride == (1, 1) and all(span % 2 == 0 for span in spans)

    def weight_count(self, x: Shape) -> int:
        (rows, columns), kernels = self.sliding().kernel, self.kernels(x)
        return kernels.maps * (x.channels // kernels.groups) * rows * columns

    def _check_groups(self, x: Shape) -> None:
        maps, groups, _ = self.kernels(x)
        for channels, kind in ((maps, "output"), (x.channels, "input")):
            if channels % groups:
                nearest = nearest_divisor(math.gcd(maps, x.channels), groups)
                raise ShapeMismatch(
                    "groups_do_not_divide",
                    undivided(channels, f"{kind} channel", groups),
                    hint="The number of groups must divide the input and the output channels.",
                    short="groups",
                    suggestions=(Suggestion(f"Groups {nearest}", {"groups": nearest}),),
                )

    def _check_padding(self, rows: Axis, columns: Axis) -> None:
        if not self._may_pad(rows, columns, (max(rows.pads), max(columns.pads))):
            raise self._too_much_padding(rows, columns)

    def _too_much_padding(self, rows: Axis, columns: Axis) -> ShapeMismatch:
        most = tuple(self._most_padding(axis) for axis in (rows, columns))
        pads = (max(rows.pads), max(columns.pads))
        kept = (min(pads[0], most[0]), min(pads[1], most[1]))
        verb = "mirror" if self.mode() == "reflect" else "repeat"
        return ShapeMismatch(
            "padding_too_large",
            f"{self.mode().capitalize()} padding of {one_or_both(pads)} needs a larger map than "
            f"{rows.size}×{columns.size}: it can {verb} at most {one_or_both((most[0], most[1]))}.",
            hint="Zero padding has no such limit.",
            short="padding too large",
            suggestions=(
                Suggestion(f"Pad {one_or_both(kept)}", {"padding": kept}),
                Suggestion("Pad with zeros", {"padding_mode": "zeros"}),
            ),
        )

    def _may_pad(self, rows: Axis, columns: Axis, padding: Pair) -> bool:
        return all(pad <= self._most_padding(axis) for pad, axis in zip(padding, (rows, columns), strict=True))

    def _most_padding(self, axis: Axis) -> int:
        """The most lines that the padding mode can take from the map itself."""
        return {"reflect": axis.size - 1, "circular": axis.size}.get(self.mode(), LARGEST)


@register
class Conv2d(Convolution):
    """Slide learned kernels over the input (cross-correlation, as every library does).

    Each output map has its own kernel over all input maps of its group; sizes follow ⌊(N − F + 2P)/S⌋ + 1. Use it
    wherever nearby pixels belong together: early layers find edges, later ones parts. "same" padding keeps ⌈N/S⌉.
    """

    title: ClassVar = "Conv2d"
    common: ClassVar = True
    aliases: ClassVar = ("convolution", "conv", "filter", "kernel", "conv 1×n", "conv n×1")
    stem: ClassVar = "conv"
    palette_hint: ClassVar = "k, s, p"
    width_setting: ClassVar = "out_channels"
    size_setting: ClassVar = "kernel_size"

    out_channels: Count = setting(32, "Output channels", unit="maps")
    kernel_size: Size2 = setting((3, 3), "Kernel", unit="px")
    stride: Size2 = setting((1, 1), "Stride", unit="px")
    padding: Padding = setting((0, 0), "Padding", unit="px", help=ABOUT_PADDING)
    dilation: Size2 = setting((1, 1), "Dilation", unit="px", advanced=True, help=ABOUT_DILATION)
    groups: Count = setting(
        1, "Groups", unit="groups", advanced=True, help="Each group sees only its own share of the input maps."
    )
    bias: bool = setting(True, "Bias", help=ABOUT_BIAS)
    padding_mode: PaddingMode = setting("zeros", "Padding mode", advanced=True, help=ABOUT_MODE)

    def kernels(self, x: Shape) -> Kernels:
        return Kernels(self.out_channels, self.groups, self.bias)

    def sliding(self) -> Sliding:
        return Sliding(self.kernel_size, self.stride, self.padding, self.dilation)

    def mode(self) -> PaddingMode:
        return self.padding_mode

    def summary(self, *_: Shape) -> str:
        groups = (f"{self.groups} groups",) if self.groups > 1 else ()
        return self.summary_of_size(counted(self.out_channels, "map"), *groups)


@register
class PointwiseConv2d(Convolution):
    """A 1×1 convolution: mixes the maps at every pixel and changes how many there are (Lin et al. 2013).

    Use it to shrink or grow the number of maps cheaply: bottlenecks, projections, after a depthwise convolution.
    """

    title: ClassVar = "Conv 1×1"
    common: ClassVar = True
    aliases: ClassVar = ("pointwise", "projection", "bottleneck", "1x1", "conv 1x1")
    stem: ClassVar = "conv"
    palette_hint: ClassVar = "projection"
    width_setting: ClassVar = "out_channels"

    out_channels: Count = setting(32, "Output channels", unit="maps")
    stride: Size2 = setting((1, 1), "Stride", unit="px")
    bias: bool = setting(True, "Bias", help=ABOUT_BIAS)

    def kernels(self, x: Shape) -> Kernels:
        return Kernels(self.out_channels, 1, self.bias)

    def sliding(self) -> Sliding:
        return Sliding((1, 1), self.stride)

    def summary(self, *_: Shape) -> str:
        return self.summary_of_size(counted(self.out_channels, "map"))


@register
class DepthwiseConv2d(Convolution):
    """One small kernel a map and no mixing between maps (Howard et al. 2017, section 3.1).

    With a 1×1 convolution to M maps after it, it costs 1/M + 1/K² of a full convolution. Use it where speed and size
    matter more than the last tenth of a per cent.
    """

    title: ClassVar = "Depthwise conv"
    common: ClassVar = True
    aliases: ClassVar = ("depthwise", "separable", "depthwise separable", "mobilenet")
    stem: ClassVar = "depthwise"
    palette_hint: ClassVar = "groups = C"
    size_setting: ClassVar = "kernel_size"

    kernel_size: Size2 = setting((3, 3), "Kernel", unit="px")
    stride: Size2 = setting((1, 1), "Stride", unit="px")
    padding: Padding = setting((1, 1), "Padding", unit="px", help=ABOUT_PADDING)
    dilation: Size2 = setting((1, 1), "Dilation", unit="px", advanced=True, help=ABOUT_DILATION)
    multiplier: Count = setting(1, "Multiplier", unit="maps each", advanced=True, help="Output maps per input map.")
    bias: bool = setting(True, "Bias", help=ABOUT_BIAS)
    padding_mode: PaddingMode = setting("zeros", "Padding mode", advanced=True, help=ABOUT_MODE)

    def kernels(self, x: Shape) -> Kernels:
        return Kernels(x.channels * self.multiplier, x.channels, self.bias)

    def sliding(self) -> Sliding:
        return Sliding(self.kernel_size, self.stride, self.padding, self.dilation)

    def mode(self) -> PaddingMode:
        return self.padding_mode

    def summary(self, *_: Shape) -> str:
        return self.summary_of_size(f"{self.multiplier} maps each" if self.multiplier > 1 else "one kernel a map")
