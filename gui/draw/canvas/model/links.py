"""Edges as they are drawn: cut at the borders of frames, ended at collapsed blocks, and each stretch drawn once.

An edge from ``conv1`` into ``layer2.0.conv1`` with both blocks expanded is three links: to the frame of ``layer2``,
on to the frame of ``layer2.0``, and to the node. Edges that carry the same value through the same borders share links.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple, TypeVar

from engine.network import Edge
from engine.network.names import inside, parent, prefixes
from gui.draw.canvas.model.outline import Outline

Key = TypeVar("Key")


class Kind(StrEnum):
    """Where a link can end."""

    OUT = "out"  # the bottom of a node or collapsed block
    IN = "in"  # an input port of a node, or the top of a collapsed block
    GATE_IN = "gate_in"  # through the top edge of a frame
    GATE_OUT = "gate_out"  # through the bottom edge of a frame


class Terminal(NamedTuple):
    """One end of links. ``key`` is the port for an input of a node, and otherwise the node whose value flows."""

    entry: str
    kind: Kind
    key: str


class Link(NamedTuple):
    """A stretch of wire between two terminals."""

    start: Terminal
    end: Terminal

    @property
    def container(self) -> str:
        """The block in whose frame the link runs."""
        return self.start.entry if self.start.kind is Kind.GATE_IN else parent(self.start.entry)


def links_of(outline: Outline, edge: Edge) -> tuple[Link, ...]:
    """The links that draw an edge, from source to target; none if both ends are hidden in one block."""
    source, target = outline.drawn_as(edge.source), outline.drawn_as(edge.target)
    if source == target:
        return ()
    left = [frame for frame in reversed(prefixes(source)) if not inside(target, frame)]
    entered = [frame for frame in prefixes(target) if not inside(source, frame)]
    port = edge.port if target == edge.target else edge.source
    stops = (
        Terminal(source, Kind.OUT, edge.source),
        *(Terminal(frame, Kind.GATE_OUT, edge.source) for frame in left),
        *(Terminal(frame, Kind.GATE_IN, edge.source) for frame in entered),
        Terminal(target, Kind.IN, port),
    )
    return tuple(Link(start, end) for start, end in pairwise(stops))


class Wiring:
    """Which links draw which edges, and which links meet at an entry or a terminal."""

    def __init__(self) -> None:
        self.of_edge: dict[Edge, tuple[Link, ...]] = {}
        self.edges_at: defaultdict[str, dict[Edge, None]] = defaultdict(dict)
        self.edges: dict[Link, dict[Edge, None]] = {}
        self.at: defaultdict[str, dict[Link, None]] = defaultdict(dict)
        self.starting: defaultdict[Terminal, dict[Link, None]] = defaultdict(dict)
        self.inside: defaultdict[str, dict[Link, None]] = defaultdict(dict)

    def add(self, edge: Edge, links: tuple[Link, ...]) -> None:
        """Draw ``edge`` with ``links``."""
        self.of_edge[edge] = links
        for name in (edge.source, edge.target):
            self.edges_at[name][edge] = None
        for link in links:
            self.edges.setdefault(link, {})[edge] = None
            for entry in (link.start.entry, link.end.entry):
                self.at[entry][link] = None
            self.starting[link.start][link] = None
            self.inside[link.container][link] = None

    def remove(self, edge: Edge) -> tuple[Link, ...]:
        """Draw ``edge`` no more; returns the links that drew it."""
        links = self.of_edge.pop(edge, ())
        for name in (edge.source, edge.target):
            self.edges_at[name].pop(edge, None)
        for link in links:
            del self.edges[link][edge]
            if not self.edges[link]:
                del self.edges[link]
                self._forget(link)
        return links

    def value_of(self, link: Link) -> str:
        """The node whose output flows along a link."""
        return next(iter(self.edges[link])).source

    def into(self, entry: str) -> list[Link]:
        """Links that end at an entry from outside."""
        return [
            link for link in self.at.get(entry, ()) if link.end.entry == entry and link.end.kind is not Kind.GATE_OUT
        ]

    def out_of(self, entry: str) -> list[Link]:
        """Links that leave an entry to the outside."""
        return [
            link for link in self.at.get(entry, ()) if link.start.entry == entry and link.start.kind is not Kind.GATE_IN
        ]

    def _forget(self, link: Link) -> None:
        for entry in (link.start.entry, link.end.entry):
            _drop(self.at, entry, link)
        _drop(self.starting, link.start, link)
        _drop(self.inside, link.container, link)


def _drop(index: dict[Key, dict[Link, None]], key: Key, link: Link) -> None:
    if key in index:
        index[key].pop(link, None)
        if not index[key]:
            del index[key]
