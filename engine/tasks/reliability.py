"""How far the confidence of a network can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BINS = 15


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Answers by their confidence: the bins ``(edges[i], edges[i + 1]]``, with those of 0 in the first.

    ``confidence`` and ``accuracy`` are the means of each bin, NaN where it is empty; ``counts`` are its images.
    ``expected_error`` is how far the two differ on average (Guo et al. 2017, eq. 3), ``largest_error`` in the worst bin
    (eq. 5).
    """

    edges: Floats
    confidence: Floats
    accuracy: Floats
    counts: NDArray[np.int64]
    expected_error: float
    largest_error: float

    def to_json(self) -> list[dict[str, Any]]:
        """The bins that have images, as JSON objects."""
        columns = (self.edges[:-1], self.edges[1:], self.counts, self.confidence, self.accuracy)
        names = ("from", "to", "images", "confidence", "accuracy")
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [dict(zip(names, row, strict=True)) for row in rows if row[2]]


def reliability(confidence: Floats, right: NDArray[np.bool_], bins: int = BINS) -> Reliability:
    """Bin answers ``(N,)``, N at least 1, by how sure they are, into bins of equal width."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    places = np.searchsorted(edges[1:-1], confidence)
    counts = np.bincount(places, minlength=bins)
    with np.errstate(invalid="ignore"):
        mean, accuracy = (np.bincount(places, weights=one, minlength=bins) / counts for one in (confidence, right))
    gaps = np.abs(np.nan_to_num(mean - accuracy))
    return Reliability(edges, mean, accuracy, counts, float(gaps @ counts / len(confidence)), float(gaps.max()))
