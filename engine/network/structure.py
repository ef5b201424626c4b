"""What follows from names and edges alone, worked out once and kept until one of them changes."""

from __future__ import annotations

import heapq
import itertools
from functools import cached_property

import networkx as nx

from engine.network import names
from engine.network.parts import Edge


class Structure:
    """Orders and blocks of one state of a network's graph."""

    def __init__(self, graph: nx.MultiDiGraph) -> None:
        self._graph = graph
        self.incoming: dict[str, tuple[Edge, ...]] = {}  # filled as they are asked for
        self.outgoing: dict[str, tuple[Edge, ...]] = {}

    @cached_property
    def _order(self) -> dict[str, int]:
        return dict(self._graph.nodes(data="order"))

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Names in the order the nodes came in."""
        return tuple(sorted(self._order, key=self._order.__getitem__))

    @cached_property
    def topological(self) -> tuple[str, ...]:
        """Every name after the names it depends on; otherwise in the order they came in."""
        below = dict(self._graph.adjacency())
        waiting = dict.fromkeys(self._order, 0)
        for targets in below.values():
            for target, edges in targets.items():
                waiting[target] += len(edges)
        ready = [(order, name) for name, order in self._order.items() if not waiting[name]]
        heapq.heapify(ready)
        found = []
        while ready:
            _, name = heapq.heappop(ready)
            found.append(name)
            for target, edges in below[name].items():
                waiting[target] -= len(edges)
                if not waiting[target]:
                    heapq.heappush(ready, (self._order[target], target))
        return tuple(found)

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each name stands in `topological`."""
        return {name: index for index, name in enumerate(self.topological)}

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Nodes and blocks that stand directly in each block ("": the top level), in order; outer blocks first."""
        found: dict[str, dict[str, None]] = {"": {}}
        for name in self.nodes:
            path = ("", *names.prefixes(name), name)
            for outer, inner in itertools.pairwise(path):
                found.setdefault(outer, {})[inner] = None
        return {prefix: tuple(inner) for prefix, inner in found.items()}

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """Nodes that stand anywhere inside each block ("": all), in order."""
        found: dict[str, list[str]] = {"": []}
        for name in self.nodes:
            for prefix in ("", *names.prefixes(name)):
                found.setdefault(prefix, []).append(name)
        return {prefix: tuple(inner) for prefix, inner in found.items()}
