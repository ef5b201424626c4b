"""LeCun's partially connected convolution."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from engine.choices.call import Call, module
from engine.layers.base import ShapeMismatch, Suggestion, register
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.numbers import brief
from engine.layers.settings import NonNegativeSize, Padding2, Size2, setting
from engine.layers.shape import Shape
from engine.layers.sliding import Sliding, SlidingLayer, changed
from engine.words import counted, thousands

# LeCun et al. 1998, table I, by column: which of the six maps of S2 each of the 16 maps of C3 reads.
LECUN_C3 = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)

Row = Annotated[tuple[NonNegativeSize, ...], Field(min_length=1)]
Table = Annotated[tuple[Row, ...], Field(min_length=1)]


@register
class PartiallyConnectedConv2d(SlidingLayer):
    """A convolution whose output maps each read only the input maps that a table names (LeCun et al. 1998, table I).

    It saves weights and forces maps to differ. The default table is that of LeNet-5's C3: 16 maps over 6.
    """

    family: ClassVar = Family.CONVOLUTION
    title: ClassVar = "Partly connected conv"
    aliases: ClassVar = ("connection table", "lecun", "c3", "partially connected", "sparse")
    stem: ClassVar = "conv"
    size_setting: ClassVar = "kernel_size"

    table: Table = setting(
        LECUN_C3, "Connections", advanced=True, help="For each output map the input maps it reads, from 0."
    )
    kernel_size: Size2 = setting((5, 5), "Kernel", unit="px")
    stride: Size2 = setting((1, 1), "Stride", unit="px")
    padding: Padding2 = setting((0, 0), "Padding", unit="px")
    bias: bool = setting(True, "Bias")

    @property
    def connections(self) -> int:
        """How many kernels there are."""
        return sum(len(row) for row in self.table)

    @property
    def reads(self) -> int:
        """How many input maps the table names."""
        return max(max(row) for row in self.table) + 1

    def sliding(self) -> Sliding:
        return Sliding(self.kernel_size, self.stride, self.padding)

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        if self.reads > x.channels:
            raise self._unknown_map(x)
        return self.slid(x, len(self.table))

    def _unknown_map(self, x: Shape) -> ShapeMismatch:
        kept = tuple(tuple(source for source in row if source < x.channels) or (0,) for row in self.table)
        return ShapeMismatch(
            "table_too_large",
            f"The connection table reads map {self.reads - 1}, but the input has maps 0 to {x.channels - 1}.",
            hint="LeNet-5's table is for six input maps.",
            short=f"needs {counted(self.reads, 'map')}",
            suggestions=(Suggestion("Leave out missing maps", {"table": kept}),),
        )

    def parameter_count(self, x: Shape) -> int:
        return self.weight_count(x) + self.bias * len(self.table)

    def multiply_adds(self, x: Shape) -> int:
        shape = self.output_shape(x)
        return self.weight_count(x) * shape.height * shape.width

    def explain(self, x: Shape) -> list[Formula]:
        shape, (rows, columns) = self.output_shape(x), self.kernel_size
        weights = f"{rows}·{columns}·{self.connections}" + f" + {len(self.table)}" * self.bias
        full = f"{self.connections} of {x.channels * len(self.table)} connections exist."
        macs = f"{thousands(self.weight_count(x))}·{shape.height}·{shape.width}"
        return [
            *self.explain_size(x, channels="C is the number of rows of the table."),
            Formula("Parameters", (weights,), thousands(self.parameter_count(x)), full),
            Formula("MACs", (macs,), brief(self.multiply_adds(x))),
        ]

    def summary(self, *_: Shape) -> str:
        return self.summary_of_size(counted(len(self.table), "map"), counted(self.connections, "link"))

    def call(self, x: Shape) -> Call:
        target = "engine.modules.convolution.PartiallyConnectedConv2d"
        unusual = {} if self.stride == (1, 1) else {"stride": self.stride}
        unusual |= {} if self.padding == (0, 0) else {"padding": self.padding}
        return module(target, self.table, self.kernel_size, **unusual, **changed(bias=(self.bias, True)))

    def weight_count(self, x: Shape) -> int:
        return self.connections * self.kernel_size[0] * self.kernel_size[1]
