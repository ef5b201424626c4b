"""How near nodes stand to one another in the drawing, whatever blocks they are in."""

from __future__ import annotations

import math
from collections.abc import Iterable

from engine.network.geometry import position_of
from engine.network.names import prefixes
from engine.network.network import Network
from engine.network.parts import Point


def nearest(network: Network, name: str, others: Iterable[str]) -> list[str]:
    """Other nodes, those above a node first, from where wires run down, and of these the nearest.

    In a network that is not laid out they come in the order of its flow.
    """
    here, turn = _place(network, name), network.place(name)

    def key(other: str) -> tuple[bool, float, int]:
        place = _place(network, other)
        return place.y > here.y, math.dist(here, place), abs(turn - network.place(other))

    return sorted(others, key=key)


def topmost(network: Network, names: Iterable[str]) -> list[str]:
    """Nodes, the highest in the drawing first."""
    return sorted(names, key=lambda name: _place(network, name).y)


def _place(network: Network, name: str) -> Point:
    """Where a node's corner stands on the canvas."""
    places = [position_of(network, part) for part in (*prefixes(name), name)]
    return Point(sum(place.x for place in places), sum(place.y for place in places))
