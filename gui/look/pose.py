"""How the things in the images of a data set stand: what is drawn for a network is brought to stand so too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_INK = 64  # of 255: what is brighter belongs to the thing
_DARK = 16  # and what is darker surely to the ground
_WIDEST = 95  # per cent of the images are at most so wide as what is drawn may become
_BROADEST = 75  # and so broad, of images that are all as high
_LOWEST = 5  # per cent of which may be lower
_LEAST = 12  # images, before it can be said how they stand


@dataclass(frozen=True, slots=True)
class Pose:
    """The usual place of bright things on a dark ground, all as fractions of the image.

    ``height`` is that of the box around the bright pixels, ``width`` as wide as it may be; ``centre`` is where its
    middle is, or its centre of mass for an axis in ``by_mass``; ``ink`` is the mean of all pixels, 0 to 1.
    ``spread`` is how far from its middle the ink may lie across, root mean square, where all are as high: what was
    broader has been made narrower and not smaller. It is endless elsewhere.
    """

    height: float
    width: float
    centre: tuple[float, float]
    by_mass: tuple[bool, bool]
    ink: float
    spread: float = np.inf


def pose_of(pixels: NDArray[np.uint8]) -> Pose | None:
    """How images uint8 ``(N, C, H, W)`` stand; None where they are not bright things on a dark ground."""
    grey = pixels.mean(axis=1)
    grey = grey[(grey > _INK).any(axis=(1, 2))]
    corners = grey[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    if len(grey) < _LEAST or np.median(corners) > _DARK:
        return None
    low, high = (np.array(ends) for ends in zip(*map(box_of, grey), strict=True))  # (N, 2), x first
    masses, middles, sizes = np.array([*map(mass_centre, grey)]), (low + high) / 2, high - low
    by_mass = masses.std(axis=0) < middles.std(axis=0)
    as_high = np.percentile(sizes[:, 1], _LOWEST) == sizes[:, 1].max()
    centre = np.where(by_mass, masses.mean(axis=0), middles.mean(axis=0))
    return Pose(
        height=float(np.median(sizes[:, 1])),
        width=float(np.percentile(sizes[:, 0], _WIDEST)),
        centre=(float(centre[0]), float(centre[1])),
        by_mass=(bool(by_mass[0]), bool(by_mass[1])),
        ink=float(np.median(grey.mean(axis=(1, 2)))) / 255,
        spread=float(np.percentile([*map(spread_of, grey)], _BROADEST)) if as_high else np.inf,
    )


def box_of(grey: NDArray[np.floating]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The corners ``(x, y)`` of the box around the bright pixels of ``(H, W)``, as fractions."""
    bright, (height, width) = grey > _INK, grey.shape
    rows, columns = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    return (columns[0] / width, rows[0] / height), ((columns[-1] + 1) / width, (rows[-1] + 1) / height)


def mass_centre(grey: NDArray[np.floating]) -> tuple[float, float]:
    """The centre of mass ``(x, y)`` of ``(H, W)``, as fractions."""
    height, width = grey.shape
    across, down = grey.sum(axis=0), grey.sum(axis=1)
    whole = max(float(grey.sum()), 1e-9)
    x, y = (np.arange(width) + 0.5) @ across / whole, (np.arange(height) + 0.5) @ down / whole
    return float(x) / width, float(y) / height


def spread_of(grey: NDArray[np.floating]) -> float:
    """How far from its middle the ink of ``(H, W)`` lies across, root mean square, as a fraction."""
    across = grey.sum(axis=0)
    places = (np.arange(len(across)) + 0.5) / len(across) - mass_centre(grey)[0]
    return float(np.sqrt(places**2 @ across / max(float(across.sum()), 1e-9)))


class Likeness:
    """Whether an image is like those of a data set: as near to one of them as they are to each other."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self._known = _directions(pixels)
        nearest = self._known @ self._known.T - 2 * np.eye(len(self._known))
        self._least = float(np.percentile(nearest.max(axis=1), 2)) if len(self._known) > 1 else -1.0

    def is_like(self, pixels: NDArray[np.uint8]) -> bool:
        """Whether an image ``(C, H, W)`` is; one of one brightness is like none."""
        (direction,) = _directions(pixels[None])
        return bool(direction.any()) and float((self._known @ direction).max(initial=-1.0)) >= self._least - _LENIENCE


_LENIENCE = 0.06


def _directions(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Images as vectors of mean 0 and length 1."""
    flat = pixels.reshape(len(pixels), -1).astype(np.float64)
    flat -= flat.mean(axis=1, keepdims=True)
    lengths: NDArray[np.float64] = np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9)
    return np.divide(flat, lengths)
