"""The layers of a network whose units can be looked at, each with the activation that follows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.layers import Family
from engine.network import Analysis, Network, analyse
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
    """Every layer that learns and has a shape, but for normalisations, in the order they run."""
    analysis = analyse(network)
    return tuple(layer for name in analysis.nodes if (layer := _layer_from(network, analysis, name)))


def layer_of(network: Network, node: str) -> UnitLayer:
    """The layer that a node ends, or is part of; one of the node alone if it belongs to none."""
    found = (layer for layer in layers_with_units(network) if node in layer.nodes)
    return next(found, None) or UnitLayer((node,), _units(network, analyse(network), node))


def parameters_of_unit(module: nn.Module, layer: UnitLayer, unit: int) -> int:
    """How many of the parameters of a compiled network make one unit of a layer: its kernel, bias, scale and shift."""
    running = dict(module.named_modules())
    return sum(_share(running[name], unit, layer.units) for name in layer.nodes if name in running)


def _layer_from(network: Network, analysis: Analysis, name: str) -> UnitLayer | None:
    """The layer that begins with a node, or None if none does."""
    layer, units = network.layer(name), _units(network, analysis, name)
    if not layer.learns() or layer.family is Family.NORMALISATION or network[name].bypassed or not units:
        return None
    return UnitLayer((name, *_behind(network, name)), units)


def _behind(network: Network, name: str) -> Iterator[str]:
    """The normalisations behind a node that nothing else reads, up to an activation."""
    while len(edges := network.outgoing(name)) == 1:
        name = edges[0].target
        layer = network.layer(name)
        if len(network.incoming(name)) > 1 or layer.gives_probabilities:
            return
        if layer.family not in (Family.NORMALISATION, Family.ACTIVATION):
            return
        yield name
        if layer.family is Family.ACTIVATION:
            return


def _units(network: Network, analysis: Analysis, name: str) -> int:
    output = analysis[name].output if network.layer(name).has_output else None
    return output[0] if output else 0


def _share(module: nn.Module, unit: int, units: int) -> int:
    table = getattr(module, "targets", None)  # a connection table gives its maps kernels of different numbers
    mine = 0
    for parameter in module.parameters(recurse=False):
        if table is not None and len(parameter) == len(table):
            mine += int((table == unit).sum()) * parameter[0].numel()
        else:
            mine += parameter.numel() // units
    return mine
