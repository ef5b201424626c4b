"""Where a dragged wire may end."""

from __future__ import annotations

from engine.network import Edge, Network


def upstream(network: Network, name: str) -> set[str]:
    """A node and everything it depends on."""
    found, waiting = {name}, [name]
    while waiting:
        for edge in network.incoming(waiting.pop()):
            if edge.source not in found:
                found.add(edge.source)
                waiting.append(edge.source)
    return found


def allowed_targets(network: Network, source: str, *, moved: Edge | None = None) -> set[str]:
    """Nodes that ``source`` can feed without a cycle, by a free input or in place of what feeds them.

    ``moved`` is an edge taken off for it.
    """
    above = upstream(network, source)
    return {
        name
        for name in network
        if name not in above
        and (network.free_port(name) is not None or bool(replaceable(network, source, name)) or _is_end(moved, name))
    }


def replaceable(network: Network, source: str, name: str) -> tuple[Edge, ...]:
    """The edges in whose place one from ``source`` can come: those of a node that has no free input left."""
    if network.free_port(name) is not None:
        return ()
    return tuple(edge for edge in network.incoming(name) if edge.source != source)


def _is_end(edge: Edge | None, name: str) -> bool:
    return edge is not None and edge.target == name


def allowed_sources(network: Network, target: str) -> set[str]:
    """Nodes whose output can reach ``target`` without a cycle."""
    below = network.downstream(target) | {target}
    return {name for name in network if name not in below and network.layer(name).has_output}
