"""Which hue the images of each class have on average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.data.augmentation import Step
from engine.data.augmentation.warning import Seen

if TYPE_CHECKING:
    from engine.data.images import Pixels
    from engine.data.loaded import LoadedData, Split

_PER_CLASS = 16  # images that are looked at
_MOST_IMAGES = 512
_FAINTEST = 0.02  # mean saturation below which a class is grey
_SHARPEST = 0.1  # length of the mean direction below which hues lie all around the circle
_COLOURS = 3


def seen_in(data: LoadedData, *, steps: Sequence[Step] | None = None) -> Seen:
    """All that warnings go by, of data that have been read; without hues where none of the ``steps`` go by them."""
    every = [split.targets.counts for split in data.splits.values()]
    images = tuple(map(sum, zip(*every, strict=True)))
    measured = steps is None or any(step.on and step.warns_of_hues for step in steps)
    hues = class_hues(data.train) if measured else ()
    return Seen(data.classes, images, data.train.targets.counts, hues, data.shape, data.copied)


def class_hues(train: Split) -> tuple[float | None, ...]:
    """The mean hue of each class in degrees, of (some of) its training images; None where it is grey, or has none.

    It is the direction of the sum of the hues of all pixels on the circle, each as long as its saturation (Mardia and
    Jupp 2000, section 2.2.1, with weights).
    """
    classes, strata = len(train.targets.classes), train.targets.strata
    if train.pipeline.shape.channels != _COLOURS or not len(train):
        return (None,) * classes
    per_class = max(1, min(_PER_CLASS, _MOST_IMAGES // max(classes, 1)))
    found: list[float | None] = [None] * classes
    for label in np.unique(strata).tolist():
        members = np.flatnonzero(strata == label)
        found[label] = mean_hue(train.images(members[:: -(-len(members) // per_class)]))
    return tuple(found)


def mean_hue(pixels: Pixels) -> float | None:
    """The mean hue in degrees of images ``(N, 3, H, W)``; None where they are grey, or of all hues alike."""
    red, green, blue = pixels.astype(np.float64).swapaxes(0, 1)
    highest, lowest = pixels.max(axis=1).astype(np.float64), pixels.min(axis=1)
    saturation = np.divide(highest - lowest, highest, out=np.zeros_like(highest), where=highest > 0)
    direction = (saturation * _on_circle(red, green, blue)).sum()
    total = saturation.sum()
    if total < _FAINTEST * saturation.size or abs(direction) < _SHARPEST * total:
        return None
    return float(np.degrees(np.angle(direction)) % 360)


def _on_circle(
    red: NDArray[np.float64], green: NDArray[np.float64], blue: NDArray[np.float64]
) -> NDArray[np.complex128]:
    """Hues as numbers of length 1 in the complex plane, as in HSV (Smith 1978)."""
    highest = np.maximum(np.maximum(red, green), blue)
    chroma = highest - np.minimum(np.minimum(red, green), blue)
    between = np.where(highest == red, green - blue, np.where(highest == green, blue - red, red - green))
    start = np.where(highest == red, 0, np.where(highest == green, 2, 4))
    sixths = start + between / np.maximum(chroma, 1)
    found: NDArray[np.complex128] = np.exp(1j * np.pi / 3 * sixths)
    return found
