"""Histograms of values that come batch by batch, without knowing their range or keeping them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 64
"""Bins of a histogram; between half of them and all are in use."""

MOST_COUNTS = 2**24
"""Counts of all units and classes together; above that the classes share one histogram a unit."""

_WHOLE = 40  # bits of the number of a bin, at most
_FINEST = -40  # 2 to that: the width of the bins of a unit that always gives 0


class Histograms:
    """One histogram for each unit and class: bin ``b`` of unit ``u`` counts values from ``first[u] + b * width[u]``.

    The width is a power of two and its edges are multiples of it, so that bins are merged exactly, two by two, when a
    value lies outside: the counts never depend on the order in which values came.
    """

    def __init__(self, units: int, classes: int) -> None:
        self.classes = classes if units * classes * BINS <= MOST_COUNTS else 1
        self.counts: NDArray[np.int32] = np.zeros((units, self.classes, BINS), np.int32)
        self._exponents = np.full(units, _FINEST)
        self._starts = np.zeros(units, np.int64)
        self._low, self._high = np.full(units, np.inf), np.full(units, -np.inf)

    def add(self, values: NDArray[np.float32], classes: NDArray[np.int64]) -> None:
        """Count values ``(N, U)`` of images of some ``classes`` ``(N,)``."""
        exact = values.astype(np.float64)
        self._make_room(exact.min(axis=0), exact.max(axis=0))
        bins = np.floor(np.ldexp(exact, -self._exponents)).astype(np.int64) - self._starts
        units = np.arange(values.shape[1])
        labels = classes[:, None] if self.classes > 1 else np.zeros((len(values), 1), np.int64)
        np.add.at(self.counts, (units[None], labels, bins), 1)

    @property
    def first(self) -> NDArray[np.float64]:
        """Where the first bin of each unit begins."""
        found: NDArray[np.float64] = np.ldexp(self._starts.astype(np.float64), self._exponents)
        return found

    @property
    def width(self) -> NDArray[np.float64]:
        """How wide the bins of each unit are."""
        found: NDArray[np.float64] = np.ldexp(1.0, self._exponents)
        return found

    def _make_room(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
        """Widen bins until all values so far and those from ``low`` to ``high`` fit."""
        before = self._exponents, self._starts, np.isfinite(self._low)
        self._low, self._high = np.minimum(self._low, low), np.maximum(self._high, high)
        exponents = np.maximum(self._exponents, self._least_exponents())
        while (tight := self._spans(exponents) >= BINS).any():
            exponents = exponents + tight
        self._exponents, self._starts = exponents, np.floor(np.ldexp(self._low, -exponents)).astype(np.int64)
        moved = before[2] & ((before[0] != exponents) | (before[1] != self._starts))
        for unit in np.flatnonzero(moved).tolist():
            places = ((before[1][unit] + np.arange(BINS)) >> (exponents[unit] - before[0][unit])) - self._starts[unit]
            merged = np.zeros_like(self.counts[unit].T)
            kept = (places >= 0) & (places < BINS)  # the others are empty
            np.add.at(merged, places[kept], self.counts[unit].T[kept])
            self.counts[unit] = merged.T

    def _least_exponents(self) -> NDArray[np.int64]:
        """Widths below which numbers of bins would not be whole numbers that 64 bits hold, or nearly fit already."""
        largest, extent = np.maximum(np.abs(self._low), np.abs(self._high)), self._high - self._low
        fitting = np.where(extent > 0, np.frexp(extent / BINS)[1] - 1, _FINEST)
        least: NDArray[np.int64] = np.maximum(np.frexp(largest)[1] - _WHOLE, fitting).astype(np.int64)
        return least

    def _spans(self, exponents: NDArray[np.int64]) -> NDArray[np.float64]:
        spans: NDArray[np.float64] = np.floor(np.ldexp(self._high, -exponents)) - np.floor(
            np.ldexp(self._low, -exponents)
        )
        return spans
