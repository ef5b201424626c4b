"""How far a long task is, and how it is called off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from engine.errors import LayerloomError
from engine.words import memory, thousands

BYTES = "bytes"
"""The unit of what is counted in bytes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A task in words ("Reading images"), and how many of how many units ("images", "bytes") are done."""

    task: str
    done: int
    total: int
    unit: str

    @property
    def words(self) -> str:
        """It as people read it: "Reading images 3 210 of 12 032", "Downloading MNIST 4.10 MB of 11.6 MB"."""
        done, total = (memory(size) if self.unit == BYTES else thousands(size) for size in (self.done, self.total))
        return f"{self.task} {done} of {total}" if self.total else self.task


T = TypeVar("T")

Listener = Callable[[Progress], bool | None]
"""Hears of progress; answers False to call the task off."""


class CancelledError(LayerloomError):
    """The listener called the task off; nothing half-done is left behind."""


def tell(listener: Listener | None, progress: Progress) -> None:
    """Report to ``listener``, if there is one; raises `CancelledError` when it answers False."""
    if listener is not None and listener(progress) is False:
        raise CancelledError(f"{progress.task} was cancelled.")


def finished(task: Iterable[Progress | T], listener: Listener | None) -> T:
    """What a task gives in the end that tells of its progress on the way; raises `CancelledError` like `tell`."""
    found: list[T] = []
    for event in task:
        if isinstance(event, Progress):
            tell(listener, event)
        else:
            found = [event]
    return found[0]
