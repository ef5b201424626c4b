"""Whether a run is so far behind others that it may end early."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

AT_EPOCH = 10
"""The epoch after which a run is compared, once."""
LEAST = 2
"""Fewer others than so many have no middle."""


def median_ahead(loss: float, others: Sequence[float]) -> float | None:
    """The median of the validation losses of other runs after the same epoch, if ``loss`` is above it; else None.

    The median stopping rule (Golovin et al. 2017, Google Vizier, section 3.2.2), at one epoch and with the losses there
    in place of averages over all epochs so far. Losses that are no numbers do not count.
    """
    known = [other for other in others if not math.isnan(other)]
    if len(known) < LEAST:
        return None
    middle = median(known)
    return middle if loss > middle else None
