"""How far a long task is, and how it is called off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import LayerloomError


@dataclass(frozen=True, slots=True)
class Progress:
    """A task in words ("Reading images"), and how many of how many units ("images", "bytes") are done."""

    task: str
    done: int
    total: int
    unit: str


Listener = Callable[[Progress], bool | None]
"""Hears of progress; answers False to call the task off."""


class CancelledError(LayerloomError):
    """The listener called the task off; nothing half-done is left behind."""


def tell(listener: Listener | None, progress: Progress) -> None:
    """Report to ``listener``, if there is one; raises `CancelledError` when it answers False."""
    if listener is not None and listener(progress) is False:
        raise CancelledError(f"{progress.task} was cancelled.")
