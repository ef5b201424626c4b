"""The layers of a network whose units can be looked at, each with the activation that follows it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.compiling.plan import plan
from engine.layers import Family
from engine.network import Network
from engine.words import path_text

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class UnitLayer:
    """A layer that learns, and the normalisation and activation behind it: ``nodes``, in the order they run.

    Its units are those of the last, ``node``: there it shows what a unit answers.
    """

    nodes: tuple[str, ...]
    units: int

    @property
    def node(self) -> str:
        """The node whose units are looked at."""
        return self.nodes[-1]

    @property
    def title(self) -> str:
        """What people call it: "conv2 + relu2"."""
        first, *others = self.nodes
        return " + ".join((path_text(first), *(name.rpartition(".")[2] for name in others)))


def layers_with_units(network: Network) -> tuple[UnitLayer, ...]:
    """Every layer that learns and runs, but for normalisations, in the order they run; none of what leads nowhere."""
    steps = plan(network).steps
    return tuple(
        UnitLayer((name, *_behind(network, steps, name)), step.shape[0])
        for name, step in steps.items()
        if step.call and network.layer(name).learns() and network.layer(name).family is not Family.NORMALISATION
    )


def layer_of(network: Network, node: str) -> UnitLayer:
    """The layer that a node that runs ends, or is part of; one of the node alone if it belongs to none."""
    found = (layer for layer in layers_with_units(network) if node in layer.nodes)
    return next(found, None) or UnitLayer((node,), plan(network).steps[node].shape[0])


def parameters_of_unit(module: nn.Module, layer: UnitLayer, unit: int) -> int:
    """How many of the parameters of a compiled network make one unit of a layer: its kernel, bias, scale and shift."""
    running = dict(module.named_modules())
    return sum(_share(running[name], unit, layer.units) for name in layer.nodes if name in running)


def _behind(network: Network, steps: Collection[str], name: str) -> Iterator[str]:
    """The normalisations behind a node that nothing else reads, up to an activation; what is bypassed is passed by."""
    while len(edges := [edge for edge in network.outgoing(name) if edge.target in steps]) == 1:
        name = edges[0].target
        layer = network.layer(name)
        if network[name].bypassed:
            continue
        if layer.family not in (Family.NORMALISATION, Family.ACTIVATION) or layer.gives_probabilities:
            return
        yield name
        if layer.family is Family.ACTIVATION:
            return


def _share(module: nn.Module, unit: int, units: int) -> int:
    table = getattr(module, "targets", None)  # a connection table gives its maps kernels of different numbers
    mine = 0
    for parameter in module.parameters(recurse=False):
        if table is not None and len(parameter) == len(table):
            mine += int((table == unit).sum()) * parameter[0].numel()
        else:
            mine += parameter.numel() // units
    return mine
