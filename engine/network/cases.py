"""A problem at a node with all that its fixes depend on, and what several fixes share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.layers import Layer, Shape, Suggestion
from engine.network.edits import insert_on_edge
from engine.network.measuring import measure
from engine.network.names import parent
from engine.network.network import Network
from engine.network.partners import names_partner
from engine.network.parts import Edge
from engine.network.problems import Fix, Problem

COST = "{cost}"
SHAPE = "{shape}"
_MOST_AT_ONCE = 3  # settings that one fix changes, each because of the one before


@dataclass(frozen=True)
class Case:
    """A problem at a node, with all that its fixes may depend on: the node, what feeds it and what it feeds.

    ``above`` are the inputs of the nodes that feed it, where the problem is what these give.
    """

    network: Network
    name: str
    problem: Problem
    shapes: tuple[Shape, ...]  # of the inputs that have one
    suggestions: tuple[Suggestion, ...] = ()
    above: Mapping[str, tuple[Shape | None, ...]] = field(default_factory=dict)

    @property
    def layer(self) -> Layer:
        return self.network.layer(self.name)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Edges into the node, in port order."""
        return self.network.incoming(self.name)


Generator = Callable[[Case], Iterator[Fix]]
"""What gives fixes that may help in a case."""


def inputs_that(case: Case, wanted: Callable[[Shape], bool]) -> list[tuple[Edge, Shape]]:
    """The edges with a value into the node whose shapes are ``wanted``, with these."""
    fed = zip(case.edges, case.shapes, strict=True)
    return [(edge, shape) for edge, shape in fed if wanted(shape) and not names_partner(case.network, edge)]


def inserting(label: str, effect: str, case: Case, chains: list[tuple[Edge, list[Layer]]]) -> Fix:
    """The fix that puts layers into edges of the node, in their order."""

    def edit(network: Network) -> None:
        for edge, layers in chains:
            for layer in layers:
                name = insert_on_edge(network, layer, edge, block=parent(case.name))
                edge = Edge(name, edge.target, edge.port)

    return Fix(label, effect, edit)


def with_what_else(case: Case, fix: Fix, shapes: tuple[Shape, ...]) -> Fix:
    """A fix that gives the layer inputs of these shapes, with what the layer suggests for them if it suggests any."""
    mismatch = measure(case.layer, shapes).mismatch
    if mismatch is None or not mismatch.suggestions:
        return fix
    label, layer = settled(case.layer, shapes, mismatch.suggestions[0])

    def edit(network: Network) -> None:
        fix.edit(network)
        network.set_layer(case.name, layer)

    return Fix(f"{fix.label}, {label[0].lower() + label[1:]}", fix.effect, edit)


def settled(layer: Layer, shapes: tuple[Shape, ...], suggestion: Suggestion | None) -> tuple[str, Layer]:
    """A layer after a suggestion and those that it makes because of that, and what to call all of them."""
    labels: list[str] = []
    while suggestion is not None and len(labels) < _MOST_AT_ONCE:
        labels.append(suggestion.label if not labels else suggestion.label[0].lower() + suggestion.label[1:])
        layer = layer.with_settings(**suggestion.settings)
        mismatch = measure(layer, shapes).mismatch
        suggestion = mismatch.suggestions[0] if mismatch and mismatch.suggestions else None
    return ", ".join(labels), layer
