"""The nodes by which a block gives what it makes."""

from __future__ import annotations

from engine.network.names import inside
from engine.network.network import Network


def leaves(network: Network, name: str, block: str) -> bool:
    """Whether an edge takes the output of a node out of a block."""
    return any(not inside(edge.target, block) for edge in network.outgoing(name))


def exit_of(network: Network, name: str) -> str:
    """The node whose output a node or block gives.

    A node's is its own. A block leaves by the last node, in topological order, that feeds something outside it, and
    while none does by the last of all.
    """
    if name in network:
        return name
    members = sorted(network.members(name), key=network.place, reverse=True)
    return next((member for member in members if leaves(network, member, name)), members[0])
