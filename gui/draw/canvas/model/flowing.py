"""The drawing seen so that the network runs down, whichever way it runs on the screen.

Ports and wires are worked out once, for a network that runs down. One that runs to the right is the same with x and y
exchanged.
"""

from __future__ import annotations

from gui.draw.canvas.model.boxes import Box, Obstacles, Space
from gui.draw.canvas.model.geometry import Geometry
from gui.draw.canvas.model.routing import Route, Spot


class Flowing:
    """Boxes and rooms of a `Geometry` in flow coordinates, and the way back to those of the scene."""

    def __init__(self, geometry: Geometry) -> None:
        self._geometry = geometry
        self.rightwards = geometry.rightwards

    def box(self, name: str) -> Box:
        """Where an entry stands."""
        return self.turned(self._geometry.boxes[name])

    def obstacles(self, block: str) -> Obstacles:
        """What wires inside a block run around."""
        space = self._geometry.spaces[block]
        return _Turned(space) if self.rightwards else space

    def turned(self, box: Box) -> Box:
        """A box of the scene in flow coordinates, or back."""
        return _turned(box) if self.rightwards else box

    def on_screen(self, route: Route) -> Route:
        """Corners in the scene."""
        return tuple(map(self.spot, route))

    def spot(self, spot: Spot) -> Spot:
        """A point in the scene."""
        return Spot(spot.y, spot.x) if self.rightwards else Spot(spot.x, spot.y)


class _Turned:
    """A `Space` with x and y exchanged."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def within(self, area: Box) -> list[Box]:
        return [_turned(box) for box in self._space.within(_turned(area))]

    def top(self, left: float, right: float, *, default: float) -> float:
        return self._space.left(left, right, default=default)

    def column_free(self, x: float, top: float, bottom: float) -> bool:
        return top >= bottom or self._space.row_free(x, top, bottom)

    def row_free(self, y: float, left: float, right: float) -> bool:
        return self._space.column_free(y, min(left, right), max(left, right))


def _turned(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)
