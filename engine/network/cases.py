"""A problem at a node with all that its fixes depend on, and what several fixes share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.layers import Layer, Shape, Suggestion
from engine.network.edits import insert_on_edge
from engine.network.names import parent
from engine.network.network import Network
from engine.network.partners import names_partner
from engine.network.parts import Edge
from engine.network.problems import Fix, Problem

COST = "{cost}"
SHAPE = "{shape}"


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
