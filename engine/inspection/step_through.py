"""One value of a convolution, worked out on paper: patch, kernel, products, sums, bias, activation.

The numbers add up as they are printed: values are rounded first and everything else is computed from the rounded ones,
to so many places that the result is the network's own to three digits.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx, nn

from engine.errors import LayerloomError
from engine.inspection.results import Grid, Page, Steps
from engine.layers import Family
from engine.layers.window import Window
from engine.network import Network, analyse

_LEAST, _MOST = 2, 9  # decimals
_DIGITS = 3  # that the result must have right
_SINGLE = 1e-6  # of a value: what 32 bits, in which the network computes, leave open
_DOUBLE = 15  # digits of a sum that 64 bits hold


def step_through(
    network: Network,
    module: fx.GraphModule,
    values: Mapping[str, Tensor],
    node: str,
    *,
    channel: int,
    row: int,
    column: int,
    decimals: int | None = None,
) -> Steps:
    """Work out one value of a convolution; ``values`` are what it gives and what it reads, ``(1, C, H, W)`` by node.

    Without ``decimals`` there are as many as the result needs. Raises `LayerloomError` if ``node`` does not run as a
    convolution or has no such value.
    """
    convolution, window = _convolution(module, node), _window(network, node)
    read, given = (values[name][0].float().cpu().numpy() for name in (network.incoming(node)[0].source, node))
    _require_inside(given, channel, row, column)
    rows, columns = (_covered(place, window, axis=axis) for axis, place in enumerate((row, column)))
    exact = float(given[channel, row, column])
    pages, bias, value, places = _worked_out(convolution, read, channel, rows, columns, exact, decimals)
    activation, activated = _activation(network, module, node, value)
    return Steps(
        node=node,
        channel=channel,
        row=row,
        column=column,
        pages=pages,
        bias=bias,
        value=value,
        activation=activation,
        activated=None if activated is None else _round(activated, places),
        exact=exact,
        rounded=_round(exact, places) != value,
        decimals=places,
        rows=(int(rows[0]), int(rows[-1])),
        columns=(int(columns[0]), int(columns[-1])),
    )


def _worked_out(
    convolution: nn.Conv2d,
    read: NDArray[np.float32],
    channel: int,
    rows: NDArray[np.int_],
    columns: NDArray[np.int_],
    exact: float,
    decimals: int | None,
) -> tuple[tuple[Page, ...], float | None, float, int]:
    """The pages, the bias, what they come to, and with how many decimals that is ``exact``."""
    for places in range(_LEAST, _MOST + 1) if decimals is None else [decimals]:
        pages = _pages(convolution, read, channel, rows, columns, places)
        bias = None if convolution.bias is None else _round(convolution.bias[channel].item(), places)
        value = _round(pages[-1].running + (bias or 0.0), places)
        if _agree(value, exact) or places >= _held(pages):
            break
    return pages, bias, value, places


def _agree(value: float, exact: float) -> bool:
    """Whether two values print alike with three digits, or two places if these show more than 32 bits hold."""
    if abs(value - exact) <= _SINGLE * abs(exact):
        return True
    digits = _DIGITS - 1 - math.floor(math.log10(abs(exact))) if exact and math.isfinite(exact) else _LEAST
    places = min(max(digits, _LEAST), _MOST)
    return _round(value, places) == _round(exact, places)


def _held(pages: Sequence[Page]) -> int:
    """To how many places 64 bits hold any sum of some of the products, so that the printed ones add up."""
    most = sum(float(np.abs(page.products).sum()) for page in pages)
    return _DOUBLE - 1 - math.floor(math.log10(most)) if 1 <= most < math.inf else _MOST


def _convolution(module: nn.Module, node: str) -> nn.Conv2d:
    found = dict(module.named_modules()).get(node)
    if not isinstance(found, nn.Conv2d):
        raise LayerloomError(f"'{node}' does not run as a convolution: it is bypassed.")
    return found


def _require_inside(maps: NDArray[np.float32], channel: int, row: int, column: int) -> None:
    inside = all(0 <= place < size for place, size in zip((channel, row, column), maps.shape, strict=True))
    if not inside:
        shape = "×".join(map(str, maps.shape))
        raise LayerloomError(
            f"There is no value at row {row}, column {column} of map {channel}: the output is {shape}."
        )


def _window(network: Network, node: str) -> Window:
    window: Window | None = network.layer(node).window(*analyse(network)[node].inputs)
    return window or Window((1, 1))


def _covered(place: int, window: Window, *, axis: int) -> NDArray[np.int_]:
    """The input rows (axis 0) or columns (1) under the window of the output's ``place``-th row or column."""
    first = place * window.stride[axis] - window.padding[axis]
    return first + window.dilation[axis] * np.arange(window.kernel[axis])


def _pages(
    convolution: nn.Conv2d,
    maps: NDArray[np.float32],
    channel: int,
    rows: NDArray[np.int_],
    columns: NDArray[np.int_],
    decimals: int,
) -> tuple[Page, ...]:
    """A page for each input map that the output map ``channel`` reads."""
    kernels = convolution.weight[channel].detach().cpu().double().numpy()
    first = channel // (convolution.out_channels // convolution.groups) * len(kernels)
    pages: list[Page] = []
    for index, kernel in enumerate(np.round(kernels, decimals)):
        values, padded = _patch(maps[first + index], rows, columns, convolution.padding_mode)
        patch = np.round(values, decimals)
        products = np.round(patch * kernel, decimals)
        total = _round(products.sum(), decimals)
        running = _round(total + (pages[-1].running if pages else 0.0), decimals)
        pages.append(Page(first + index, patch, padded, kernel, products, total, running))
    return tuple(pages)


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


def _activation(network: Network, module: nn.Module, node: str, value: float) -> tuple[str, float | None]:
    """The activation that reads the node, by title, and what it makes of ``value``."""
    running = dict(module.named_modules())  # neither what is bypassed nor what leads to no output
    for edge in network.outgoing(node):
        layer = network.layer(edge.target)
        if layer.family is Family.ACTIVATION and not layer.gives_probabilities and edge.target in running:
            exactly = copy.deepcopy(running[edge.target]).double()  # 32 bits would print other digits than ``value``
            return layer.title, float(exactly(torch.tensor([[value]], dtype=torch.float64)))
    return "", None


def _round(value: float, decimals: int) -> float:
    return round(float(value), decimals) + 0.0  # −0.0 would print a sign
