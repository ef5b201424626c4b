"""Tidy layout: every frame in layers, from the inside out, and what gets too long folded into columns."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.layers import Family
from engine.network.folding import fold
from engine.network.geometry import (
    BLOCK_HEIGHT,
    GAP,
    GAP_SHAPE_CHANGES,
    GRID,
    HEADER,
    NODE_HEIGHT,
    NODE_WIDTH,
    ORIGIN,
    PADDING,
    SHORTCUT_LANE,
    SLIM_HEIGHT,
    Box,
    Size,
    axis_of,
    box_of,
    is_frame,
    position_of,
    size_of,
    snap,
    snap_up,
)
from engine.network.layering import Chain, Item, Layerer, Layering, Pair
from engine.network.names import inside, prefixes
from engine.network.network import Network
from engine.network.parts import Point

if TYPE_CHECKING:
    from engine.network.analysis import Analysis

__all__ = [
    "BLOCK_HEIGHT",
    "GAP",
    "GAP_SHAPE_CHANGES",
    "GRID",
    "HEADER",
    "NODE_HEIGHT",
    "NODE_WIDTH",
    "ORIGIN",
    "PADDING",
    "SHORTCUT_LANE",
    "SLIM_HEIGHT",
    "Box",
    "Flow",
    "Size",
    "axis_of",
    "box_of",
    "is_frame",
    "is_laid_out",
    "position_of",
    "size_of",
    "snap",
    "tidy",
]

LANE_GAP = 40
COLUMN_GAP = 64
LABEL_GAP = 96  # along a flow from left to right the wire's label stands between the nodes
_Members = defaultdict[str, set[str]]
LONGEST_COLUMN = 12  # ranks; above that, or where blocks are as long as so many layers, a column folds
_LONGEST = LONGEST_COLUMN * snap_up(NODE_HEIGHT + GAP_SHAPE_CHANGES)
_LONGEST_INSIDE = 8 * snap_up(NODE_HEIGHT + GAP_SHAPE_CHANGES)  # a frame leaves room for what stands around it


class Flow(StrEnum):
    """Which way tidy layout lets the network run."""

    FOLDED = "folded"
    ONE_COLUMN = "one_column"
    LEFT_TO_RIGHT = "left_to_right"


def tidy(network: Network, flow: Flow = Flow.FOLDED, analysis: Analysis | None = None, *, within: str = "") -> None:
    """Set the position of every node and block inside ``within`` ("": of all).

    With an analysis, gaps are wider where the shape changes.
    """
    _Tidying(network, flow, analysis).run(within)


def is_laid_out(network: Network) -> bool:
    """Whether everything that is placed has a position; a template fresh from its function has not."""
    return all(network[name].position is not None for name in network) and all(
        network.block(prefix).position is not None for prefix in network.block_prefixes()
    )


@dataclass
class _Placed:
    """A frame's content: how far each item is from the first place, and how large all of it is."""

    at: dict[str, tuple[float, float]]  # along, across
    along: float
    across: float


