"""How fast a training goes, and when it is time to say so."""

from __future__ import annotations

import time

_INTERVAL = 0.02  # seconds between two reports: a screen shows no more, and a queue must not fill up
_MEMORY = 0.8  # how much of the speed shown comes from the reports before


class Speedometer:
    """Counts images and seconds; time in which training waits does not count."""

    def __init__(self) -> None:
        self._since = time.perf_counter()
        self._seconds = 0.0
        self._window_seconds = 0.0
        self._window_images = 0
        self.images_per_second = 0.0

    def start(self) -> None:
        """Work begins, or goes on after a wait."""
        self._since = time.perf_counter()

    def count(self, images: int = 0) -> None:
        """Training worked until now, and is done with so many more images."""
        self._window_images += images
        self._window_seconds += self.count_other()

    def count_other(self) -> float:
        """Something else than training worked until now; the seconds it took."""
        now = time.perf_counter()
        passed, self._since = now - self._since, now
        self._seconds += passed
        return passed

    def is_due(self) -> bool:
        """Whether enough time has passed for a report; if so ``images_per_second`` is brought up to date."""
        if self._window_seconds < _INTERVAL and self.images_per_second:
            return False
        current = self._window_images / max(self._window_seconds, 1e-9)
        before = self.images_per_second or current
        self.images_per_second = _MEMORY * before + (1 - _MEMORY) * current
        self._window_seconds, self._window_images = 0.0, 0
        return True

    def take_seconds(self) -> float:
        """The seconds counted since this was last asked."""
        seconds, self._seconds = self._seconds, 0.0
        return seconds
