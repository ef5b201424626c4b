"""The only crossing from the training thread into Qt: a timer drains the queue of events."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from engine.runs.event_queue import EventQueue
from engine.training.events import Failed, Finished

TICK = 50  # ms

# Ticks between two redraws: 10, 4, 2 and 1 times a second.
CURVES_EVERY, BADGES_EVERY, THUMBNAILS_EVERY, CHIPS_EVERY = 2, 5, 10, 20


class RunBridge(QObject):
    """Hands on the events of one run at a time, and beats time for those who draw them.

    ``arrived`` gives every event in order. ``curves``, ``badges``, ``thumbnails`` and ``chips`` say that it is time
    to draw those again; they are silent while nothing arrives. The timer runs only while there is a queue to follow:
    a `Finished` or `Failed` ends that.
    """

    arrived = Signal(object)
    curves = Signal()
    badges = Signal()
    thumbnails = Signal()
    chips = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events: EventQueue | None = None
        self._timed_signals = (
            (self.curves, CURVES_EVERY),
            (self.badges, BADGES_EVERY),
            (self.thumbnails, THUMBNAILS_EVERY),
            (self.chips, CHIPS_EVERY),
        )
        self._due = [False] * len(self._timed_signals)
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)

    @property
    def following(self) -> bool:
        """Whether events are expected."""
        return self._events is not None

    def follow(self, events: EventQueue) -> None:
        """Drain ``events`` from now on."""
        self._events = events
        self._ticks = 0
        self._timer.start()

    def drain(self) -> None:
        """Hand on all that waits in the queue now, and beat once for everything if that ended the run."""
        while self._events is not None and not self._events.empty():
            event = self._events.get()
            if isinstance(event, Finished | Failed):
                self._events = None
            self._due = [True] * len(self._timed_signals)
            self.arrived.emit(event)
        if self._events is None:
            self._timer.stop()
            self._emit_due(lambda _: True)

    def _tick(self) -> None:
        self._ticks += 1
        self.drain()
        self._emit_due(lambda every: self._ticks % every == 0)

    def _emit_due(self, is_time: Callable[[int], bool]) -> None:
        for index, (signal, every) in enumerate(self._timed_signals):
            if self._due[index] and is_time(every):
                self._due[index] = False
                signal.emit()
