"""What an output that goes nowhere may feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from engine.layers import Layer, Shape
from engine.layers.input_output import Input, Output
from engine.layers.merge import Add, Concat
from engine.network.edits import add_after, connect, insert_on_edge, remove_and_close_gap
from engine.network.names import short_name
from engine.network.network import Network
from engine.network.partners import names_partner
from engine.network.parts import Edge
from engine.network.problems import Fix
from engine.network.results import NodeAnalysis
from engine.network.trials import Trials

Nodes = Mapping[str, NodeAnalysis]

MOST_OFFERED = 2
"""Places of one kind to go on to; who means another draws the wire."""


def lead_on(network: Network, nodes: Nodes, name: str) -> Iterator[Fix]:
    """Let what goes nowhere flow into another path, or be a prediction of its own; or else take it out."""
    shape = nodes[name].output
    trials = Trials(network, nodes, name)
    trials.add(_merge(network, nodes, name))
    yield from trials.sound[:1]
    if not trials.sound or (shape and shape.is_vector):
        yield add_output(name, shape, alone=False)
    if not isinstance(nodes[name].layer, Input):
        effect = "No output of the network depends on it."
        yield Fix(f"Remove {short_name(name)}", effect, partial(_remove, name=name), removes=True)


def _merge(network: Network, nodes: Nodes, name: str) -> Iterator[Fix]:
    """Add it to a value of its own shape on its way, the latest first; or set it beside one of its size."""
    shape, above = nodes[name].output, network.upstream(name) | {name}
    if shape is None:
        return
    ways = [
        (edge, value)
        for source in reversed(network.topological())
        for edge in network.outgoing(source)
        if edge.target not in above and (value := nodes[source].output) and not names_partner(network, edge)
    ]
    alike = [way for way in ways if way[1] == shape][:MOST_OFFERED]
    beside = [way for way in ways if len(way[1]) == len(shape) and way[1][1:] == shape[1:]]
    beside = [way for way in beside if network.layer(way[0].target).has_output][:MOST_OFFERED]
    merges: tuple[tuple[Layer, str, list[tuple[Edge, Shape]]], ...] = (
        (Add(), "Add it to", alike),
        (Concat(), "Concatenate it with", beside),
    )
    for layer, verb, fitting in merges:
        for edge, value in fitting:
            effect = f"Its {shape.said} and the {value.said} of {short_name(edge.source)} then flow on together."
            edit = partial(_merge_into, layer=layer, edge=edge, name=name)
            yield Fix(f"{verb} {short_name(edge.source)}", effect, edit)


def _merge_into(network: Network, *, layer: Layer, edge: Edge, name: str) -> None:
    connect(network, name, insert_on_edge(network, layer, edge))


def add_output(name: str, shape: Shape | None, *, alone: bool) -> Fix:
    """Let a value be what the network gives; ``alone`` if it is the only one that goes nowhere."""
    label = "Add an output" if alone else f"Add an output after {short_name(name)}"
    effect = f"{short_name(name)} then gives the prediction" + (f" of {shape.said}." if shape else ".")
    return Fix(label, effect, partial(add_after, layer=Output(), name=name), shape)


def _remove(network: Network, *, name: str) -> None:
    remove_and_close_gap(network, [name])
