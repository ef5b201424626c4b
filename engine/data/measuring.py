"""What the images of a data set are like, in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.images import UnreadableImageError
from engine.data.listing import Listing, Size
from engine.data.progress import Listener, Progress, tell
from engine.data.split import Indices
from engine.errors import LayerloomError
from engine.layers.shape import Shape

_SAMPLE_BYTES = 64 * 2**20  # pixels from which mean and standard deviation are taken
_SMALLEST_SAMPLE, _MOST_BYTES = 256, 2**30  # images, unless these take more than 1 GB
_TINT = 24  # of 255 that channels of grey pictures may lie apart: JPEG and scanners tint
_REPORT_EVERY = 16  # images


@dataclass(frozen=True, slots=True)
class Measures:
    """Mean and standard deviation a channel, 0 to 1, over some training ``images`` at a shape, and how large they are.

    ``sizes`` are height and width of the smallest image, the one in the middle and the largest, by their pixels;
    ``colour`` of the ``images`` have colours.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]
    images: int
    colour: int
    sizes: tuple[Size, Size, Size]
    same_size: bool


def fair_sample(indices: Indices, shape: Shape) -> Indices:
    """Some images out of many, spread evenly: as many as take 64 MB at a shape, all where that is all."""
    most = max(_SAMPLE_BYTES // shape.elements, min(_SMALLEST_SAMPLE, _MOST_BYTES // shape.elements), 1)
    return indices[:: -(-len(indices) // most) or 1]


def measure(listing: Listing, train: Indices, shape: Shape, *, progress: Listener | None = None) -> Measures:
    """Measure a fair sample of the training images at ``shape``, 1 or 3 channels; raises `LayerloomError` if none can.

    It is the one by which `load` normalises.
    """
    chosen = fair_sample(train, shape).tolist()
    sums, squares, count, colour = np.zeros(shape.channels), np.zeros(shape.channels), 0, 0
    sizes: list[Size] = []
    for done, place in enumerate(chosen):
        if done % _REPORT_EVERY == 0:
            tell(progress, Progress("Measuring images", done, len(chosen), "images"))
        try:
            pixels = listing.pictures.read(place, Shape(3, shape.height, shape.width))
            sizes.append(listing.pictures.size(place))
        except UnreadableImageError:
            continue
        colour += int(np.ptp(pixels.astype(np.int16), axis=0).max()) > _TINT
        values = _channels(pixels, listing, place, shape)
        sums += values.sum(axis=(1, 2))
        squares += (values**2).sum(axis=(1, 2))
        count += 1
    if not count:
        raise LayerloomError("None of the training images can be read.")
    mean = sums / (count * shape.height * shape.width)
    std = np.sqrt(np.maximum(squares / (count * shape.height * shape.width) - mean**2, 0))
    return Measures(tuple(mean), tuple(std), count, colour, _spread(sizes), len(set(sizes)) == 1)


def _channels(pixels: NDArray[np.uint8], listing: Listing, place: int, shape: Shape) -> NDArray[np.float64]:
    """The image in the channels of ``shape``, 0 to 1."""
    if shape.channels == len(pixels):
        return pixels / 255
    return listing.pictures.read(place, shape) / 255


def _spread(sizes: Sequence[Size]) -> tuple[Size, Size, Size]:
    ordered = sorted(sizes, key=lambda size: size[0] * size[1])
    return ordered[0], ordered[len(ordered) // 2], ordered[-1]
