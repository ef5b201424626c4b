"""Whether two drawings are the same network, wherever their layers stand."""

from __future__ import annotations

from dataclasses import replace

from engine.network.network import Network


def same_network(a: Network, b: Network) -> bool:
    """Whether two networks have the same layers and wires by the same names."""
    return set(a) == set(b) and set(a.edges()) == set(b.edges()) and not changed_layers(a, b)


def changed_layers(a: Network, b: Network) -> tuple[str, ...]:
    """The layers of ``a`` that ``b`` has by the same name with other settings or switches."""
    return tuple(name for name in a if name in b and replace(a[name], position=None) != replace(b[name], position=None))
