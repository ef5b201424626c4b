"""How large things are drawn, in px at 100 %, and where their main wire runs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from engine.network.exits import exit_of
from engine.network.names import inside
from engine.network.network import Network
from engine.network.parts import Point

NODE_WIDTH = 200
NODE_HEIGHT = 48
SLIM_HEIGHT = 28
BLOCK_HEIGHT = 64
HEADER = 32
PADDING = 28
GRID = 8
GAP = 28
GAP_SHAPE_CHANGES = 36
SHORTCUT_LANE = 72  # room right of a path for a wire that passes it by, and its label


def snap(value: float) -> int:
    """The nearest multiple of the grid."""
    return GRID * round(value / GRID)


def snap_up(value: float) -> int:
    """The first multiple of the grid that is not smaller."""
    return GRID * math.ceil(value / GRID)


ORIGIN = Point(snap_up(PADDING), snap_up(HEADER + PADDING))
"""Where the first node of a frame stands: on the grid, with header and padding kept free."""


class Size(NamedTuple):
    """Width and height."""

    width: int
    height: int


class Box(NamedTuple):
    """A rectangle in its parent's frame, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return self.beside(other) and self.top < other.bottom and other.top < self.bottom

    def beside(self, other: Box) -> bool:
        """Whether some vertical line meets both."""
        return self.left < other.right and other.left < self.right


def position_of(network: Network, name: str) -> Point:
    """Where a node or block stands in its parent's frame; the frame's first place if it is not laid out."""
    position = network[name].position if name in network else network.block(name).position
    return position or ORIGIN


def has_place(network: Network, name: str) -> bool:
    """Whether a node or block is laid out, and edits heed that."""
    position = network[name].position if name in network else network.block(name).position
    return position is not None and network.heeds_places


def is_frame(network: Network, name: str) -> bool:
    """Whether a name is a block that is drawn as a frame around its members."""
    return name not in network and not network.block(name).collapsed


def size_of(network: Network, name: str) -> Size:
    """The size of a node, a collapsed block, or the frame of an expanded one."""
    if name in network:
        return Size(NODE_WIDTH, SLIM_HEIGHT if network.layer(name).keeps_shape else NODE_HEIGHT)
    if network.block(name).collapsed:
        return Size(NODE_WIDTH, BLOCK_HEIGHT)
    boxes = {child: box_of(network, child) for child in network.children(name)}
    right = max(box.right for box in boxes.values()) + SHORTCUT_LANE * _has_shortcut(network, name, boxes)
    return Size(snap_up(right + PADDING), snap_up(max(box.bottom for box in boxes.values()) + PADDING))


def box_of(network: Network, name: str) -> Box:
    """The rectangle of a node or block in its parent's frame."""
    (x, y), (width, height) = position_of(network, name), size_of(network, name)
    return Box(x, y, x + width, y + height)


def around(boxes: Iterable[Box]) -> Box:
    """The smallest rectangle that holds all others."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def axis_of(network: Network, name: str, *, horizontal: bool = False) -> float:
    """How far right of its left edge (``horizontal``: below its top) the main wire of a node or block runs.

    That is the middle, but for a frame the axis of the member whose output leaves it; in a frame that is folded into
    columns, that of the member where its path begins.
    """
    if not is_frame(network, name):
        return size_of(network, name)[horizontal] / 2
    child = _entry(network, name) if _is_folded(network, name) else child_of(exit_of(network, name), name)
    return position_of(network, child)[horizontal] + axis_of(network, child, horizontal=horizontal)


def _entry(network: Network, prefix: str) -> str:
    """The member of a frame, node or block, that comes first."""
    return child_of(min(network.members(prefix), key=network.place), prefix)


def _is_folded(network: Network, prefix: str) -> bool:
    """Whether some wire in a frame leads to what does not begin below its source: to the next column."""
    tops = {child: position_of(network, child).y for child in network.children(prefix)}
    return any(
        source != target and tops[target] <= tops[source]
        for name in network.members(prefix)
        for edge in network.incoming(name)
        if inside(edge.source, prefix)
        for source, target in [(child_of(edge.source, prefix), child_of(edge.target, prefix))]
    )


def child_of(name: str, prefix: str) -> str:
    """The node or block directly in ``prefix`` that is or holds ``name``."""
    depth = prefix.count(".") + 1 if prefix else 0
    return ".".join(name.split(".")[: depth + 1])


def _has_shortcut(network: Network, prefix: str, boxes: dict[str, Box]) -> bool:
    """Whether some edge inside a frame, or from above it, has to pass a member by."""
    for name in network.members(prefix):
        target = child_of(name, prefix)
        for edge in network.incoming(name):
            source = child_of(edge.source, prefix) if inside(edge.source, prefix) else None
            top = boxes[source].bottom if source else 0
            in_line = source is None or boxes[source].beside(boxes[target])
            if source != target and in_line and boxes[target].top - top > NODE_HEIGHT + PADDING:
                way = Box(boxes[target].left, top, boxes[target].right, boxes[target].top)
                if any(box.overlaps(way) for child, box in boxes.items() if child not in (source, target)):
                    return True
    return False
