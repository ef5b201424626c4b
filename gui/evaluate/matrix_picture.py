"""A confusion matrix of many classes as one image: ten thousand cells painted one by one would take seconds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from gui.style.appearance import appearance

FAINTEST = 0.15  # of the full colour, for a single image
_LEVELS = 127  # of each colour


def rgb(token: str) -> NDArray[np.float64]:
    """A colour of the palette, ``(3,)``, 0 to 255."""
    colour = appearance().colour(token)
    return np.array((colour.red(), colour.green(), colour.blue()), np.float64)


def matrix_picture(counts: NDArray[np.int64], order: NDArray[np.int64], pixels: int) -> QImage:
    """A pixel a cell ``(true, predicted)`` with the classes in an order; where ``pixels`` a side are fewer, so many.

    A pixel that stands for several cells has the strongest of them, so that no mistake is lost.
    """
    levels = _levels(counts)
    if not np.array_equal(order, np.arange(len(order))):
        levels = levels[order][:, order]
    side = min(len(levels), max(1, pixels))
    if side < len(levels):
        first = -(-np.arange(side) * len(levels) // side)
        levels = np.maximum.reduceat(np.maximum.reduceat(levels, first, axis=0), first, axis=1)
    levels = np.ascontiguousarray(levels)
    image = QImage(levels.data, side, side, side, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(_colours())
    return image


def _levels(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Level 0 is empty, up to 127 are mistakes by their count, then hits by their share of the true class."""
    hits, side = counts.diagonal(), len(counts)
    beside = counts.ravel()[:-1].reshape(side - 1, side + 1)[:, 1:]  # all but the diagonal, without a copy
    most = max(1, int(beside.max(initial=0)))
    steps = FAINTEST + (1 - FAINTEST) * np.minimum(np.arange(counts.max(initial=0) + 1) / most, 1.0)
    level = np.rint(_LEVELS * steps).astype(np.uint8)
    level[0] = 0
    levels = level.take(counts)
    shares = hits / np.maximum(1, counts.sum(axis=1))
    own = np.rint(_LEVELS * (1 + FAINTEST + (1 - FAINTEST) * shares)).astype(np.uint8)
    np.fill_diagonal(levels, np.where(hits > 0, own, 0))
    return levels


def _colours() -> list[int]:
    """The colour of each level."""
    empty = rgb("raised")
    steps = np.arange(1, _LEVELS + 1)[:, None] / _LEVELS
    mixed = [empty + (rgb(token) - empty) * steps for token in ("trainable", "primary")]
    return [QColor(*colour).rgb() for colour in np.rint(np.vstack([empty, *mixed])).astype(int).tolist()]
