"""The confusion matrix of 1 000 classes, painted once more: as an image that is kept, against colouring it anew."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.windows import application
from gui.evaluate.confusion_matrix import ConfusionMatrix

CLASSES, ROUNDS = 1000, 9


def run() -> dict[str, Any]:
    """``ratio`` is a frame of 60 a second, 16 ms, over what painting takes of the window's thread."""
    application()
    matrix = ConfusionMatrix()
    matrix.resize(900, 800)
    counts = np.random.default_rng(0).poisson(0.05, (CLASSES, CLASSES))
    counts[np.arange(CLASSES), np.arange(CLASSES)] += 40
    matrix.show_counts(counts, tuple(f"class {index}" for index in range(CLASSES)))
    first = _seconds(matrix.grab)
    paints = [_seconds(matrix.grab) for _ in range(ROUNDS)]
    matrix.deleteLater()
    return {
        "ratio": round(0.016 / statistics.median(paints), 1),
        "target": 1,
        "paint_ms": round(1000 * statistics.median(paints), 1),
        "first_paint_ms": round(1000 * first, 1),
    }


def _seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
