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
    """Nodes with a free input that ``source`` can reach without a cycle; ``moved`` is an edge taken off for it."""
    above = upstream(network, source)
    return {
        name
        for name in network
        if name not in above and (network.free_port(name) is not None or (moved and moved.target == name))
    }


def allowed_sources(network: Network, target: str) -> set[str]:
    """Nodes whose output can reach ``target`` without a cycle."""
    below = network.downstream(target) | {target}
    return {name for name in network if name not in below and network.layer(name).has_output}
