"""Scrolling by itself while something is dragged along the edge of the canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtWidgets import QGraphicsView

_REACH = 36.0  # px from the edge in which it scrolls, faster the nearer
_FASTEST = 18.0  # px a step
_STEP_MS = 16


class EdgeScroll(QObject):
    """Pans while the mouse rests near an edge; ``panned`` is told after each step."""

    def __init__(self, view: QGraphicsView, pan: Callable[[float, float], None]) -> None:
        super().__init__(view)
        self._view = view
        self._pan = pan
        self._speed = QPointF()
        self._panned: Callable[[], object] = lambda: None
        self._coming_in = False
        self._timer = QTimer(self, interval=_STEP_MS)
        self._timer.timeout.connect(self.step)

    @property
    def running(self) -> bool:
        """Whether the mouse is near enough to an edge."""
        return self._timer.isActive()

    def come_in(self) -> None:
        """A drag from outside crosses an edge: nothing scrolls until it has been away from the edges."""
        self._coming_in = True

    def follow(self, point: QPointF, panned: Callable[[], object]) -> None:
        """The drag is at a viewport point now."""
        rect = self._view.viewport().rect()
        self._speed = QPointF(_speed(point.x(), rect.width()), _speed(point.y(), rect.height()))
        self._panned = panned
        if self._speed.isNull():
            self.stop()
        elif not self.running and not self._coming_in:
            self._timer.start()

    def stop(self) -> None:
        """The drag is over, or away from the edges."""
        self._timer.stop()
        self._coming_in = False

    def step(self) -> None:
        """Pan once."""
        self._pan(self._speed.x(), self._speed.y())
        self._panned()


def _speed(place: float, size: float) -> float:
    """px to pan by: positive near 0, negative near ``size``, none between."""
    near, far = _REACH - place, place - (size - _REACH)
    depth = max(near, far, 0.0)
    return (1 if near > far else -1) * _FASTEST * min(depth / _REACH, 1.0) if depth else 0.0
