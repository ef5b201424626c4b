"""How long a training waits for its batches."""

from __future__ import annotations

import operator
import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

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
        self._gpu = _GpuClock(device) if device.type == "cuda" else None
        self._marks: list[tuple[Any, Any]] = []  # those of batches that were not counted yet, on whichever clock
        self._slowest: SlowSteps | None = None

    def for_each(self, batches: Iterable[T]) -> Iterator[T]:
        """The same batches, each waited for."""
        coming = iter(batches)
        mark = self._gpu.mark if self._gpu else time.perf_counter
        while True:
            before = mark()
            batch = next(coming, None)
            self._marks.append((before, mark()))
            if batch is None:
                return
            yield batch

    def take_share(self, seconds: float) -> float:
        """The share, 0 to 1, of the last so many seconds in which it waited; what it gives is asked for once."""
        between = self._gpu.seconds if self._gpu else operator.sub
        waited = sum(between(after, before) for before, after in self._marks)
        self._marks.clear()
        return min(waited / seconds, 1.0) if seconds else 0.0

    def reason(self, share: float, train: Split, *, batch_size: int) -> SlowSteps | None:
        """What takes longest in the making of a batch, if a large share was waited; it is measured once."""
        if share > WAITS_LONG and self._slowest is None:
            found = slowest(train, batch_size, Pass(0, 0), device=self._device)
            self._slowest = found and SlowSteps(*found)
        return self._slowest if share > WAITS_LONG else None


class _GpuClock:
    """Marks moments on the clock of a GPU."""

    def __init__(self, device: torch.device) -> None:
        self._device = device

    def mark(self) -> torch.Event:
        event = torch.Event(self._device, enable_timing=True)
        event.record()
        return event

    def seconds(self, after: torch.Event, before: torch.Event) -> float:
        """How long after another a moment was, once it has come."""
        after.synchronize()
        return before.elapsed_time(after) / 1000
