"""How benchmarks measure: medians, and things that are compared take turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any


def seconds(action: Callable[[], Any]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def busy_seconds(action: Callable[[], Any]) -> float:
    """How long one call keeps this thread busy: other programs on the machine do not count."""
    began = time.thread_time()
    action()
    return time.thread_time() - began


def milliseconds(action: Callable[[], Any], *, repeats: int = 7) -> float:
    """The median of several calls that work in this thread alone, in ms."""
    return round(1000 * statistics.median(busy_seconds(action) for _ in range(repeats)), 2)


def in_figures(ratios: Sequence[float]) -> dict[str, Any]:
    """The median ratio of several rounds, and the quartiles that say how much they differ."""
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else 3 * [ratios[0]]
    return {"ratio": round(middle, 3), "quartiles": [round(low, 3), round(high, 3)]}


def compared(
    first: Callable[[], Any],
    second: Callable[[], Any],
    *,
    rounds: int,
    clock: Callable[[Callable[[], Any]], float] = busy_seconds,
) -> tuple[float, float, float]:
    """Median seconds of two actions that take turns, and the median of first / second over the rounds.

    Each round runs both, in alternating order, so that a machine that slows down slows both alike.
    """
    pairs = []
    for index in range(rounds):
        if index % 2:
            later = clock(second)
            pairs.append((clock(first), later))
        else:
            pairs.append((clock(first), clock(second)))
    firsts, seconds_ = zip(*pairs, strict=True)
    ratio = statistics.median(a / b for a, b in pairs)
    return statistics.median(firsts), statistics.median(seconds_), ratio
