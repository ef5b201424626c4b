"""The folder that was looked through last, so that who asks next need not look into each file again.

The time at which a folder changed does not tell that a file in it was written to: so each file is asked for its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.data.beginnings import State, state_of
from engine.data.progress import Listener, Progress, tell

_COARSEST = 2_000_000_000  # ns between two times that every file system tells apart
_WAIT = 0.1  # seconds

T = TypeVar("T")


class Indexed(Generic[T]):
    """What was found in some files, as long as none of them has changed; one thread looks at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = 0
        self._states: NDArray[np.int64] = np.empty(0, np.int64)
        self._found: T | None = None

    @contextmanager
    def alone(self, progress: Listener | None) -> Iterator[None]:
        """Wait until no other thread looks; who listens may call it off."""
        while not self._lock.acquire(timeout=_WAIT):
            tell(progress, Progress("Checking files", 0, 0, "files"))
        try:
            yield
        finally:
            self._lock.release()

    def recalled(self, asked: int, paths: Sequence[str]) -> T | None:
        """What was found when the same was ``asked``, told by a hash of it, if all files at the paths are as then."""
        if self._found is None or asked != self._asked or len(paths) != len(self._states):
            return None
        same = all(state_of(path).mark == state for path, state in zip(paths, self._states.tolist(), strict=True))
        return self._found if same else None

    def keep(self, asked: int, states: Sequence[State], found: T, *, began: int) -> None:
        """Remember what was found, unless a file changed so lately that its time may not tell of the next change.

        Looking ``began`` at that time, in ns: a file may have changed again right after it was looked at.
        """
        latest = began - _COARSEST
        self._asked = asked
        self._states = np.array([state.mark for state in states], np.int64)
        self._found = found if all(state.changed < latest for state in states) else None
