"""How another thread steers a training."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from engine.errors import LayerloomError
from engine.recipe.recipe import HIGHEST_RATE


@dataclass(frozen=True, eq=False, slots=True)
class Watched:
    """The output of ``node`` for ``image``, uint8 ``(C, H, W)`` at the network's input shape, is to be shown."""

    node: str
    image: NDArray[np.uint8]


class Next(Enum):
    """What a training does before its next batch."""

    GO = "go"
    PROBE = "probe"  # what is watched has changed
    STOP = "stop"


_GLANCE = 0.5  # seconds after which a paused training looks whether the program has ended


class Control:
    """Pause, resume, stop and watch, from any thread; the training asks `next` before each batch."""

    def __init__(self) -> None:
        self._condition, self._main = threading.Condition(), threading.main_thread()
        self._paused = False
        self._stopped = False
        self._unseen = False
        self._watched: Watched | None = None
        self._rate: float | None = None

    def pause(self) -> None:
        """Let the training wait after its current batch."""
        self._set(paused=True)

    def resume(self) -> None:
        """Let a paused training go on."""
        self._set(paused=False)

    def stop(self) -> None:
        """Let the training end after its current batch, paused or not."""
        self._set(stopped=True)

    def watch(self, node: str, image: NDArray[np.uint8]) -> None:
        """Let the training show the output of ``node`` for ``image`` now and after each epoch."""
        with self._condition:
            self._watched, self._unseen = Watched(node, image), True
            self._condition.notify_all()

    def unwatch(self) -> None:
        """Show nothing any more."""
        with self._condition:
            self._watched, self._unseen = None, False

    def set_learning_rate(self, rate: float) -> None:
        """Let the training go on at another learning rate, of which its schedule goes on; raises `LayerloomError`."""
        if not 0 < rate <= HIGHEST_RATE:
            raise LayerloomError(f"The learning rate is {rate:g}, but must be above 0 and at most {HIGHEST_RATE}.")
        with self._condition:
            self._rate = rate

    def take_learning_rate(self) -> float | None:
        """Another learning rate to go on at, told once; None where it shall stay."""
        rate, self._rate = self._rate, None
        return rate

    @property
    def watched(self) -> Watched | None:
        """What is to be shown after each epoch."""
        return self._watched

    @property
    def paused(self) -> bool:
        """Whether the training waits, or will after its current batch."""
        return self._paused and not self._stopped

    @property
    def stopped(self) -> bool:
        """Whether the training was told to end, or the program that ran it has ended."""
        return self._stopped or not self._main.is_alive()

    @property
    def interrupts(self) -> bool:
        """Whether somebody asked for what makes `next` wait, or answer anything but to go on."""
        return self._paused or self._unseen or self._stopped

    def next(self) -> Next:
        """What to do now; waits while paused."""
        if not (self._paused or self._unseen or self.stopped):  # as nearly always, which needs no lock
            return Next.GO
        with self._condition:
            while not self.stopped:
                if self._unseen:
                    self._unseen = False
                    return Next.PROBE
                if not self._paused:
                    return Next.GO
                self._condition.wait(_GLANCE)
        return Next.STOP

    def _set(self, *, paused: bool | None = None, stopped: bool | None = None) -> None:
        with self._condition:
            self._paused = self._paused if paused is None else paused
            self._stopped = self._stopped if stopped is None else stopped
            self._condition.notify_all()
