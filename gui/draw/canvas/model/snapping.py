"""Snapping a drag to the grid and to the centre lines of neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.network.geometry import snap
from gui.draw.canvas.model.boxes import Box

NEAR = 6.0


@dataclass(frozen=True, slots=True)
class Snapped:
    """A movement after snapping; ``x`` and ``y`` are centre lines it snapped to, for the guides."""

    dx: float
    dy: float
    x: float | None = None
    y: float | None = None


def snapped(box: Box, dx: float, dy: float, neighbours: Iterable[Box]) -> Snapped:
    """Move ``box`` by about (``dx``, ``dy``): in steps of the grid, or so that its centre meets a neighbour's."""
    neighbours = list(neighbours)
    x = _nearest(box.centre + dx, (other.centre for other in neighbours))
    y = _nearest(box.middle + dy, (other.middle for other in neighbours))
    across = snap(dx) if x is None else x - box.centre
    along = snap(dy) if y is None else y - box.middle
    return Snapped(across, along, x, y)


def _nearest(value: float, lines: Iterable[float]) -> float | None:
    near = min(lines, key=lambda line: abs(line - value), default=None)
    return near if near is not None and abs(near - value) <= NEAR else None
