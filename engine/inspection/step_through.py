"""One value of a convolution, worked out on paper: patch, kernel, products, sums, bias, activation.

The numbers add up as they are printed: values are rounded first and everything else is computed from the rounded ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.errors import LayerloomError
from engine.inspection.results import Grid, Page, Steps
from engine.inspection.views import VIEWS, View
from engine.layers import Family, Layer
from engine.layers.convolution import Convolution
from engine.layers.window import Window
from engine.network import Network, analyse
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.inspection.lens import Lens


@VIEWS.register
class StepThrough(View):
    """One value of a convolution worked out as on paper, a page for each input map."""

    name: ClassVar = "step"
    title: ClassVar = "Step through"
    subject: ClassVar = "convolutions"

    channel: Annotated[int, Field(ge=0)] = setting(0, "Map")
    row: Annotated[int, Field(ge=0)] = setting(0, "Row")
    column: Annotated[int, Field(ge=0)] = setting(0, "Column")
    decimals: Annotated[int, Field(ge=0, le=9)] = setting(2, "Decimals", help="Places that values are rounded to.")

    def applies_to(self, layer: Layer, network: Network) -> bool:
        return isinstance(layer, Convolution)

    def reads(self, node: str, network: Network) -> tuple[str, ...]:
        return (network.incoming(node)[0].source, node)

    def show(self, lens: Lens, image: Tensor, node: str) -> Steps:
        convolution, window = _convolution(lens.module, node), _window(lens.network, node)
        nodes = self.reads(node, lens.network)
        values = lens.values(image, nodes)
        read, given = (values[name][0].cpu().numpy() for name in nodes)
        self._require_inside(given)
        rows, columns = (_covered(place, window, axis=axis) for axis, place in enumerate((self.row, self.column)))
        pages = self._pages(convolution, read, rows, columns)
        bias = None if convolution.bias is None else _round(convolution.bias[self.channel].item(), self.decimals)
        value = _round(pages[-1].running + (bias or 0.0), self.decimals)
        exact = float(given[self.channel, self.row, self.column])
        activation, activated = _activation(lens, node, value)
        return Steps(
            node=node,
            channel=self.channel,
            row=self.row,
            column=self.column,
            pages=pages,
            bias=bias,
            value=value,
            activation=activation,
            activated=None if activated is None else _round(activated, self.decimals),
            exact=exact,
            rounded=_round(exact, self.decimals) != value,
            rows=(int(rows[0]), int(rows[-1])),
            columns=(int(columns[0]), int(columns[-1])),
        )

    def _require_inside(self, maps: NDArray[np.float32]) -> None:
        place = (self.channel, self.row, self.column)
        if any(at >= size for at, size in zip(place, maps.shape, strict=True)):
            shape = "×".join(map(str, maps.shape))
            raise LayerloomError(
                f"There is no value at row {self.row}, column {self.column} of map {self.channel}: "
                f"the output is {shape}."
            )

    def _pages(
        self, convolution: nn.Conv2d, maps: NDArray[np.float32], rows: NDArray[np.int_], columns: NDArray[np.int_]
    ) -> tuple[Page, ...]:
        """A page for each input map that the output map reads."""
        kernels = convolution.weight[self.channel].detach().cpu().double().numpy()
        first = self.channel // (convolution.out_channels // convolution.groups) * len(kernels)
        pages: list[Page] = []
        for index, kernel in enumerate(np.round(kernels, self.decimals)):
            values, padded = _patch(maps[first + index], rows, columns, convolution.padding_mode)
            patch = np.round(values, self.decimals)
            products = np.round(patch * kernel, self.decimals)
            total = _round(products.sum(), self.decimals)
            running = _round(total + (pages[-1].running if pages else 0.0), self.decimals)
            pages.append(Page(first + index, patch, padded, kernel, products, total, running))
        return tuple(pages)


def _convolution(module: nn.Module, node: str) -> nn.Conv2d:
    from torch import nn

    found = dict(module.named_modules()).get(node)
    if not isinstance(found, nn.Conv2d):
        raise LayerloomError(f"'{node}' does not run as a convolution: it is bypassed.")
    return found


def _window(network: Network, node: str) -> Window:
    window: Window | None = network.layer(node).window(*analyse(network)[node].inputs)
    return window or Window((1, 1))


def _covered(place: int, window: Window, *, axis: int) -> NDArray[np.int_]:
    """The input rows (axis 0) or columns (1) under the window of the output's ``place``-th row or column."""
    first = place * window.stride[axis] - window.padding[axis]
    return first + window.dilation[axis] * np.arange(window.kernel[axis])


def _patch(
    values: NDArray[np.float32], rows: NDArray[np.int_], columns: NDArray[np.int_], mode: str
) -> tuple[Grid, NDArray[np.bool_]]:
    """The values of one map under the window, and which of them are padding."""
    height, width = values.shape
    outside = ~np.logical_and.outer((rows >= 0) & (rows < height), (columns >= 0) & (columns < width))
    patch = values[np.ix_(_folded(rows, height, mode), _folded(columns, width, mode))].astype(np.float64)
    return (np.where(outside, 0.0, patch) if mode == "zeros" else patch), outside


def _folded(places: NDArray[np.int_], size: int, mode: str) -> NDArray[np.int_]:
    """The place inside an axis whose value stands at each place, which may lie outside, in a padding mode."""
    match mode:
        case "circular":
            return places % size
        case "reflect":
            bounced = np.abs(places)
            return np.where(bounced < size, bounced, 2 * (size - 1) - bounced)
        case _:
            return np.clip(places, 0, size - 1)


def _activation(lens: Lens, node: str, value: float) -> tuple[str, float | None]:
    """The activation that reads the node, by title, and what it makes of ``value``."""
    import torch

    running = dict(lens.module.named_modules())  # neither what is bypassed nor what leads to no output
    for edge in lens.network.outgoing(node):
        layer = lens.network.layer(edge.target)
        if layer.family is Family.ACTIVATION and not layer.gives_probabilities and edge.target in running:
            return layer.title, float(running[edge.target](torch.tensor([[value]], device=lens.device)))
    return "", None


def _round(value: float, decimals: int) -> float:
    return round(float(value), decimals) + 0.0  # −0.0 would print a sign