class _Tidying:
    def __init__(self, network: Network, flow: Flow, analysis: Analysis | None) -> None:
        self.network = network
        self.flow = flow
        self.analysis = analysis
        self.horizontal = flow is Flow.LEFT_TO_RIGHT
        self.weights: dict[str, int] = dict.fromkeys(network, 1)
        self.edges, self.entered, self.left = _edges_by_frame(network)

    def run(self, within: str) -> None:
        """Place the members of inner frames before their outer ones, whose sizes follow from them."""
        for prefix in sorted((*self.network.block_prefixes(), ""), key=_depth, reverse=True):
            children = self.network.children(prefix)
            if children and (prefix == within or inside(prefix, within)):
                self.weights[prefix] = sum(self.weights[child] for child in children)
                self._place(prefix, children)

    def _place(self, prefix: str, children: Sequence[str]) -> None:
        edges = self.edges[prefix]
        items = {name: self._item(name) for name in children}
        parts = [self._part(part, edges, items, prefix) for part in _components(children, edges)]
        across = 0.0
        for part in parts:
            for name, (x, y) in part.at.items():
                self._set_position(name, along=x, across=across + y)
            across += snap_up(part.across + COLUMN_GAP)

    def _part(self, names: Sequence[str], edges: set[Pair], items: dict[str, Item], prefix: str) -> _Placed:
        """Place one connected part, or everything that is connected to nothing, one below the other."""
        members = set(names)
        inner = {edge for edge in edges if edge[0] in members}
        if inner:
            layering = Layerer(names, inner, items, fed=bool(prefix)).layering(lane_gap=LANE_GAP, grid=GRID)
        else:
            layering = Layering([[name] for name in names], dict.fromkeys(names, 0), [0] * len(names))
        return self._columns(layering, items, prefix)

    def _columns(self, layering: Layering, items: dict[str, Item], prefix: str) -> _Placed:
        """Place rows one below the other, in one column or several."""
        stacked = {name for chain in layering.stacks for name in chain.names}
        rows = [[name for name in row if name not in stacked] for row in layering.rows]
        heights = [max((items[name].along for name in row), default=0) for row in rows]
        steps = [snap_up(h + self._gap(row)) if row else 0 for h, row in zip(heights, rows, strict=True)]
        stacks = [self._stack(chain, items, heights, steps) for chain in layering.stacks]
        lefts = [min(layering.axes[n] - items[n].axis for n in row) for row in layering.rows]
        rights = [max(layering.axes[n] + items[n].across - items[n].axis for n in row) for row in layering.rows]
        for row in layering.passed:
            rights[row] += SHORTCUT_LANE
        ends = [len(steps)]
        longest = _LONGEST_INSIDE if prefix else _LONGEST
        if self.flow is Flow.FOLDED and (len(steps) > LONGEST_COLUMN or sum(steps) > longest):
            ends = fold(steps, lefts, rights, self._breaks(layering, prefix), gutter=COLUMN_GAP)
        placed = _Placed({}, 0, 0)
        for start, end in itertools.pairwise((0, *ends)):
            axis = placed.across - min(lefts[start:end])
            tops = list(itertools.accumulate(steps[start:end], initial=0))
            offsets = {
                name: tops[row - start] + GRID * ((heights[row] - items[name].along) // 2 // GRID)
                for row in range(start, end)
                for name in rows[row]
            }
            for chain, below in zip(layering.stacks, stacks, strict=True):
                if start <= chain.first < end:
                    offsets |= {name: tops[chain.first - start] + along for name, along in below.items()}
            for name, along in offsets.items():
                placed.at[name] = (along, axis + layering.axes[name] - items[name].axis)
            placed.along = max(placed.along, tops[-1])
            right = axis + max(rights[start:end])
            placed.across = snap_up(right + COLUMN_GAP) if end < len(steps) else right
        return placed

    def _breaks(self, layering: Layering, prefix: str) -> list[list[bool]]:
        """Below which rows a column may end, the best choice first.

        That is where one wire crosses and what comes next is no mere follower of a layer,
        then where one wire crosses, and at the top level anywhere else; never beside a path that is drawn straight.
        """
        rows, crossings = layering.rows, list(layering.crossings)
        rank = {name: row for row, names in enumerate(rows) for name in names}
        for name in self.entered[prefix] & rank.keys():
            crossings[: rank[name]] = [count + 1 for count in crossings[: rank[name]]]
        for name in self.left[prefix] & rank.keys():
            crossings[rank[name] : -1] = [count + 1 for count in crossings[rank[name] : -1]]
        together = {row for chain in layering.stacks for row in range(chain.first, chain.last)}
        anywhere = [row not in together for row in range(len(rows))]
        single = [free and count <= 1 for free, count in zip(anywhere, crossings, strict=True)]
        before_layers = [
            free and not all(self._follows(name) for name in below)
            for free, below in zip(single, (*rows[1:], []), strict=True)
        ]
        return [before_layers, single] if prefix else [before_layers, single, anywhere]

    def _follows(self, name: str) -> bool:
        """Whether a node belongs with the layer above it: its norm, activation, dropout or pooling."""
        if name not in self.network:
            return False
        layer = self.network.layer(name)
        return layer.keeps_shape or layer.family is Family.POOLING

    def _stack(self, chain: Chain, items: dict[str, Item], heights: list[float], steps: list[int]) -> dict[str, float]:
        """How far below the first of its rows each part of a side path stands; its last row grows if it must."""
        below: dict[str, float] = {}
        length = 0.0
        for name in chain.names:
            below[name] = length
            length += snap_up(items[name].along + self._gap([name]))
        length = below[chain.names[-1]] + items[chain.names[-1]].along
        room = sum(steps[chain.first : chain.last]) + heights[chain.last]
        if length > room:
            steps[chain.last] += snap_up(length - room) + (0 if steps[chain.last] else snap_up(GAP))
            heights[chain.last] += length - room
        start = GRID * (max(room - length, 0) // 2 // GRID)
        return {name: start + along for name, along in below.items()}

    def _item(self, name: str) -> Item:
        width, height = size_of(self.network, name)
        axis = axis_of(self.network, name, horizontal=self.horizontal)
        along, across = (width, height) if self.horizontal else (height, width)
        return Item(along, across, axis, self.weights[name])

    def _gap(self, row: Sequence[str]) -> int:
        if self.horizontal:
            return LABEL_GAP
        return GAP_SHAPE_CHANGES if any(self._changes_shape(name) for name in row) else GAP

    def _changes_shape(self, name: str) -> bool:
        if self.analysis is None or name not in self.analysis.nodes:
            return False
        node = self.analysis[name]
        return node.output not in node.inputs

    def _set_position(self, name: str, *, along: float, across: float) -> None:
        x, y = (along, across) if self.horizontal else (across, along)
        point = Point(ORIGIN.x + x, ORIGIN.y + y)
        if name in self.network:
            self.network.set_node(name, position=point)
        else:
            self.network.set_block(name, position=point)


def _depth(prefix: str) -> int:
    return prefix.count(".") + 1 if prefix else 0


def _edges_by_frame(network: Network) -> tuple[defaultdict[str, set[Pair]], _Members, _Members]:
    """Each edge at the frame where its ends part: the node or block there that holds its source, and its target.

    And for every frame, the nodes and blocks in it that edges from outside enter, and those that edges leave.
    """
    found: defaultdict[str, set[Pair]] = defaultdict(set)
    entered: _Members = defaultdict(set)
    left: _Members = defaultdict(set)
    for edge in network.edges():
        source, target = _paths(edge.source), _paths(edge.target)
        depth = next(i for i, (a, b) in enumerate(zip(source, target, strict=False)) if a != b)
        found[source[depth - 1] if depth else ""].add((source[depth], target[depth]))
        for paths, at in ((source, left), (target, entered)):
            for outer, inner in itertools.pairwise(paths[depth:]):
                at[outer].add(inner)
    return found, entered, left


def _paths(name: str) -> list[str]:
    """A name's prefixes, outer first, and the name itself."""
    return [*prefixes(name), name]


def _components(names: Sequence[str], edges: set[Pair]) -> list[list[str]]:
    """The connected parts in order of their first item; items without edges make one part, the last."""
    leader = {name: name for name in names}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for source, target in edges:
        leader[find(source)] = find(target)
    parts: dict[str, list[str]] = defaultdict(list)
    for name in names:
        parts[find(name)].append(name)
    lonely = [part[0] for part in parts.values() if len(part) == 1]
    return [part for part in parts.values() if len(part) > 1] + ([lonely] if lonely else [])
