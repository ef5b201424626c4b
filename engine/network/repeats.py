"""Repeats: sibling blocks that are equal up to their names, found and told apart by nothing else."""

from __future__ import annotations

from collections.abc import Hashable

from engine.network.names import inside, parent, prefixes
from engine.network.network import Network


def repeats_of(network: Network, prefix: str) -> tuple[str, ...]:
    """The blocks beside a block that hold the same as it does, and itself, in order; at least ``(prefix,)``.

    The same means the same names below the block with the same layers, and the same edges among them and into
    them. Where things stand, what is collapsed and what is frozen may differ.
    """
    wanted = _contents(network, prefix)
    siblings = [name for name in network.children(parent(prefix)) if name not in network]
    return tuple(name for name in siblings if name == prefix or _contents(network, name) == wanted)


def twins_of(network: Network, name: str) -> tuple[str, ...]:
    """A node and those that stand in its place in the repeats of the innermost block around it that has any."""
    for prefix in reversed(prefixes(name)):
        repeats = repeats_of(network, prefix)
        if len(repeats) > 1:
            others = (other + name[len(prefix) :] for other in repeats if other != prefix)
            return (name, *others)
    return (name,)


def _contents(network: Network, prefix: str) -> Hashable:
    """Everything about a block that its repeats share."""
    below = len(prefix) + 1
    members = network.members(prefix)
    nodes = frozenset((name[below:], network.layer(name), network[name].bypassed) for name in members)
    edges = frozenset(
        (edge.source[below:] if inside(edge.source, prefix) else "", name[below:], edge.port)
        for name in members
        for edge in network.incoming(name)
    )
    return nodes, edges
