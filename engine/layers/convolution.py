"""Convolutions: learned kernels that slide over the maps."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.layers.base import Layer, ShapeMismatch, register
from engine.layers.call import Call, module
from engine.layers.family import Family
from engine.layers.settings import Count, Padding, Size2, setting
from engine.layers.shape import Shape
from engine.layers.window import Window


@register
class Conv2d(Layer):
    """Slide learned kernels over the input (cross-correlation, as every library does)."""

    family: ClassVar = Family.CONVOLUTION
    title: ClassVar = "Conv2d"
    aliases: ClassVar = ("convolution", "conv")
    stem: ClassVar = "conv"
    palette_hint: ClassVar = "k, s, p"

    out_channels: Count = setting(32, "Output channels", unit="maps")
    kernel_size: Size2 = setting((3, 3), "Kernel", unit="px")
    stride: Size2 = setting((1, 1), "Stride", unit="px")
    padding: Padding = setting((0, 0), "Padding", unit="px")
    dilation: Size2 = setting((1, 1), "Dilation", unit="px", advanced=True)
    groups: Count = setting(1, "Groups", unit="groups", advanced=True)
    bias: bool = setting(True, "Bias")
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = setting("zeros", "Padding mode", advanced=True)

    def output_shape(self, x: Shape) -> Shape:
        if not x.is_map:
            raise ShapeMismatch("needs_map", f"Conv2d needs maps, but it gets a vector of {x}.", short="needs maps")
        (kh, kw), (sh, sw), (dh, dw) = self.kernel_size, self.stride, self.dilation
        ph, pw = (0, 0) if self.padding == "same" else self.padding
        height = (x.height + 2 * ph - dh * (kh - 1) - 1) // sh + 1
        width = (x.width + 2 * pw - dw * (kw - 1) - 1) // sw + 1
        return Shape(self.out_channels, height, width)

    def parameter_count(self, x: Shape) -> int:
        kh, kw = self.kernel_size
        return self.out_channels * (x.channels // self.groups) * kh * kw + self.out_channels * self.bias

    def window(self, x: Shape) -> Window:
        padding = (0, 0) if self.padding == "same" else self.padding
        return Window(self.kernel_size, self.stride, padding, self.dilation)

    def summary(self, *_: Shape) -> str:
        return f"{self.kernel_size[0]}×{self.kernel_size[1]}, {self.out_channels} maps"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Conv2d", x.channels, self.out_channels, self.kernel_size)
