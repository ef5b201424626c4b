"""Layers that bring several paths together."""

from __future__ import annotations

from typing import ClassVar

from engine.choices.call import Call, Inputs, function
from engine.families import Family
from engine.layers.base import Layer, ShapeMismatch, register
from engine.layers.formula import Formula
from engine.layers.shape import Shape


class Merge(Layer):
    """Two or more paths become one; subclasses say which shapes go together."""

    family: ClassVar = Family.MERGE
    variadic: ClassVar = True

    def differ(self, needs: str, *inputs: Shape) -> ShapeMismatch:
        """The error for shapes of which some do not go together; ``needs`` is what would.

        It names one that does not go with most, and one of these.
        """
        odd = min((self._misfits(shape, inputs) for shape in inputs), key=len)
        beside = next(index for index in range(len(inputs)) if index not in odd)
        alone = len(odd) == 1 and len(inputs) > 2
        return ShapeMismatch(
            "inputs_differ",
            f"{self.title} needs {needs}",
            differing={
                index: inputs[index].said for index in ((odd[0], beside) if alone else sorted((beside, odd[0])))
            },
            alone=alone,
            hint="A 1×1 convolution can change the maps, its stride the size.",
            short=f"input {odd[0] + 1} differs" if alone else f"{len(inputs)} inputs differ",
        )

    def _misfits(self, first: Shape, inputs: tuple[Shape, ...]) -> list[int]:
        """Which inputs do not go with one of them."""
        return [index for index, shape in enumerate(inputs) if self.misfit(first, shape)]

    def misfit(self, first: Shape, other: Shape) -> bool:
        """Whether two inputs do not go together."""
        return first != other


@register
class Add(Merge):
    """Add equal shapes value by value, as a residual block adds its shortcut (He et al. 2015, eq. 1)."""

    title: ClassVar = "Add"
    common: ClassVar = True
    aliases: ClassVar = ("sum", "skip", "shortcut", "residual")
    stem: ClassVar = "add"
    palette_hint: ClassVar = "residual"

    def output_shape(self, *inputs: Shape) -> Shape:
        if any(self.misfit(inputs[0], shape) for shape in inputs):
            raise self.differ("equal shapes", *inputs)
        return inputs[0]

    def explain(self, *inputs: Shape) -> list[Formula]:
        note = "The inputs are added value by value; the shape stays. Nothing is learned."
        return [Formula("Output", (" + ".join(shape.said for shape in inputs),), self.output_shape(*inputs).said, note)]

    def summary(self, *inputs: Shape) -> str:
        return f"{len(inputs)} paths" if len(inputs) > 1 else "value by value"

    def call(self, *inputs: Shape) -> Call:
        return function("torch.add", inputs=Inputs.FOLD)


@register
class Multiply(Merge):
    """Multiply value by value, or scale each map by a gate of 1×1 (Hu et al. 2017, squeeze and excitation)."""

    title: ClassVar = "Multiply"
    aliases: ClassVar = ("product", "gate", "scale", "squeeze excitation", "attention")
    stem: ClassVar = "multiply"
    palette_hint: ClassVar = "gate"

    def output_shape(self, *inputs: Shape) -> Shape:
        largest = max(inputs, key=lambda shape: shape.elements)
        if any(self.misfit(largest, shape) for shape in inputs):
            raise self.differ("equal shapes, or gates of 1×1", *inputs)
        return largest

    def misfit(self, first: Shape, other: Shape) -> bool:
        return other != first and not (first.is_map and other == Shape(first.channels, 1, 1))

    def explain(self, *inputs: Shape) -> list[Formula]:
        product = " · ".join(shape.said for shape in inputs)
        return [Formula("Output", (product,), self.output_shape(*inputs).said, "Value by value. Nothing is learned.")]

    def summary(self, *inputs: Shape) -> str:
        return f"{len(inputs)} paths" if len(inputs) > 2 else "value by value"

    def call(self, *inputs: Shape) -> Call:
        return function("torch.mul", inputs=Inputs.FOLD)


@register
class Concat(Merge):
    """Put maps (or features) of several paths one behind the other, as Inception and DenseNet do.

    Heights and widths must agree; the channels add up.
    """

    title: ClassVar = "Concat"
    common: ClassVar = True
    aliases: ClassVar = ("concatenate", "cat", "join", "depth concat")
    stem: ClassVar = "concat"
    palette_hint: ClassVar = "dense, inception"

    def output_shape(self, *inputs: Shape) -> Shape:
        if any(self.misfit(inputs[0], shape) for shape in inputs):
            needs = "equal heights and widths" if inputs[0].is_map else "all maps or all vectors"
            raise self.differ(needs, *inputs)
        return Shape(sum(shape.channels for shape in inputs), *inputs[0][1:])

    def misfit(self, first: Shape, other: Shape) -> bool:
        return first[1:] != other[1:]

    def explain(self, *inputs: Shape) -> list[Formula]:
        channels = self.output_shape(*inputs).channels
        return [Formula("C", (" + ".join(str(shape.channels) for shape in inputs),), str(channels))]

    def summary(self, *inputs: Shape) -> str:
        return " + ".join(str(shape.channels) for shape in inputs) if inputs else "join channels"

    def call(self, *inputs: Shape) -> Call:
        return function("torch.cat", inputs=Inputs.LIST, dim=1)
