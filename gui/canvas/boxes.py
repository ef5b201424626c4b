"""Rectangles, and finding those in the way of a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

_BAND = 256.0


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


class Space:
    """The boxes that stand in one frame, found by height: lines are routed between them."""

    def __init__(self) -> None:
        self._boxes: dict[str, Box] = {}
        self._bands: defaultdict[int, set[str]] = defaultdict(set)

    def put(self, name: str, box: Box | None) -> None:
        """Place, move or (None) remove a box."""
        before = self._boxes.pop(name, None)
        if before:
            for band in _bands(before.top, before.bottom):
                self._bands[band].discard(name)
        if box:
            self._boxes[name] = box
            for band in _bands(box.top, box.bottom):
                self._bands[band].add(name)

    def between(self, top: float, bottom: float) -> list[Box]:
        """Boxes that reach into the stripe between two heights."""
        if top > bottom:
            top, bottom = bottom, top
        found: set[str] = set()
        for band in _bands(top, bottom):
            found |= self._bands.get(band, frozenset())
        boxes = (self._boxes[name] for name in found)
        return [box for box in boxes if box.top < bottom and box.bottom > top]

    def column_free(self, x: float, top: float, bottom: float) -> bool:
        """Whether a vertical line meets no box."""
        return not any(box.left < x < box.right for box in self.between(top, bottom))

    def row_free(self, y: float, left: float, right: float) -> bool:
        """Whether a horizontal line meets no box."""
        if left > right:
            left, right = right, left
        return not any(box.left < right and box.right > left for box in self.between(y - 0.5, y + 0.5))


def _bands(top: float, bottom: float) -> range:
    return range(int(top // _BAND), int(bottom // _BAND) + 1)
