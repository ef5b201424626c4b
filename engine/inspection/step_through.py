"""One value of a convolution, worked out on paper: patch, kernel, products, sums, bias, activation.

The numbers add up as they are printed: values are rounded first and everything else is computed from the rounded ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx, nn

from engine.compiling.taps import evaluating, feature_maps
from engine.errors import LayerloomError
from engine.layers import Family
from engine.layers.window import Window
from engine.network import Network, analyse

Grid = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """What one input map contributes; grids are ``(K_h, K_w)``.

    ``padded`` marks the places of ``patch`` that lie outside the map. ``products`` are patch × kernel, ``sum`` their
    sum, ``running`` the sum of this and all earlier pages.
    """

    input_channel: int
    patch: Grid
    padded: NDArray[np.bool_]
    kernel: Grid
    products: Grid
    sum: float
    running: float


@dataclass(frozen=True, slots=True, eq=False)
class StepThrough:
    """How the value at ``row``, ``column`` of map ``channel`` of ``node`` comes about, a page for each input map.

    ``value`` is the last running sum plus ``bias``; ``activation`` names the activation that follows, if one does,
    and ``activated`` what it makes of ``value``. ``exact`` is what the network itself computes, and ``rounded`` says
    that it prints differently from ``value``. ``rows`` and ``columns`` are the first and the last that the patch
    covers in the input maps; they reach outside where it is padded.
    """

    node: str
    channel: int
    row: int
    column: int
    pages: tuple[Page, ...]
    bias: float | None
    value: float
    activation: str
    activated: float | None
    exact: float
    rounded: bool
    rows: tuple[int, int]
    columns: tuple[int, int]


def step_through(
    network: Network,
    module: fx.GraphModule,
    images: Tensor,
    node: str,
    *,
    channel: int,
    row: int,
    column: int,
    decimals: int = 2,
) -> StepThrough:
    """Work out one value of a convolution for the first of ``images`` (``(N, C, H, W)``, prepared as for training).

    Raises `LayerloomError` if ``node`` is not a convolution or has no such value.
    """
    convolution = _convolution(module, node)
    source, window = network.incoming(node)[0].source, _window(network, node)
    maps = feature_maps(module, images[:1], (source, node))
    _require_inside(maps[node][0], channel, row, column)
    rows, columns = (_covered(place, window, axis=axis) for axis, place in enumerate((row, column)))
    pages = _pages(convolution, maps[source][0], channel, rows, columns, decimals)
    bias = None if convolution.bias is None else _round(convolution.bias[channel].item(), decimals)
    value = _round(pages[-1].running + (bias or 0.0), decimals)
    exact = float(maps[node][0, channel, row, column])
    activation, activated = _activation(network, module, node, value)
    return StepThrough(
        node=node,
        channel=channel,
        row=row,
        column=column,
        pages=pages,
        bias=bias,
        value=value,
        activation=activation,
        activated=None if activated is None else _round(activated, decimals),
        exact=exact,
        rounded=_round(exact, decimals) != value,
        rows=(int(rows[0]), int(rows[-1])),
        columns=(int(columns[0]), int(columns[-1])),
    )


def _convolution(module: nn.Module, node: str) -> nn.Conv2d:
    found = dict(module.named_modules()).get(node)
    if not isinstance(found, nn.Conv2d):
        raise LayerloomError(f"'{node}' is not a convolution: only convolutions can be stepped through.")
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
    for edge in network.outgoing(node):
        layer = network.layer(edge.target)
        passes_on = network[edge.target].bypassed or layer.gives_probabilities
        if layer.family is Family.ACTIVATION and not passes_on:
            function = module.get_submodule(edge.target)
            with torch.no_grad(), evaluating(function):
                return layer.title, float(function(torch.tensor([[value]])))
    return "", None


def _round(value: float, decimals: int) -> float:
    return round(float(value), decimals) + 0.0  # −0.0 would print a sign
