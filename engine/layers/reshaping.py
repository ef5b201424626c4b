"""Layers that only rearrange, repeat or cut values."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.choices.call import Call, function, module
from engine.families import Family
from engine.layers.base import Layer, ShapeMismatch, Suggestion, register
from engine.layers.formula import Formula
from engine.layers.numbers import by, one_or_both
from engine.layers.reading import Reads, Relaid, Slide
from engine.layers.settings import Count, NonNegativeSize, Size2, setting
from engine.layers.shape import Shape
from engine.layers.sliding import compact
from engine.layers.window import Window
from engine.words import counted, thousands


class Rearranging(Layer):
    """No parameters, no arithmetic: values move."""

    family: ClassVar = Family.SHAPE


@register
class Flatten(Rearranging):
    """Lay all maps out as one vector, row by row: needed before a Linear layer."""

    title: ClassVar = "Flatten"
    common: ClassVar = True
    aliases: ClassVar = ("vector", "ravel")
    stem: ClassVar = "flatten"

    def output_shape(self, x: Shape) -> Shape:
        return Shape(x.elements)

    def explain(self, x: Shape) -> list[Formula]:
        return [Formula("Features", (by(x).replace("×", "·"),), thousands(x.elements))]

    def summary(self, *inputs: Shape) -> str:
        return f"{inputs[0]} → {thousands(inputs[0].elements)}" if inputs else "map to vector"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Flatten")


@register
class Reshape(Rearranging):
    """Lay the same values out as maps of another size, for example a vector as an image."""

    title: ClassVar = "Reshape"
    aliases: ClassVar = ("view", "unflatten", "vector to map")
    stem: ClassVar = "reshape"
    map_settings: ClassVar = ("channels", "height", "width")

    channels: Count = setting(1, "Channels", unit="maps")
    height: Count = setting(1, "Height", unit="px")
    width: Count = setting(1, "Width", unit="px")

    def output_shape(self, x: Shape) -> Shape:
        shape = Shape(self.channels, self.height, self.width)
        if shape.elements != x.elements:
            raise ShapeMismatch(
                "sizes_differ",
                f"Reshape to {shape} needs {counted(shape.elements, 'value')}",
                gets=thousands(x.elements),
                hint="Channels × height × width must equal the number of values that come in.",
                short="sizes differ",
                suggestions=self._cures(x),
            )
        return shape

    def readings(self, x: Shape) -> tuple[Reads | Relaid | None, ...]:
        if not x.is_map or x[1:] == (self.height, self.width):
            return super().readings(x)
        return (Relaid((x.height, x.width), (self.height, self.width)),)

    def _cures(self, x: Shape) -> tuple[Suggestion, ...]:
        channels, rest = divmod(x.elements, self.height * self.width)
        return () if rest or not channels else (Suggestion(f"Channels {channels}", {"channels": channels}),)

    def explain(self, x: Shape) -> list[Formula]:
        shape = self.output_shape(x)
        return [Formula("Values", (by(shape).replace("×", "·"),), thousands(x.elements), "As many as come in.")]

    def summary(self, *_: Shape) -> str:
        return f"to {self.channels}×{self.height}×{self.width}"

    def call(self, x: Shape) -> Call:
        return function("torch.reshape", shape=(-1, self.channels, self.height, self.width))


class Sides(Rearranging):
    """Adds or removes lines on each side of a map."""

    top: NonNegativeSize = setting(1, "Top", unit="px")
    bottom: NonNegativeSize = setting(1, "Bottom", unit="px")
    left: NonNegativeSize = setting(1, "Left", unit="px")
    right: NonNegativeSize = setting(1, "Right", unit="px")

    sign: ClassVar[int]

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        height = x.height + self.sign * (self.top + self.bottom)
        width = x.width + self.sign * (self.left + self.right)
        if min(height, width) < 1:
            raise self.nothing_left(x)
        return Shape(x.channels, height, width)

    def readings(self, x: Shape) -> tuple[Reads]:
        """Each place its like, so many lines further on."""
        shape = self.output_shape(x)
        rows = Slide(x.height, shape.height, before=self.sign * self.top)
        return (Reads(rows, Slide(x.width, shape.width, before=self.sign * self.left)),)

    def nothing_left(self, x: Shape) -> ShapeMismatch:
        """The error for cutting all lines away; suggests the most that leaves one."""
        rows, columns = (x.height - 1) // 2, (x.width - 1) // 2
        sides = {"top": rows, "bottom": rows, "left": columns, "right": columns}
        cut = f"{counted(self.top + self.bottom, 'row')} and {counted(self.left + self.right, 'column')}"
        return ShapeMismatch(
            "nothing_left",
            f"Cutting {cut} leaves nothing of {x.height}×{x.width}.",
            hint="At least one row and one column must stay.",
            short="nothing left",
            suggestions=(Suggestion(f"Cut {one_or_both((rows, columns))}", sides),),
        )

    def explain(self, x: Shape) -> list[Formula]:
        shape, sign = self.output_shape(x), "+" if self.sign > 0 else "−"
        return [
            Formula("H", (f"{x.height} {sign} {self.top} {sign} {self.bottom}",), str(shape.height), "C stays."),
            Formula("W", (f"{x.width} {sign} {self.left} {sign} {self.right}",), str(shape.width)),
        ]

    def summary(self, *_: Shape) -> str:
        word = "pad" if self.sign > 0 else "cut"
        sides = {self.top, self.bottom, self.left, self.right}
        return f"{word} {self.top}" if len(sides) == 1 else f"{word} {self.top} {self.right} {self.bottom} {self.left}"

    def call(self, x: Shape) -> Call:
        sides = (self.left, self.right, self.top, self.bottom)
        return module("torch.nn.ZeroPad2d", tuple(self.sign * side for side in sides))


@register
class ZeroPad2d(Sides):
    """Add rows and columns of zeros, each side on its own."""

    title: ClassVar = "Zero padding"
    aliases: ClassVar = ("pad", "border", "asymmetric padding")
    stem: ClassVar = "pad"
    sign: ClassVar = 1


@register
class Crop2d(Sides):
    """Cut rows and columns away, so that two paths fit together."""

    title: ClassVar = "Crop"
    aliases: ClassVar = ("cut", "trim", "crop and copy")
    stem: ClassVar = "crop"
    sign: ClassVar = -1


@register
class ZeroPadShortcut(Rearranging):
    """A shortcut without parameters: keeps every s-th row and column, adds maps of zeros (He et al. 2015, option A)."""

    title: ClassVar = "Zero-pad shortcut"
    aliases: ClassVar = ("channel padding", "shortcut a", "identity shortcut")
    stem: ClassVar = "shortcut"
    palette_hint: ClassVar = "residual"
    width_setting: ClassVar = "out_channels"

    out_channels: Count = setting(64, "Output channels", unit="maps")
    stride: Size2 = setting((2, 2), "Stride", unit="px")

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        if x.channels > self.out_channels:
            raise ShapeMismatch(
                "too_few_channels",
                f"The shortcut can only add maps: it gets {x.channels} and should give {self.out_channels}.",
                hint="A 1×1 convolution can also reduce them.",
                short="too few maps",
                suggestions=(Suggestion(f"Channels {x.channels}", {"out_channels": x.channels}),),
            )
        return Shape(self.out_channels, -(-x.height // self.stride[0]), -(-x.width // self.stride[1]))

    def explain(self, x: Shape) -> list[Formula]:
        shape, added = self.output_shape(x), self.out_channels - x.channels
        return [
            Formula("C", (f"{x.channels} + {added}",), str(shape.channels), f"{counted(added, 'map')} of zeros."),
            Formula("H", ("⌈H_in / s⌉", f"⌈{x.height} / {self.stride[0]}⌉"), str(shape.height)),
            Formula("W", ("⌈W_in / s⌉", f"⌈{x.width} / {self.stride[1]}⌉"), str(shape.width)),
        ]

    def window(self, x: Shape) -> Window | None:
        return Window((1, 1), self.stride) if x.is_map else None

    def summary(self, *_: Shape) -> str:
        return counted(self.out_channels, "map") + (
            f", stride {one_or_both(self.stride)}" if self.stride != (1, 1) else ""
        )

    def call(self, x: Shape) -> Call:
        return module("engine.modules.shortcut.ZeroPadShortcut", self.out_channels, self.stride)


@register
class Upsample(Rearranging):
    """Enlarge each map by a whole factor: by repeating pixels, or smoothly between them."""

    title: ClassVar = "Upsample"
    aliases: ClassVar = ("enlarge", "resize", "interpolate", "bilinear", "nearest")
    stem: ClassVar = "upsample"
    size_setting: ClassVar = "scale"

    scale: Size2 = setting((2, 2), "Scale", unit="times")
    mode: Literal["nearest", "bilinear"] = setting("nearest", "Mode")

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        return Shape(x.channels, x.height * self.scale[0], x.width * self.scale[1])

    def readings(self, x: Shape) -> tuple[Reads]:
        """The pixel that is repeated, or the two of each axis that a value lies between; one where it lies on it."""
        rows, columns = (_enlarged(size, scale, self.mode) for size, scale in zip(x[1:], self.scale, strict=True))
        return (Reads(rows, columns),)

    def explain(self, x: Shape) -> list[Formula]:
        shape = self.output_shape(x)
        return [
            Formula("H", (f"{x.height}·{self.scale[0]}",), str(shape.height), "C stays."),
            Formula("W", (f"{x.width}·{self.scale[1]}",), str(shape.width)),
        ]

    def summary(self, *_: Shape) -> str:
        return f"{self.mode}, × {one_or_both(self.scale)}"

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Upsample", scale_factor=compact(self.scale), mode=self.mode)


def _enlarged(size: int, scale: int, mode: Literal["nearest", "bilinear"]) -> Slide:
    """A window over lines that lie ``scale`` apart: it holds one of them, or those nearer than ``scale``."""
    kernel, before = (scale, scale - 1) if mode == "nearest" else (2 * scale - scale % 2, 3 * scale // 2 - 1)
    return Slide(size, size * scale, kernel, before=before, spacing=scale)
