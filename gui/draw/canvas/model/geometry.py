"""Where everything drawn stands, in px at 100 %, from the positions that the network notes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable

from engine.network import Network, Point
from engine.network.geometry import BLOCK_HEIGHT, GAP, HEADER, NODE_HEIGHT, NODE_WIDTH, PADDING, SLIM_HEIGHT, size_of
from engine.network.names import parent, prefixes
from gui.draw.canvas.model.boxes import Box, Space, around
from gui.draw.canvas.model.outline import Outline

STRIP_HEIGHT = 10  # what the heat strip adds to a node while training
PORT_RADIUS = 4.0
PORT_REACH = 12.0  # a press this near hits the port
SNAP = 8
RADIUS = 6.0
FRAME_RADIUS = 8.0
STACK = 4  # offset of each further edge of a collapsed block


class Geometry:
    """The box of every drawn entry, and for each block the `Space` its links run in.

    `refresh` recomputes only what it is told of and the frames around it. ``lifted`` entries follow a drag: they
    stand ``offset`` away from where the network has them, and if they are ``leaving`` no frame grows around them.
    """

    def __init__(self, network: Network, outline: Outline, has_strip: Callable[[str], bool]) -> None:
        self._network = network
        self._outline = outline
        self._has_strip = has_strip
        self.rightwards = False  # the network runs to the right, else down
        self.boxes: dict[str, Box] = {}
        self._bounds: Box | None = None
        self.spaces: defaultdict[str, Space] = defaultdict(Space)
        self._stacked_names: set[str] = set()
        self._stacks: dict[str, dict[str, Point]] = {}  # places in each block, known while one refresh goes on
        self.lifted: frozenset[str] = frozenset()
        self.offset = (0.0, 0.0)
        self.leaving = False

    def refresh(self, entries: Iterable[str]) -> set[str]:
        """Recompute entries, all that is drawn inside them and the frames around; returns whose box changed."""
        self._stacks.clear()
        named = set(entries)
        inner = {name for entry in named if self._outline.is_frame(entry) for name in self._outline.drawn(entry)}
        touched = named | inner
        touched |= {prefix for name in touched for prefix in prefixes(name)}
        touched |= self._stacked_beside(touched)
        by_depth = sorted(touched, key=lambda name: -name.count("."))
        return {name for name in by_depth if self._put(name, self._box_of(name))}

    def _stacked_beside(self, touched: set[str]) -> set[str]:
        """What was never laid out, in the frames of ``touched``: it stands below whatever stands there."""
        frames = {parent(name) for name in touched}
        roots = [name for name in self._stacked_names if parent(name) in frames]
        return {inner for root in roots for inner in (root, *self._outline.drawn(root))}

    def origin(self, block: str) -> Point:
        """The point that positions in a block are relative to."""
        x = y = 0.0
        for prefix in (*prefixes(block), block) if block else ():
            place = self._position(prefix)
            x, y = x + place.x, y + place.y
        return Point(x, y)

    def relative(self, name: str, x: float, y: float) -> Point:
        """An absolute point as a position in the block that ``name`` stands in."""
        origin = self.origin(parent(name))
        return Point(x - origin.x, y - origin.y)

    def room_beside(self, name: str, height: float, reach: float) -> float:
        """How far a strip of a ``height`` reaches from the right edge of an entry, at most as far as ``reach``.

        It ends where another entry begins, in its own frame or in one around it.
        """
        box = self.boxes[name]
        strip = Box(box.right, box.middle - height / 2, box.right + reach, box.middle + height / 2)
        frames = [parent(entry) for entry in (*prefixes(name), name)]
        met = [other.left for frame in frames for other in self.spaces[frame].within(strip)]
        return min((left - box.right for left in met if left >= box.right), default=math.inf)

    def bounds(self) -> Box | None:
        """The box around everything drawn."""
        if self._bounds is None:
            self._bounds = around(self.boxes[child] for child in self._outline.children() if child in self.boxes)
        return self._bounds

    def _put(self, name: str, box: Box | None) -> bool:
        before = self.boxes.get(name)
        if box == before:
            return False
        if box is None:
            del self.boxes[name]
        else:
            self.boxes[name] = box
        self.spaces[parent(name)].put(name, box)
        self._bounds = None
        return True

    def _box_of(self, name: str) -> Box | None:
        self._stacked_names.discard(name)
        if not self._outline.is_drawn(name):
            return None
        if self._noted(name) is None:
            self._stacked_names.add(name)
        if self._outline.is_frame(name):
            return self._frame(name)
        place, origin = self._position(name), self.origin(parent(name))
        left, top = origin.x + place.x, origin.y + place.y
        return Box(left, top, left + NODE_WIDTH, top + self.height_of(name))

    def _frame(self, name: str) -> Box:
        """The frame as it is laid out, grown to hold what was dragged beyond it."""
        origin, size = self.origin(name), size_of(self._network, name)
        frame = Box(origin.x, origin.y, origin.x + size.width, origin.y + size.height)
        gone = self.lifted if self.leaving else ()
        children = [child for child in self._outline.children(name) if child in self.boxes and child not in gone]
        inner = around(self.boxes[child] for child in children)
        return frame.joined(inner.grown(PADDING, HEADER + PADDING, PADDING, PADDING)) if inner else frame

    def height_of(self, name: str) -> int:
        """Height of a node or collapsed block."""
        if self._outline.is_block(name):
            return BLOCK_HEIGHT  # the strip stands in place of the cost
        extra = STRIP_HEIGHT if self._has_strip(name) else 0
        return (SLIM_HEIGHT if self._network.layer(name).keeps_shape else NODE_HEIGHT) + extra

    def _position(self, name: str) -> Point:
        noted = self._noted(name)
        place = self._stacked(name) if noted is None else noted
        if name in self.lifted:
            return Point(place.x + self.offset[0], place.y + self.offset[1])
        return place

    def _noted(self, name: str) -> Point | None:
        return self._network.block(name).position if self._outline.is_block(name) else self._network[name].position

    def _stacked(self, name: str) -> Point:
        """A place for what was never laid out, in the frame it stands in."""
        block = parent(name)
        if name not in self._stacks.get(block, ()):
            self._stacks[block] = self._stack(block)
        return self._stacks[block][name]

    def _stack(self, block: str) -> dict[str, Point]:
        """Places for what was never laid out in a block: below its placed siblings, one under the other."""
        left, top = (PADDING, HEADER + PADDING) if block else (0, 0)
        noted = {child: self._noted(child) for child in self._network.children(block)}
        placed = {child: place for child, place in noted.items() if place is not None}
        x = min((place.x for place in placed.values()), default=left)
        y = max((place.y + self._reach(child) + GAP for child, place in placed.items()), default=top)
        places = {}
        for child in (child for child in noted if child not in placed):
            places[child] = Point(x, y)
            y += self._reach(child) + GAP
        return places

    def _reach(self, name: str) -> float:
        """The height of an entry, of a frame with what is stacked in it."""
        if not self._outline.is_frame(name):
            return self.height_of(name)
        inner = self._network.children(name)
        return max(self._position(child).y + self._reach(child) for child in inner) + PADDING
