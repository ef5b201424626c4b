"""How many hands prepare batches while others train; needs no torch."""

from __future__ import annotations

import os

MOST_WORKERS = 64
_MOST_READING = 8  # of themselves: beyond, the disk is what is waited for
_MOST_MAKING = 2  # of themselves, as each holds a batch


def reading(workers: int) -> int:
    """How many processes read images from disk where ``workers`` are asked for; 0 leaves it to the machine."""
    return workers or min(_MOST_READING, max(1, _cores() - 1))


def making(workers: int) -> int:
    """How many threads augment batches ahead where ``workers`` are asked for; 0 leaves it to the machine."""
    return workers or min(_MOST_MAKING, _cores() - 1)


def more(workers: int) -> int:
    """How many to try where so many are too few: twice as many, at least 4, as far as there are cores; 0 if none."""
    offered = min(_cores(), max(4, 2 * workers))
    return offered if offered > workers else 0


def _cores() -> int:
    return os.cpu_count() or 1
