"""Wires that name a node rather than carrying its value: max unpooling takes its switches from a max pool."""

from __future__ import annotations

from engine.layers import Layer
from engine.network.errors import PortError
from engine.network.names import prefixes
from engine.network.network import Network
from engine.network.parts import Edge
from engine.words import path_text


def names_partner(network: Network, edge: Edge) -> bool:
    """Whether an edge says which node its target works with, and carries no value."""
    partner = network.layer(edge.target).partner
    return partner is not None and edge.port == partner.port


def may_be_partner(network: Network, edge: Edge) -> bool:
    """Whether the source of an edge that names a partner is of the kind that its target needs, and works."""
    partner, node = network.layer(edge.target).partner, network[edge.source]
    return partner is not None and isinstance(node.layer, partner.layer) and not node.bypassed


def partner_edge(network: Network, name: str) -> Edge | None:
    """The edge that names the partner of a node, if it needs one and has it."""
    if network.layer(name).partner is None:
        return None
    return next((edge for edge in network.incoming(name) if names_partner(network, edge)), None)


def reads(network: Network, name: str) -> tuple[str | None, ...]:
    """The nodes whose values reach a node, in port order: in place of its partner what that reads, None if nothing."""
    edges = network.incoming(name)
    if network.layer(name).partner is None:
        return tuple(edge.source for edge in edges)
    return tuple(_read_through(network, edge) for edge in edges)


def working_layer(network: Network, name: str) -> Layer:
    """The layer of a node, paired with its partner if it has one."""
    layer, edge = network.layer(name), partner_edge(network, name)
    if edge is None or not may_be_partner(network, edge):
        return layer
    return layer.paired_with(network.layer(edge.source), partner_words(edge))


def find_partner(network: Network, name: str) -> None:
    """Let a new node that needs a partner name the nearest above it that no other names, as decoders go backwards."""
    partner = network.layer(name).partner
    if partner is None or partner_edge(network, name):
        return
    for other in reversed(network.topological()):
        free = isinstance(network.layer(other), partner.layer) and not _named(network, other)
        if free and name in network.downstream(other):
            network.connect(other, name, partner.port)
            return


def partner_words(edge: Edge) -> str:
    """What the target of an edge calls its source: "pool1", "encoder › pool1" from outside that block."""
    shared = [prefix for prefix in prefixes(edge.target) if edge.source.startswith(f"{prefix}.")]
    return path_text(edge.source.removeprefix(f"{shared[-1]}.") if shared else edge.source)


def values_from(network: Network, name: str) -> list[Edge]:
    """The edges that take a node's value somewhere; those that only name it stay with it whatever follows it."""
    return [edge for edge in network.outgoing(name) if not names_partner(network, edge)]


def require_value(network: Network, edge: Edge) -> None:
    """Raise `PortError` for an edge that carries no value: nothing can stand in it."""
    if names_partner(network, edge):
        raise PortError(f"This wire only says where {edge.target} takes its {edge.port} from: nothing can go into it.")


def _named(network: Network, name: str) -> bool:
    return any(names_partner(network, edge) for edge in network.outgoing(name))


def _read_through(network: Network, edge: Edge) -> str | None:
    if not (names_partner(network, edge) and may_be_partner(network, edge)):
        return edge.source
    above = network.incoming(edge.source)
    return above[0].source if above else None
