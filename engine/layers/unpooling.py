"""The way back through a max pool."""

from __future__ import annotations

from typing import ClassVar

from pydantic import PrivateAttr

from engine.choices.call import Call, module
from engine.families import Family
from engine.layers.base import Layer, Partner, ShapeMismatch, register
from engine.layers.formula import Formula
from engine.layers.pooling import MaxPool2d
from engine.layers.reading import Reads, Slide
from engine.layers.shape import Shape


@register
class MaxUnpool2d(Layer):
    """Puts each value back where the maximum of its window was, zeros elsewhere (Zeiler & Fergus 2013, section 2.1).

    The wire into ``switches`` comes from the max pool itself: it remembers where its maxima were, and kernel, stride
    and padding are its own. The output is as large as the map that the pool read. Where windows overlap, values that
    go to the same place are not added: one of them stays. Use it to draw images from features, or to segment
    (SegNet): edges come back where they were.
    """

    family: ClassVar = Family.POOLING
    title: ClassVar = "Max unpool"
    aliases: ClassVar = ("unpooling", "switches", "deconvnet", "segnet")
    stem: ClassVar = "unpool"
    palette_hint: ClassVar = "switches"
    input_ports: ClassVar = ("input", "switches")
    partner: ClassVar = Partner("switches", MaxPool2d)

    _pool: MaxPool2d = PrivateAttr(default_factory=MaxPool2d)
    _named: str = PrivateAttr(default="")

    def paired_with(self, partner: Layer, name: str) -> Layer:
        assert isinstance(partner, MaxPool2d)
        paired = self.model_copy()
        paired._pool, paired._named = partner, name
        return paired

    def output_shape(self, x: Shape, before: Shape) -> Shape:
        pooled = self._pooled(before)
        if pooled != x:
            raise ShapeMismatch(
                "switches_differ",
                f"{self.title} needs {pooled}, as {self._source} gives",
                gets=str(x),
                hint=f"Bring what feeds it to {pooled}, or take the switches from another max pool.",
                short=f"needs {pooled}" if len(str(pooled)) <= 12 else "sizes differ",
                port="input",
            )
        return before

    def readings(self, x: Shape, before: Shape) -> tuple[Reads | None, ...]:
        """Each value that may come to a place, as backwards through a convolution; the switches are no values."""
        rows, columns = (
            Slide(
                axis.outputs,
                axis.size,
                axis.kernel,
                before=axis.reach - 1 - axis.pads[0],
                dilation=axis.dilation,
                spacing=axis.stride,
            )
            for axis in self._pool.sliding().axes(before)
        )
        return Reads(rows, columns), None

    def explain(self, x: Shape, before: Shape) -> list[Formula]:
        shape, read = self.output_shape(x, before), f"map that {self._source} read."
        if shape.height == shape.width:
            return [Formula("H", (), str(shape.height), f"W is the same: as large as the {read}")]
        return [
            Formula("H", (), str(shape.height), f"As high as the {read}"),
            Formula("W", (), str(shape.width), "As wide as it."),
        ]

    def summary(self, *_: Shape) -> str:
        return f"switches from {self._named}" if self._named else ""

    def call(self, x: Shape, before: Shape) -> Call:
        pool, usual = self._pool, {"padding": (0, 0), "dilation": (1, 1), "ceil_mode": False}
        keywords = {name: getattr(pool, name) for name, value in usual.items() if getattr(pool, name) != value}
        target = "engine.modules.pooling.MaxUnpool2d"
        return module(target, kernel_size=pool.kernel_size, stride=pool.stride, **keywords)

    def _pooled(self, before: Shape) -> Shape:
        """What the pool gives; where it cannot, that is mended at the pool and not here."""
        try:
            return self._pool.output_shape(before)
        except ShapeMismatch as error:
            raise ShapeMismatch(error.code, error.what, hint=error.hint, short=error.short) from error

    @property
    def _source(self) -> str:
        return self._named or "the max pool"
