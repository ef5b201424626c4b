"""What the nodes of a compiled network give for some images."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx, nn

from engine.errors import LayerloomError

Maps = NDArray[np.float32]


class Tapped:
    """The part of a compiled network that leads to some nodes, ready to be run again and again.

    It shares its modules with the network, so it always has the current weights. It runs in evaluation mode, and
    leaves the mode of every module as it was: a training may go on around it. Where gradients are enabled, what comes
    later can be differentiated by what comes before it, and all by the images.
    ``module`` is that part. Raises `LayerloomError` for a node that the network does not compute.
    """

    def __init__(self, module: fx.GraphModule, nodes: Iterable[str]) -> None:
        self.nodes = tuple(dict.fromkeys(nodes))
        self.module = fx.GraphModule(module, _part_leading_to(module, self.nodes))

    def __call__(self, *images: Tensor) -> dict[str, Tensor]:
        """The output of each node, by name; ``images`` is one ``(N, C, H, W)`` batch for each input."""
        with evaluating(self.module):
            values: dict[str, Tensor] = self.module(*images)
        return values


def feature_maps(module: fx.GraphModule, images: Tensor | tuple[Tensor, ...], nodes: Iterable[str]) -> dict[str, Maps]:
    """The outputs of ``nodes``, by name: ``(N, C, H, W)`` for maps and ``(N, F)`` for vectors, float32.

    ``module`` comes from `engine.compiling.compile_network`; any node of its drawing can be asked for, also inputs,
    outputs and nodes without parameters. Several inputs take a tuple of batches.
    """
    batches = images if isinstance(images, tuple) else (images,)
    with torch.no_grad():
        return {name: value.float().cpu().numpy() for name, value in Tapped(module, nodes)(*batches).items()}


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """Evaluation mode for ``module`` and all modules in it; afterwards each has its own mode back."""
    modes = {child: child.training for child in module.modules()}
    for child in modes:
        child.training = False
    try:
        yield
    finally:
        for child, mode in modes.items():
            child.training = mode


def _part_leading_to(module: fx.GraphModule, nodes: tuple[str, ...]) -> fx.Graph:
    """A graph that takes all inputs and computes what ``nodes`` need, no more."""
    complete: fx.Graph = getattr(module, "training_graph", module.graph)
    by_name = {node.name: node for node in complete.nodes}
    wanted = {name: by_name[_value_name(module, name)] for name in nodes}
    needed = upstream(wanted.values())
    part = fx.Graph()
    copies: dict[fx.Node, fx.Node] = {}
    taps: dict[fx.Node, fx.Node] = {}
    for node in complete.nodes:
        if node in needed or node.op == "placeholder":
            copies[node] = part.node_copy(node, copies.__getitem__)
            if node in wanted.values():
                taps[node] = copies[node]
                copies[node] = part.call_function(torch.clone, (taps[node],))  # an activation may overwrite its input
    part.output({name: taps[node] for name, node in wanted.items()})
    return part


def _value_name(module: fx.GraphModule, node: str) -> str:
    values: dict[str, str] = module.meta["values"]
    if node not in values:
        raise LayerloomError(f"'{node}' is not computed: no layer of that name leads to an output.")
    return values[node]


def upstream(ends: Iterable[fx.Node]) -> set[fx.Node]:
    """The ends and everything that they depend on."""
    needed: set[fx.Node] = set()
    waiting = list(ends)
    while waiting:
        node = waiting.pop()
        if node not in needed:
            needed.add(node)
            waiting += node.all_input_nodes
    return needed
