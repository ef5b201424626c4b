"""Where a run stands, and what it does before its first batch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.training.events import Preparing
from engine.words import thousands


class RunStatus(StrEnum):
    """Where a run stands; the value is the word that the window shows."""

    PREPARING = "preparing"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"

    @property
    def active(self) -> bool:
        """Whether the run still holds the device."""
        return self in (RunStatus.PREPARING, RunStatus.RUNNING, RunStatus.PAUSED)

    @property
    def paused(self) -> bool:
        """Whether the run waits to be resumed."""
        return self is RunStatus.PAUSED


@dataclass(frozen=True, slots=True)
class Preparation:
    """What a run does before its first batch, and the fraction of it, negative where it is not known."""

    text: str
    fraction: float = -1.0

    @classmethod
    def of(cls, event: Preparing) -> Preparation:
        """What an event tells of it."""
        if not event.total:
            return cls(event.task)
        text = f"{event.task} {thousands(event.done)} of {thousands(event.total)}"
        return cls(text, event.done / event.total)
