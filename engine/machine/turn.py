"""Who trains: all draw from the same generators, so that a trial beside a training would change its course."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock


class Turns:
    """Trials of a training come one after another, and before a training that begins meanwhile."""

    def __init__(self) -> None:
        self._trial = RLock()
        self._trainings: set[object] = set()

    @property
    def training(self) -> bool:
        """Whether a training is under way."""
        return bool(self._trainings)

    @contextmanager
    def to_train(self) -> Iterator[None]:
        """As long as a training lasts; waits for the trial that is under way."""
        mark = object()
        with self._trial:
            self._trainings.add(mark)
        try:
            yield
        finally:
            self._trainings.discard(mark)

    @contextmanager
    def to_try(self) -> Iterator[None]:
        """As long as a trial lasts; waits for those of other threads."""
        with self._trial:
            yield


TURNS = Turns()
"""Those of this program."""
