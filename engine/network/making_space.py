"""Making room: when something grows, its neighbours below move down and those at its right move right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from engine.network.geometry import GAP, ORIGIN, Box, axis_of, box_of, has_place, position_of, snap, snap_up
from engine.network.names import parent
from engine.network.network import Network
from engine.network.parts import Point

T = TypeVar("T")


def set_position(network: Network, name: str, position: Point) -> None:
    """Place a node or block in its parent's frame."""
    if name in network:
        network.set_node(name, position=position)
    else:
        network.set_block(name, position=position)


def shift(network: Network, name: str, dx: float, dy: float) -> None:
    """Move a node or block by (``dx``, ``dy``); one that is not laid out yet stays so."""
    if has_place(network, name) and (dx or dy):
        x, y = position_of(network, name)
        set_position(network, name, Point(x + dx, y + dy))


def boxes_in(network: Network, prefix: str) -> dict[str, Box]:
    """The rectangles of everything that has a place directly in a frame; of nothing while edits heed no places."""
    if not network.heeds_places:
        return {}
    return {name: box_of(network, name) for name in network.children(prefix) if has_place(network, name)}


def changing(network: Network, prefix: str, change: Callable[[], T]) -> T:
    """Run a change in a frame and return its result; what comes to overlap moves apart.

    Neighbours of the frame give way.
    """

    def change_and_settle() -> T:
        before = overlapping(boxes_in(network, prefix))
        result = change()
        if overlapping(boxes_in(network, prefix)) - before:
            push_apart(network, prefix)
        return result

    return resizing(network, prefix, change_and_settle)


def resizing(network: Network, prefix: str, change: Callable[[], T]) -> T:
    """Run a change of what a block holds or shows, and let the neighbours of every frame that it resizes give way.

    What stands in the frame's column moves with its main wire, what stands below it down, what is right of it
    right; the opposite change moves all of them back. The top level ("") has no neighbours.
    """
    while prefix and not network.is_block(prefix):
        prefix = parent(prefix)  # the first member of a new block makes the frame around that one grow
    if not prefix or not network.heeds_places:
        return change()
    before, axis = box_of(network, prefix), axis_of(network, prefix)
    outer = parent(prefix)

    def change_and_give_way() -> T:
        result = change()
        if network.is_block(prefix):
            _fit(network, prefix)
            aside = axis_of(network, prefix) - axis
            give_way(network, outer, before=before, after=box_of(network, prefix), aside=aside, but={prefix})
        return result

    return changing(network, outer, change_and_give_way)


def give_way(
    network: Network, prefix: str, *, before: Box, after: Box, aside: float = 0, but: Collection[str] = ()
) -> None:
    """Move the neighbours of something in a frame that grew or shrank from ``before`` to ``after``.

    Its column moves right by ``aside`` and, below it, down; what is right of it moves right.
    """
    right, down = snap(after.right - before.right), snap(after.bottom - before.bottom)
    for name, box in boxes_in(network, prefix).items():
        if name in but:
            continue
        if box.left >= before.right:
            shift(network, name, right, 0)
        elif box.right > before.left:
            shift(network, name, snap(aside), down if box.top >= before.bottom else 0)


def overlapping(boxes: Mapping[str, Box]) -> set[frozenset[str]]:
    """Pairs of rectangles that share more than an edge."""
    found: set[frozenset[str]] = set()
    reaching: list[str] = []
    for name in sorted(boxes, key=lambda name: boxes[name].top):
        reaching = [other for other in reaching if boxes[other].bottom > boxes[name].top]
        found.update(frozenset((name, other)) for other in reaching if boxes[other].overlaps(boxes[name]))
        reaching.append(name)
    return found


def push_apart(network: Network, prefix: str) -> None:
    """Move down whatever overlaps something above it in a frame."""
    boxes = boxes_in(network, prefix)
    placed: list[Box] = []
    for name in sorted(boxes, key=lambda name: boxes[name][1::-1]):
        box = boxes[name]
        while blocker := next((other for other in reversed(placed) if other.overlaps(box)), None):
            down = snap_up(blocker.bottom - box.top + GAP)
            box = Box(box.left, box.top + down, box.right, box.bottom + down)
        shift(network, name, 0, box.top - boxes[name].top)
        placed.append(box)


def _fit(network: Network, prefix: str) -> None:
    """Let a frame begin where its first members do, wherever these were moved; on the screen nothing else moves."""
    points = [position_of(network, name) for name in network.children(prefix)]
    dx = ORIGIN.x - min(point.x for point in points)
    dy = ORIGIN.y - min(point.y for point in points)
    for name in network.children(prefix):
        shift(network, name, dx, dy)
    shift(network, prefix, -dx, -dy)
