"""Weights at the start of a run, drawn as the recipe says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import nn

from engine.data.draws import seed_of
from engine.layers import Family
from engine.layers.merge import Add
from engine.layers.normalisation import Normalisation
from engine.network import Network
from engine.network.partners import reads
from engine.recipe.initialisations import INITIALISATIONS, Initialisation, Place
from engine.words import counted


@dataclass(frozen=True, slots=True)
class Started:
    """The layers whose weights were drawn, titles of those with weights that kept their own, norms that start as 0."""

    drawn: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    zeroed: tuple[str, ...] = ()

    def words(self, initialisation: Initialisation) -> str:
        """What became of them in a sentence; "" where each layer started as it does by itself."""
        zeroed = ""
        if initialisation.zero_last_norms:
            zeroed = (
                f"The last norm of {counted(len(self.zeroed), 'residual branch', 'residual branches')} starts as 0."
            )
        if not initialisation.draws:
            return zeroed
        own = f"; {', '.join(self.kept)} started as they do by themselves" if self.kept else ""
        drawn = f"Initial weights: {initialisation.title} in {counted(len(self.drawn), 'layer')}{own}."
        return f"{drawn} {zeroed}".rstrip()


@torch.no_grad()
def initialise(model: nn.Module, network: Network, initialisation: Initialisation, *, seed: int) -> Started:
    """Draw the plain weights of a compiled network, on the CPU and in the order of its layers, so that ``seed`` tells.

    Norms that shall start as 0 do. Raises `ChoiceFailedError` for an initialisation that fails.
    """
    modules = dict(model.named_modules())
    ends = _last_norms(network) if initialisation.zero_last_norms else ()
    zeroed = [name for name in ends if getattr(modules.get(name), "weight", None) is not None]
    for name in zeroed:
        nn.init.zeros_(modules[name].get_parameter("weight"))
    drawn, kept = _draw(modules, network, initialisation, seed=seed) if initialisation.draws else ((), ())
    return Started(drawn, kept, tuple(zeroed))


def _draw(
    modules: Mapping[str, nn.Module], network: Network, initialisation: Initialisation, *, seed: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw the plain weights; the layers that have them, and the titles of those with others."""
    random = torch.Generator().manual_seed(seed_of(seed, 0, purpose=3))
    places = _places(network)
    drawn: list[str] = []
    kept: dict[str, None] = {}
    for name in network.topological():
        if name not in modules or not network.layer(name).learns():
            continue
        if name not in places:
            kept[network.layer(name).title] = None
            continue
        drawn.append(name)
        with INITIALISATIONS.blaming(initialisation):
            for parameter in modules[name].parameters():
                if parameter.ndim > 1:
                    initialisation.draw(parameter, places[name], random)
                else:
                    parameter.fill_(initialisation.bias(places[name]))
    return tuple(drawn), tuple(kept)


def _last_norms(network: Network) -> Iterator[str]:
    """The norms with a scale that end the deeper of the branches that an addition brings together."""
    learning: dict[str, frozenset[str]] = {}  # what learns on the ways to each node, itself included
    for name in network.topological():
        sources = [source for source in reads(network, name) if source is not None]
        branches = [learning[source] for source in sources]
        layer, works = network.layer(name), not network[name].bypassed
        if isinstance(layer, Add) and works and len(branches) > 1:
            depths = [len(branch - frozenset.intersection(*branches)) for branch in branches]
            ends = [source for source, depth in zip(sources, depths, strict=True) if depth > min(depths)]
            yield from (end for end in ends if isinstance(network.layer(end), Normalisation))
        learning[name] = frozenset().union(*branches, {name} if layer.learns() and works else ())


def _places(network: Network) -> dict[str, Place]:
    """The place of every layer with plain weights."""
    numbers = dict(_numbered(network))
    behind = _families_behind(network)
    families = {name: network.layer(name).family for name in numbers}
    return {
        name: Place(number, families[name] not in behind[name], families[name] is Family.CONVOLUTION)
        for name, number in numbers.items()
    }


def _numbered(network: Network) -> Iterator[tuple[str, int]]:
    """Every layer with plain weights, with how many of its family the longest way to it passes."""
    passed: dict[str, Mapping[Family, int]] = {}
    for name in network.topological():
        layer, most = network.layer(name), dict[Family, int]()
        for source in filter(None, reads(network, name)):
            for family, number in passed.get(source, {}).items():
                most[family] = max(number, most.get(family, 0))
        if layer.plain_weights and not network[name].bypassed:
            most[layer.family] = most.get(layer.family, 0) + 1
            yield name, most[layer.family]
        passed[name] = most


def _families_behind(network: Network) -> Mapping[str, set[Family]]:
    """For every node the families of the layers with plain weights that come after it."""
    behind: dict[str, set[Family]] = {name: set() for name in network}
    for name in reversed(network.topological()):
        layer = network.layer(name)
        own = {layer.family} if layer.plain_weights and not network[name].bypassed else set()
        for source in filter(None, reads(network, name)):
            behind[source] |= behind[name] | own
    return behind
