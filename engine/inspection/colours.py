"""Numbers as colours, for pictures that are written without a window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Seventeen colours at equal distances, between which others lie on straight lines.
_MAGMA = (
    "000004 0a0822 1d1147 36106b 51127c 6a1c81 832681 9c2e7f b73779 "
    "cf4070 e55064 f4695c fb8761 fea571 fec287 fde0a1 fcfdbf"
)  # matplotlib's, by Nathaniel Smith and Stéfan van der Walt, CC0
_SIGNED = (
    "2151db 5262de 7075e2 8a88e5 a09ce8 b6b1ea cac5ed dddbef eee7e9 "
    "f2d7d0 f0beb2 eda594 e78c77 e0735b d7583f cc3924 c00206"
)  # CET-D1 of Peter Kovesi, CC BY 4.0

Colours = NDArray[np.float64]
"""Red, green and blue from 0 to 255, ``(H, W, 3)``."""


def magma(values: NDArray[np.floating]) -> Colours:
    """The colours of values ``(H, W)`` from 0 to 1; what lies beyond takes the colour of that end."""
    return _between(_MAGMA, values)


def signed(values: NDArray[np.floating]) -> Colours:
    """The colours of values ``(H, W)`` from −1, blue, to 1, red."""
    return _between(_SIGNED, (values + 1) / 2)


def _between(colours: str, values: NDArray[np.floating]) -> Colours:
    stops = np.array([list(bytes.fromhex(colour)) for colour in colours.split()], np.float64)
    places = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(values, places, channel) for channel in stops.T], axis=-1)
