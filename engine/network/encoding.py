"""A network, or a part of one, as plain JSON values and back; shared by project files and the clipboard."""

from __future__ import annotations

import graphlib
from collections import Counter
from typing import Annotated, Any

from pydantic import FailFast, Field, StrictBool, StrictStr, ValidationError

from engine.errors import LayerloomError
from engine.layers import Layer, layer_class
from engine.network.errors import CycleError, NameTakenError, NetworkError
from engine.network.names import LONGEST, why_not_a_name
from engine.network.network import Network
from engine.network.parts import Block, Node, Point
from engine.reasons import reason
from engine.settings import Settings

MOST_NODES, MOST_EDGES = 100_000, 1_000_000  # far beyond what anyone draws; each costs memory before it is looked at

Name = Annotated[StrictStr, Field(min_length=1, max_length=LONGEST)]
Coordinate = Annotated[float, Field(strict=True, ge=-1e7, le=1e7)]
Position = tuple[Coordinate, Coordinate] | None


class NodeEntry(Settings):
    """One node as a file has it."""

    name: Annotated[Name, Field(title="A node's name")]
    layer: Name
    settings: Annotated[dict[str, Any], Field(default_factory=dict)]
    position: Position = None
    frozen: StrictBool = False
    bypassed: StrictBool = False


class BlockEntry(Settings):
    """What is noted of a block, as a file has it."""

    kind: Annotated[StrictStr, Field(max_length=LONGEST)] = ""
    collapsed: StrictBool = False
    position: Position = None


class NetworkEntry(Settings):
    """A network as a file has it; an edge is source, target and port of the target."""

    name: Annotated[StrictStr, Field(max_length=LONGEST)] = "network"
    nodes: Annotated[list[NodeEntry], FailFast(), Field(default_factory=list, max_length=MOST_NODES)]
    edges: Annotated[list[tuple[Name, Name, Name]], FailFast(), Field(default_factory=list, max_length=MOST_EDGES)]
    blocks: Annotated[dict[Name, BlockEntry], Field(default_factory=dict)]


def encode(network: Network) -> dict[str, Any]:
    """The whole network as JSON values."""
    return {"name": network.name, **encode_part(network, list(network), list(network.blocks))}


def encode_part(network: Network, nodes: list[str], blocks: list[str]) -> dict[str, Any]:
    """Some nodes with the edges among them, and what is noted of some blocks, as JSON values."""
    chosen = set(nodes)
    edges = [edge for name in network.topological() if name in chosen for edge in network.incoming(name)]
    return {
        "nodes": [_encode_node(name, network[name]) for name in nodes],
        "edges": [list(edge) for edge in edges if edge.source in chosen],
        "blocks": {prefix: _encode_block(network.block(prefix)) for prefix in blocks},
    }


def decode(entry: NetworkEntry) -> Network:
    """The network that an entry describes; raises `LayerloomError` where it is an impossible one."""
    network = Network(entry.name)
    twice = [name for name, count in Counter(node.name for node in entry.nodes).items() if count > 1]
    if twice:
        raise NameTakenError(f"Two nodes are called '{twice[0]}'.")
    for node in entry.nodes:
        network.add(decode_layer(node), node.name)
        network.set_node(node.name, position=point(node.position), frozen=node.frozen, bypassed=node.bypassed)
    for source, target, port in sources_first(entry.edges):
        try:
            network.connect(source, target, port)
        except NetworkError as error:
            raise NetworkError(f"The edge from {source} to {target} is impossible: {_lower(str(error))}") from error
    for prefix, block in entry.blocks.items():
        _require_block_name(prefix)
        network.set_block(prefix, kind=block.kind, collapsed=block.collapsed, position=point(block.position))
    return network


def decode_layer(entry: NodeEntry) -> Layer:
    """The layer of a node; raises `LayerloomError` if there is none of that name or a setting does not fit."""
    try:
        kind = layer_class(entry.layer)
    except LayerloomError as error:
        raise LayerloomError(f"{entry.name}: {_lower(str(error))}") from error
    try:
        return kind.model_validate(entry.settings)
    except ValidationError as error:
        raise LayerloomError(f"{entry.name}: {reason(error, kind)}") from error


def sources_first(edges: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Edges so that every edge into a node comes before those out of it; raises `CycleError`.

    In this order no edge can close a cycle, and `Network.connect` need not look for one.
    """
    order: graphlib.TopologicalSorter[str] = graphlib.TopologicalSorter()
    for source, target, _ in edges:
        order.add(target, source)
    try:
        place = {name: index for index, name in enumerate(order.static_order())}
    except graphlib.CycleError as error:
        ring = error.args[1]
        shown = " → ".join(ring if len(ring) <= 6 else [*ring[:3], "…", *ring[-2:]])
        raise CycleError(f"Its edges run in a circle: {shown}.") from error
    return sorted(edges, key=lambda edge: place[edge[1]])


def point(position: tuple[float, float] | None) -> Point | None:
    """The position that an entry has, if it has one."""
    return Point(*position) if position else None


def _encode_node(name: str, node: Node) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": name,
        "layer": type(node.layer).__name__,
        "settings": node.layer.model_dump(mode="json"),
    }
    if node.position is not None:
        entry["position"] = list(node.position)
    return entry | {switch: True for switch in ("frozen", "bypassed") if getattr(node, switch)}


def _encode_block(block: Block) -> dict[str, Any]:
    entry: dict[str, Any] = {"kind": block.kind, "collapsed": block.collapsed}
    if block.position is not None:
        entry["position"] = list(block.position)
    return entry


def _require_block_name(prefix: str) -> None:
    problem = why_not_a_name(prefix + ".x")
    if problem:
        raise NetworkError(f"'{prefix}' cannot be a block's name: use letters, digits and _, with dots between blocks.")


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
