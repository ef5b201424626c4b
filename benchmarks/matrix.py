"""The confusion matrix of 1 000 classes, painted the first time and once more."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.windows import application
from gui.evaluate.confusion_matrix import ConfusionMatrix

CLASSES, ROUNDS = 1000, 9
FRAME = 0.016  # s


def run() -> dict[str, Any]:
    """``ratio`` is a frame of 60 a second, 16 ms, over what the first painting takes of the window's thread."""
    found = painted()
    return {"ratio": round(1000 * FRAME / found["first_paint_ms"], 1), "target": 1, **found}


def painted() -> dict[str, float]:
    """The ms that a new matrix takes to be painted: coloured, and then from the picture that is kept."""
    application()
    random = np.random.default_rng(0)
    matrix = ConfusionMatrix()
    matrix.resize(900, 800)
    matrix.grab()  # what a program does once is none of it
    names = tuple(f"class {index}" for index in range(CLASSES))
    first, again = [], []
    for _ in range(ROUNDS):
        counts = random.poisson(0.05, (CLASSES, CLASSES))
        counts[np.arange(CLASSES), np.arange(CLASSES)] += 40
        matrix.show_counts(counts, names)
        first.append(_seconds(matrix.grab))
        again.append(_seconds(matrix.grab))
    matrix.deleteLater()
    times = {"first_paint_ms": first, "paint_ms": again}
    return {name: round(1000 * statistics.median(one), 1) for name, one in times.items()}


def _seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
