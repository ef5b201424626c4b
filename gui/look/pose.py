"""How the things in the images of a data set stand: what is drawn for a network is brought to stand so too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_INK = 64  # of 255: what is brighter belongs to the thing
_DARK = 16  # and what is darker surely to the ground
_WIDEST = 95  # per cent of the images are at most so wide as what is drawn may become
_SAME = 0.2  # sizes that scatter less about their mean have been made the same
_LINED_UP = 0.5  # ends that scatter less than the others by this factor have been lined up
_EIGHTH = 8  # the ends of a thing are this part of its height
_LEAST = 12  # images, before it can be said how they stand


@dataclass(frozen=True, slots=True)
class Pose:
    """The usual place of bright things on a dark ground, all as fractions of the image.

    ``height`` is that of the box around the bright pixels, ``width`` as wide as it may be; ``centre`` is where its
    middle is, or its centre of mass for an axis in ``by_mass``; ``ink`` is the mean of all pixels, 0 to 1.
    ``stretched`` images have all been made as high and as wide as that, whatever they were; ``upright`` ones have been
    sheared until the left end of the top stood above that of the bottom. NIST's programs did both to forms filled in by
    hand (M. Garris et al., NISTIR 5469, 1994).
    """

    height: float
    width: float
    centre: tuple[float, float]
    by_mass: tuple[bool, bool]
    ink: float
    stretched: bool = False
    upright: bool = False


def pose_of(pixels: NDArray[np.uint8]) -> Pose | None:
    """How images uint8 ``(N, C, H, W)`` stand; None where they are not bright things on a dark ground."""
    grey = pixels.mean(axis=1)
    grey = grey[(grey > _INK).any(axis=(1, 2))]
    corners = grey[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    if len(grey) < _LEAST or np.median(corners) > _DARK:
        return None
    low, high = (np.array(ends) for ends in zip(*map(box_of, grey), strict=True))  # (N, 2), x first
    masses, middles, sizes = np.array([*map(mass_centre, grey)]), (low + high) / 2, high - low
    widths = np.array([*map(width_of, grey)])
    stretched = all(lengths.std() < _SAME * lengths.mean() for lengths in (widths, sizes[:, 1]))
    left, right = (np.std([*map(lean_of, images)]) for images in (grey, grey[:, :, ::-1]))
    upright = bool(left < _LINED_UP * right)
    by_mass = (masses.std(axis=0) < middles.std(axis=0)) | [upright, False]  # shearing moves the box, not the mass
    centre = np.where(by_mass, masses.mean(axis=0), middles.mean(axis=0))
    return Pose(
        height=float(np.median(sizes[:, 1])),
        width=float(np.median(widths) if stretched else np.percentile(sizes[:, 0], _WIDEST)),
        centre=(float(centre[0]), float(centre[1])),
        by_mass=(bool(by_mass[0]), bool(by_mass[1])),
        ink=float(np.median(grey.mean(axis=(1, 2)))) / 255,
        stretched=stretched,
        upright=upright,
    )


def width_of(grey: NDArray[np.floating]) -> float:
    """How wide the thing on ``(H, W)`` is, as a fraction; a column that is half as bright as can be counts half."""
    return float(grey.max(axis=0).mean()) / max(float(grey.max()), 1e-9)


def lean_of(grey: NDArray[np.floating]) -> float:
    """How far the left end of the top of ``(H, W)`` lies to the right of that of the bottom, by their distance.

    All are fractions of the image; each is the mean of an eighth of what is bright, at least of one row.
    """
    rows = np.flatnonzero((grey > _INK).any(axis=1))
    some = max(1, round(len(rows) / _EIGHTH))
    if len(rows) <= some:
        return 0.0
    apart = (rows[-some:].mean() - rows[:some].mean()) / len(grey)
    return float((_left(grey[rows[:some]].mean(axis=0)) - _left(grey[rows[-some:]].mean(axis=0))) / apart)


def _left(row: NDArray[np.floating]) -> float:
    """Where a row of pixels gets bright from the left, as a fraction of its length."""
    return 1 - float(np.maximum.accumulate(row).mean()) / max(float(row.max()), 1e-9)


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
