"""Rectangles, and finding those in the way of a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

_CELL = 256.0


class Box(NamedTuple):
    """A rectangle in px at 100 %, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> float:
        """Middle of left and right."""
        return (self.left + self.right) / 2

    @property
    def middle(self) -> float:
        """Middle of top and bottom."""
        return (self.top + self.bottom) / 2

    def moved(self, dx: float, dy: float) -> Box:
        """The same size, elsewhere."""
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def grown(self, left: float, top: float, right: float, bottom: float) -> Box:
        """With room added on each side."""
        return Box(self.left - left, self.top - top, self.right + right, self.bottom + bottom)

    def joined(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def around(boxes: Iterable[Box]) -> Box | None:
    """The smallest box that holds all others, or None of none."""
    boxes = list(boxes)
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def laid_out_anew(before: Mapping[str, Box], after: Mapping[str, Box]) -> bool:
    """Whether the same things stand elsewhere, most of them, and did not all move alike."""
    if before.keys() != after.keys():
        return False
    ways = [(after[name].left - box.left, after[name].top - box.top) for name, box in before.items()]
    moved = [way for way in ways if any(way)]
    return 2 * len(moved) > len(ways) and len(set(moved)) > 1


class Obstacles(Protocol):
    """What a router asks of the boxes that stand in one frame."""

    def within(self, area: Box) -> list[Box]: ...

    def top(self, left: float, right: float, *, default: float) -> float: ...

    def column_free(self, x: float, top: float, bottom: float) -> bool: ...

    def row_free(self, y: float, left: float, right: float) -> bool: ...


class Space:
    """The boxes that stand in one frame, found by where they are: lines are routed between them."""

    def __init__(self) -> None:
        self._boxes: dict[str, Box] = {}
        self._cells: defaultdict[tuple[int, int], set[str]] = defaultdict(set)

    def put(self, name: str, box: Box | None) -> None:
        """Place, move or (None) remove a box."""
        before = self._boxes.pop(name, None)
        if before:
            for cell in _cells(before):
                self._cells[cell].discard(name)
        if box:
            self._boxes[name] = box
            for cell in _cells(box):
                self._cells[cell].add(name)

    def within(self, area: Box) -> list[Box]:
        """Boxes that reach into an area."""
        found = {name for cell in _cells(area) for name in self._cells.get(cell, ())}
        return [box for name in found if (box := self._boxes[name]).overlaps(area)]

    def top(self, left: float, right: float, *, default: float) -> float:
        """Where the highest box between two x begins."""
        return min((box.top for box in self._boxes.values() if box.left < right and left < box.right), default=default)

    def left(self, top: float, bottom: float, *, default: float) -> float:
        """Where the leftmost box between two y begins."""
        return min((box.left for box in self._boxes.values() if box.top < bottom and top < box.bottom), default=default)

    def column_free(self, x: float, top: float, bottom: float) -> bool:
        """Whether a vertical line meets no box."""
        return top >= bottom or not self.within(Box(x - 0.5, top, x + 0.5, bottom))

    def row_free(self, y: float, left: float, right: float) -> bool:
        """Whether a horizontal line meets no box."""
        return not self.within(Box(min(left, right), y - 0.5, max(left, right), y + 0.5))


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(int(box.left // _CELL), int(box.right // _CELL) + 1):
        for row in range(int(box.top // _CELL), int(box.bottom // _CELL) + 1):
            yield column, row
