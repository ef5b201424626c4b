"""Orthogonal routes from port to port, around what stands between."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from gui.draw.canvas.model.boxes import Box, Obstacles

STUB = 14.0  # how far a wire goes straight before its first turn
CLEAR = 24.0  # from a lane to the boxes beside it
LANE = 12.0  # from lane to lane
PORT_STUB = 8.0  # less than this is no room to turn
_HALF_NODE = 100.0
_COLUMN = _HALF_NODE + CLEAR  # what begins farther from the side it goes to stands in another column
_FAR = 700.0  # how far to the sides a free column is looked for
_AIR = 10.0  # nearer than this to a box nothing runs


class Side(StrEnum):
    """The edge of a box that a wire enters by; all leave at the bottom."""

    TOP = "top"
    LEFT = "left"
    RIGHT = "right"


class Spot(NamedTuple):
    """A point in px at 100 %."""

    x: float
    y: float


class Goal(NamedTuple):
    """Where a wire ends, and by which edge it enters."""

    x: float
    y: float
    side: Side = Side.TOP


Route = tuple[Spot, ...]


def route(
    start: Spot, goal: Goal, obstacles: Obstacles, *, drop: float = STUB, lane: int = 0, fan: bool = False
) -> Route:
    """Corners of an orthogonal wire from a bottom port to ``goal``, ends included.

    ``drop`` is the height of the first turn below the start; ``lane`` counts the lanes outwards, for wires that run
    side by side; a ``fan`` parts as soon as it can.
    """
    if goal.side is not Side.TOP:
        return _from_the_side(start, goal, obstacles, drop=drop, lane=lane)
    return (
        _straight(start, goal, obstacles)
        or _bent(start, goal, obstacles, drop=drop, fan=fan)
        or _around(start, goal, obstacles, drop=drop)
    )


def is_straight(start: Spot, goal: Goal, obstacles: Obstacles) -> bool:
    """Whether a wire can go straight down."""
    return _straight(start, goal, obstacles) is not None


def _straight(start: Spot, goal: Goal, obstacles: Obstacles) -> Route | None:
    aligned = abs(start.x - goal.x) < 0.5 and goal.y >= start.y
    if aligned and goal.side is Side.TOP and obstacles.column_free(start.x, start.y + 1, goal.y - 1):
        return (start, Spot(start.x, goal.y))
    return None


def _bent(start: Spot, goal: Goal, obstacles: Obstacles, *, drop: float, fan: bool) -> Route | None:
    height = goal.y - start.y
    if height < 2 * PORT_STUB:
        return None
    turns = (goal.y - min(STUB, height / 2), start.y + min(drop, height - PORT_STUB))
    for turn in reversed(turns) if fan else turns:
        free = (
            obstacles.column_free(start.x, start.y + 1, turn)
            and obstacles.column_free(goal.x, turn, goal.y - 1)
            and obstacles.row_free(turn, start.x, goal.x)
        )
        if free:
            return (start, Spot(start.x, turn), Spot(goal.x, turn), Spot(goal.x, goal.y))
    return None


def _around(start: Spot, goal: Goal, obstacles: Obstacles, *, drop: float) -> Route:
    down, up = start.y + drop, goal.y - STUB
    aside = _HALF_NODE + CLEAR
    beside = goal.x - aside if goal.x > start.x - 0.5 and up < down else goal.x + aside
    x = _free_column(obstacles, down, up, near=beside)
    return (start, Spot(start.x, down), Spot(x, down), Spot(x, up), Spot(goal.x, up), Spot(goal.x, goal.y))


def _from_the_side(start: Spot, goal: Goal, obstacles: Obstacles, *, drop: float, lane: int) -> Route:
    sign = 1 if goal.side is Side.RIGHT else -1
    down = start.y + drop
    beside = sign * (start.x - goal.x) > 2 * PORT_STUB
    if beside and goal.y > start.y and obstacles.column_free(start.x, start.y + 1, goal.y):
        return (start, Spot(start.x, goal.y), Spot(goal.x, goal.y))
    if sign * (start.x - goal.x) > _COLUMN:
        return _from_another_column(start, goal, obstacles, down, sign=sign, lane=lane)
    x = _lane(start, goal, obstacles, down, sign=sign, lane=lane)
    return (start, Spot(start.x, down), Spot(x, down), Spot(x, goal.y), Spot(goal.x, goal.y))


def _from_another_column(start: Spot, goal: Goal, obstacles: Obstacles, down: float, *, sign: int, lane: int) -> Route:
    """To the gutter before the goal and in it to the goal: straight across, or where things stand, above them all.

    Where little room is before the goal, the gutter is nearer to it.
    """
    gutters = [goal.x + sign * room for room in (CLEAR + LANE * (lane + 1), CLEAR, LANE, PORT_STUB)]
    for gutter in gutters:
        if obstacles.row_free(down, start.x, gutter) and obstacles.column_free(gutter, down, goal.y):
            return (start, Spot(start.x, down), Spot(gutter, down), Spot(gutter, goal.y), Spot(goal.x, goal.y))
    gutter = next((x for x in gutters if obstacles.column_free(x, down, goal.y)), gutters[0])
    above = obstacles.top(min(start.x, gutter), max(start.x, gutter), default=start.y) - STUB - LANE * (lane + 1)
    x = _free_column(obstacles, above, down, near=start.x - sign * (_HALF_NODE + CLEAR + LANE * lane))
    rise = (Spot(x, down), Spot(x, above), Spot(gutter, above))
    return (start, Spot(start.x, down), *rise, Spot(gutter, goal.y), Spot(goal.x, goal.y))


def _lane(start: Spot, goal: Goal, obstacles: Obstacles, down: float, *, sign: int, lane: int) -> float:
    """The x of a vertical lane outside everything that stands between two heights, next to it."""
    outermost = sign * max(sign * goal.x, sign * start.x)
    for left, right in _blocked(obstacles, down, goal.y, outermost - _FAR, outermost + _FAR):
        if left - CLEAR < outermost < right + CLEAR:
            outermost = right if sign > 0 else left
    return outermost + sign * (CLEAR + LANE * lane)


def _free_column(obstacles: Obstacles, top: float, bottom: float, *, near: float) -> float:
    """The x nearest to ``near`` at which a vertical line meets nothing between two heights."""
    for left, right in _blocked(obstacles, top, bottom, near - _FAR, near + _FAR):
        if left < near < right:
            return left if near - left < right - near else right
    return near


def _blocked(obstacles: Obstacles, top: float, bottom: float, left: float, right: float) -> list[tuple[float, float]]:
    """Stretches of x that boxes in an area take, merged, with some air around them."""
    area = Box(left, min(top, bottom), right, max(top, bottom))
    merged: list[tuple[float, float]] = []
    for begin, end in sorted((box.left - _AIR, box.right + _AIR) for box in obstacles.within(area)):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged
