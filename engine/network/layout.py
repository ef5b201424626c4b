"""Tidy layout: every frame in layers, from the inside out, and the top level folded into columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

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
from engine.network.layering import Item, Layerer, Layering, Pair
from engine.network.names import inside
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
LONGEST_COLUMN = 12  # ranks; above that the top level folds


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
        self.edges = _edges_by_frame(network)

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
        parts = [self._part(part, edges, items, fed=bool(prefix)) for part in _components(children, edges)]
        across = 0.0
        for part in parts:
            for name, (x, y) in part.at.items():
                self._set_position(name, along=x, across=across + y)
            across += snap_up(part.across + COLUMN_GAP)

    def _part(self, names: Sequence[str], edges: set[Pair], items: dict[str, Item], *, fed: bool) -> _Placed:
        """Place one connected part, or everything that is connected to nothing, one below the other."""
        members = set(names)
        inner = {edge for edge in edges if edge[0] in members}
        if inner:
            layering = Layerer(names, inner, items, fed=fed).layering(lane_gap=LANE_GAP, grid=GRID)
        else:
            layering = Layering([[name] for name in names], dict.fromkeys(names, 0), [0] * len(names))
        folds = not fed and self.flow is Flow.FOLDED and len(layering.rows) > LONGEST_COLUMN
        return self._columns(layering, items, folds=folds)

    def _columns(self, layering: Layering, items: dict[str, Item], *, folds: bool) -> _Placed:
        heights = [max(items[name].along for name in row) for row in layering.rows]
        steps = [snap_up(h + self._gap(row)) for h, row in zip(heights, layering.rows, strict=True)]
        lefts = [min(layering.axes[n] - items[n].axis for n in row) for row in layering.rows]
        rights = [max(layering.axes[n] + items[n].across - items[n].axis for n in row) for row in layering.rows]
        for row in layering.passed:
            rights[row] += SHORTCUT_LANE
        ends = fold(steps, lefts, rights, layering.crossings, gutter=COLUMN_GAP) if folds else [len(steps)]
        placed = _Placed({}, 0, 0)
        start = 0
        for end in ends:
            rows = range(start, end)
            axis = placed.across - min(lefts[row] for row in rows)
            top = 0.0
            for row in rows:
                for name in layering.rows[row]:
                    along = top + GRID * ((heights[row] - items[name].along) // 2 // GRID)
                    placed.at[name] = (along, axis + layering.axes[name] - items[name].axis)
                top += steps[row]
            placed.along = max(placed.along, top)
            right = axis + max(rights[row] for row in rows)
            placed.across = snap_up(right + COLUMN_GAP) if end < len(steps) else right
            start = end
        return placed

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


def _edges_by_frame(network: Network) -> defaultdict[str, set[Pair]]:
    """Each edge at the frame where its ends part: the node or block there that holds its source, and its target."""
    found: defaultdict[str, set[Pair]] = defaultdict(set)
    for edge in network.edges():
        source, target = edge.source.split("."), edge.target.split(".")
        depth = next(i for i, (a, b) in enumerate(zip(source, target, strict=False)) if a != b)
        pair = (".".join(source[: depth + 1]), ".".join(target[: depth + 1]))
        found[".".join(source[:depth])].add(pair)
    return found


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
