"""How long a training waits for its batches."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import torch

from engine.data.augmentation.cost import slowest
from engine.data.draws import Pass
from engine.data.loaded import Split
from engine.data.warnings import WAITS_LONG
from engine.training.events import SlowSteps

T = TypeVar("T")


class Waiting:
    """Reads the clock before and after each batch comes.

    A GPU works on while the next batch is made: there the clock is its own, so that what counts is how long it had
    nothing else to do.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._marks: list[tuple[_Mark, _Mark]] = []  # those of batches that were not counted yet
        self._slowest: SlowSteps | None = None

    def for_each(self, batches: Iterable[T]) -> Iterator[T]:
        """The same batches, each waited for."""
        coming = iter(batches)
        while True:
            before = _Mark(self._device)
            batch = next(coming, None)
            self._marks.append((before, _Mark(self._device)))
            if batch is None:
                return
            yield batch

    def take_share(self, seconds: float) -> float:
        """The share, 0 to 1, of the last so many seconds in which it waited; what it gives is asked for once."""
        waited = sum(after.seconds_since(before) for before, after in self._marks)
        self._marks.clear()
        return min(waited / seconds, 1.0) if seconds else 0.0

    def reason(self, share: float, train: Split, *, batch_size: int) -> SlowSteps | None:
        """What takes longest in the making of a batch, if a large share was waited; it is measured once."""
        if share > WAITS_LONG and self._slowest is None:
            found = slowest(train, batch_size, Pass(0, 0), device=self._device)
            self._slowest = found and SlowSteps(*found)
        return self._slowest if share > WAITS_LONG else None


class _Mark:
    """A moment on the clock of a device."""

    def __init__(self, device: torch.device) -> None:
        self._at, self._event = time.perf_counter(), None
        if device.type == "cuda":
            self._event = torch.Event(device, enable_timing=True)
            self._event.record()

    def seconds_since(self, before: _Mark) -> float:
        if self._event is None or before._event is None:
            return self._at - before._at
        self._event.synchronize()
        return before._event.elapsed_time(self._event) / 1000
