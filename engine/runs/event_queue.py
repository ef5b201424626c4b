"""The events of a training on their way to another thread."""

from __future__ import annotations

import math
from collections import Counter, deque
from queue import Queue

from engine.training.events import Event, HealthMeasured, Preparing, Probed, StepDone

MOST_WAITING: dict[type[Event], int] = {StepDone: 2000, HealthMeasured: 200, Preparing: 200, Probed: 8}
"""How many of a kind may wait; of any other, such as the end of an epoch, all do."""


class EventQueue(Queue[Event]):
    """A queue that is never full, and stays small where nobody takes from it for long, as while a window is busy.

    Where too many of a kind wait, every second of them goes; the newest stays, and so does the order of the rest.
    """

    def _init(self, maxsize: int) -> None:
        super()._init(maxsize)
        self._waiting: Counter[type[Event]] = Counter()

    def _put(self, item: Event) -> None:
        kind = type(item)
        if self._waiting[kind] >= MOST_WAITING.get(kind, math.inf):
            self._thin_out(kind)
        self._waiting[kind] += 1
        super()._put(item)

    def _get(self) -> Event:
        item: Event = super()._get()
        self._waiting[type(item)] -= 1
        return item

    def _thin_out(self, kind: type[Event]) -> None:
        kept: deque[Event] = deque()
        seen = 0
        for event in reversed(self.queue):
            seen += type(event) is kind
            if type(event) is not kind or seen % 2:
                kept.appendleft(event)
        self._waiting[kind] -= len(self.queue) - len(kept)
        self.queue = kept
