"""What each place of a network depends on, found by trying: one value of a layer's input is changed at a time.

Nothing here knows of windows: the layers run in torch, in float64, and what moves has been read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pkgutil import resolve_name

import torch
from torch import Tensor

from engine.layers import Call, Inputs, Layer, Shape
from engine.network import Network, analyse

Box = tuple[tuple[int, int], tuple[int, int]] | None
ROUNDING = 1e-9


def places(shape: Shape) -> int:
    """Rows times columns; a vector is one place."""
    return shape.height * shape.width if shape.is_map else 1


def runnable(call: Call) -> Callable[..., Tensor]:
    """A call on values, in evaluation and float64; cells inhibit nothing, as that may hide what they read."""
    target = resolve_name(call.target)
    if call.is_module:
        module = target(*call.arguments, **call.keywords).double().eval()
        for name, parameter in module.named_parameters():
            if name == "inhibition":
                parameter.data.zero_()
        return module
    if call.inputs is Inputs.LIST:
        return lambda *values: target(values, **call.keywords)
    if call.inputs is Inputs.FOLD:
        return lambda *values: functools.reduce(target, values)
    return lambda *values: target(*values, **call.keywords)


def moved(layer: Layer, shapes: Sequence[Shape], port: int) -> Tensor:
    """Which places of the output change with which of one input: (places out, places in), bool."""
    function, x, output = runnable(layer.call(*shapes)), shapes[port], layer.output_shape(*shapes)
    probes = torch.eye(x.elements, dtype=torch.float64).view(-1, *x)
    rest = [torch.ones(1, *shape, dtype=torch.float64) for shape in shapes]

    def values(changed: Tensor) -> Tensor:
        given = [value.expand(len(changed), *value.shape[1:]) for value in rest]
        given[port] = changed
        return function(*given)

    with torch.no_grad():
        still = values(torch.zeros_like(probes[:1]))
        change = torch.stack([(values(sign * probes) - still).abs() for sign in (1, -1)]).amax(0)
    change = change > ROUNDING * change.max()
    return change.view(-1, places(x), output.channels, places(output)).any(2).any(0).T


def dependence(network: Network) -> dict[str, Tensor]:
    """For each node which places depend on which pixels of the image: (places, pixels), bool; each layer was tried."""
    found: dict[str, Tensor] = {}
    for name, node in analyse(network).nodes.items():
        if not node.sources:
            found[name] = torch.eye(places(node.output), dtype=torch.bool)
        elif not node.layer.has_output:
            found[name] = found[node.sources[0]]
        else:
            paths = [
                moved(node.layer, node.inputs, port).double() @ found[source].double()
                for port, source in enumerate(node.sources)
            ]
            found[name] = torch.stack(paths).sum(0) > 0
    return found


def boxes(depends: Tensor, image: Shape) -> list[Box]:
    """For each place the smallest rectangle that holds all pixels that it depends on."""
    return [box(row.view(image.height, image.width)) for row in depends]


def box(pixels: Tensor) -> Box:
    """First and last row, first and last column with a pixel that is set."""
    rows, columns = (pixels.any(axis).nonzero().flatten().tolist() for axis in (1, 0))
    return ((rows[0], rows[-1]), (columns[0], columns[-1])) if rows else None


def largest(found: Sequence[Box]) -> tuple[int, int]:
    """The most rows and the most columns of any."""
    extents = [(b - a + 1, d - c + 1) for (a, b), (c, d) in filter(None, found)] or [(0, 0)]
    rows, columns = zip(*extents, strict=True)
    return max(rows), max(columns)
