"""Pooling: one value for each window of a map."""

from __future__ import annotations

from typing import Any, ClassVar

from engine.choices.call import Call, module
from engine.families import Family
from engine.layers.base import ShapeMismatch, Suggestion, register
from engine.layers.formula import Formula
from engine.layers.numbers import one_or_both
from engine.layers.settings import Padding, Size2, setting
from engine.layers.shape import Shape
from engine.layers.sliding import Axis, Pair, Sliding, SlidingLayer, changed, compact

ABOUT_CEIL = "Round sizes up: the last window may hang over the edge."


class Pooling(SlidingLayer):
    """What all sliding pools share: the maps stay, each shrinks; nothing is learned."""

    family: ClassVar = Family.POOLING

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        self._check_padding()
        return self.slid(x, x.channels)

    def explain(self, x: Shape) -> list[Formula]:
        self.output_shape(x)
        return self.explain_size(x, channels="C stays.")

    def summary(self, *_: Shape) -> str:
        return f"{self.verb()} {self.summary_of_size()}"

    def matching_padding(self) -> dict[str, Any]:
        """Empty: a pool is there to shrink the map."""
        return {}

    def verb(self) -> str:
        """The word before the kernel in the node: "max"."""
        return self.stem

    def _check_padding(self) -> None:
        if not self._may_pad_by(self.sliding().padding):
            raise self._too_much_padding()

    def _may_pad_by(self, padding: object) -> bool:
        if not isinstance(padding, tuple):
            return True
        most = self._most_padding()
        return bool(padding[0] <= most[0] and padding[1] <= most[1])

    def _may_pad(self, rows: Axis, columns: Axis, padding: Pair) -> bool:
        return "padding" in type(self).model_fields and self._may_pad_by(padding)

    def _most_padding(self) -> Pair:
        """Half of the kernel, dilated or not: torch allows more in some places only, and never while compiling."""
        rows, columns = self.sliding().kernel
        return rows // 2, columns // 2

    def _too_much_padding(self) -> ShapeMismatch:
        sliding, most = self.sliding(), self._most_padding()
        padding = sliding.padding if isinstance(sliding.padding, tuple) else (0, 0)
        kept = (min(padding[0], most[0]), min(padding[1], most[1]))
        kernel = f"{sliding.kernel[0]}×{sliding.kernel[1]}"
        return ShapeMismatch(
            "padding_too_large",
            f"Padding {one_or_both(padding)} is more than half of the {kernel} window.",
            hint=f"At most {one_or_both(most)}, so that every window meets the map.",
            short="padding too large",
            suggestions=(Suggestion(f"Pad {one_or_both(kept)}", {"padding": kept}),),
        )


@register
class MaxPool2d(Pooling):
    """The largest value of each window: keeps the strongest response and forgets exactly where it was.

    Overlapping when the kernel is larger than the stride (AlexNet: 3×3, stride 2). Padding never wins.
    """

    title: ClassVar = "Max pool"
    common: ClassVar = True
    aliases: ClassVar = ("max pooling", "maxpool", "subsampling", "downsample")
    stem: ClassVar = "maxpool"
    palette_hint: ClassVar = "2×2"
    size_setting: ClassVar = "kernel_size"

    kernel_size: Size2 = setting((2, 2), "Kernel", unit="px")
    stride: Size2 = setting((2, 2), "Stride", unit="px")
    padding: Padding = setting((0, 0), "Padding", unit="px", help="At most half of the kernel.")
    dilation: Size2 = setting((1, 1), "Dilation", unit="px", advanced=True)
    ceil_mode: bool = setting(False, "Round up", advanced=True, help=ABOUT_CEIL)

    def sliding(self) -> Sliding:
        return Sliding(self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)

    def verb(self) -> str:
        return "max"

    def output_shape(self, x: Shape) -> Shape:
        shape = super().output_shape(x)
        if any(axis.reads_padding_alone for axis in self.sliding().axes(x)):
            raise ShapeMismatch(
                "window_misses_map",
                f"Steps of {one_or_both(self.dilation)} px leap over the {x.height}×{x.width} map: "
                "some windows read nothing but padding.",
                hint="Their maximum would be −∞. Take a smaller dilation.",
                short="reads only padding",
                suggestions=(Suggestion("Dilation 1", {"dilation": (1, 1)}),),
            )
        return shape

    def call(self, x: Shape) -> Call:
        if self.padding == "same":
            target = "engine.modules.same_padding.SameMaxPool2d"
            return module(target, self.kernel_size, self.stride, self.dilation)
        keywords = changed(padding=(self.padding, 0), dilation=(self.dilation, 1), ceil_mode=(self.ceil_mode, False))
        return module("torch.nn.MaxPool2d", compact(self.kernel_size), stride=compact(self.stride), **keywords)


@register
class AvgPool2d(Pooling):
    """The mean of each window: smooths, and keeps every value's share (LeCun et al. 1989).

    ``count_include_pad`` counts padded zeros in the mean.
    """

    title: ClassVar = "Average pool"
    common: ClassVar = True
    aliases: ClassVar = ("average pooling", "avgpool", "mean", "subsampling", "downsample")
    stem: ClassVar = "avgpool"
    palette_hint: ClassVar = "2×2"
    size_setting: ClassVar = "kernel_size"

    kernel_size: Size2 = setting((2, 2), "Kernel", unit="px")
    stride: Size2 = setting((2, 2), "Stride", unit="px")
    padding: Padding = setting((0, 0), "Padding", unit="px", help="At most half of the kernel.")
    ceil_mode: bool = setting(False, "Round up", advanced=True, help=ABOUT_CEIL)
    count_include_pad: bool = setting(True, "Count padding", advanced=True, help="Padded zeros count in the mean.")

    def sliding(self) -> Sliding:
        return Sliding(self.kernel_size, self.stride, self.padding, ceil=self.ceil_mode)

    def verb(self) -> str:
        return "average"

    def call(self, x: Shape) -> Call:
        if self.padding == "same":
            target = "engine.modules.same_padding.SameAvgPool2d"
            return module(target, self.kernel_size, self.stride, count_include_pad=self.count_include_pad)
        keywords = changed(
            padding=(self.padding, 0),
            ceil_mode=(self.ceil_mode, False),
            count_include_pad=(self.count_include_pad, True),
        )
        return module("torch.nn.AvgPool2d", compact(self.kernel_size), stride=compact(self.stride), **keywords)
