"""What the images of a data set are like, in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.decoding import ranges_of
from engine.data.extents import CommonRange
from engine.data.images import UnreadableImageError, read_image
from engine.data.intensity import Intensities
from engine.data.listing import Listing, Size
from engine.data.progress import Listener, Progress, tell
from engine.data.split import Indices
from engine.errors import LayerloomError
from engine.layers.shape import Shape

_SAMPLE_BYTES = 64 * 2**20  # pixels from which mean and standard deviation are taken
_SMALLEST_SAMPLE = 256  # images
_TINT = 24  # of 255 that channels of grey pictures may lie apart: JPEG and scanners tint
_REPORT_EVERY = 16  # images


@dataclass(frozen=True, slots=True)
class Measures:
    """Mean and standard deviation a channel, 0 to 1, over some training ``images`` at a shape, and how large they are.

    ``ranges`` are those of the images of more than 8 bits, by which they are measured; ``narrow`` says that some have
    8. ``sizes`` are height and width of the smallest image, the one in the middle and the largest, by their pixels;
    ``colour`` of the ``images`` have colours.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]
    images: int
    colour: int
    sizes: tuple[Size, Size, Size]
    same_size: bool
    ranges: tuple[CommonRange, ...] = ()
    narrow: bool = True

    @property
    def bit_depth(self) -> str:
        """How deep the images are, and what the deep ones are scaled by: "8 bit", "16 bit, scaled by 4095"."""
        return "; ".join(["8 bit"] * self.narrow + [one.spoken for one in self.ranges])


def fair_sample(indices: Indices, shape: Shape) -> Indices:
    """Some images out of many, spread evenly: as many as take 64 MB at a shape, all where that is all."""
    most = max(_SAMPLE_BYTES // shape.elements, _SMALLEST_SAMPLE)
    return indices[:: -(-len(indices) // most) or 1]


def measure(listing: Listing, train: Indices, shape: Shape, *, progress: Listener | None = None) -> Measures:
    """Measure a fair sample of the training images at ``shape``, 1 or 3 channels; raises `LayerloomError` if none can.

    It is the one by which `load` normalises.
    """
    chosen = fair_sample(train, shape).tolist()
    sums, squares, count, colour = np.zeros(shape.channels), np.zeros(shape.channels), 0, 0
    sizes: list[Size] = []
    ranges = ranges_of(listing.deep, train.tolist(), progress=progress)
    narrow = not listing.deep.keys() >= set(train.tolist())
    read = _Reader(listing, Intensities({one.depth: one.range for one in ranges}))
    for done, place in enumerate(chosen):
        if done % _REPORT_EVERY == 0:
            tell(progress, Progress("Measuring images", done, len(chosen), "images"))
        try:
            pixels = read(place, Shape(3, shape.height, shape.width))
            sizes.append(listing.pictures.size(place))
        except UnreadableImageError:
            continue
        colour += int(np.ptp(pixels.astype(np.int16), axis=0).max()) > _TINT
        values = (pixels if shape.channels == len(pixels) else read(place, shape)) / 255
        sums += values.sum(axis=(1, 2))
        squares += (values**2).sum(axis=(1, 2))
        count += 1
    if not count:
        raise LayerloomError("None of the training images can be read.")
    mean = sums / (count * shape.height * shape.width)
    std = np.sqrt(np.maximum(squares / (count * shape.height * shape.width) - mean**2, 0))
    return Measures(tuple(mean), tuple(std), count, colour, _spread(sizes), len(set(sizes)) == 1, ranges, narrow)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads images of a listing as training does, those of more than 8 bits on the ranges that they share."""

    listing: Listing
    intensities: Intensities

    def __call__(self, place: int, shape: Shape) -> NDArray[np.uint8]:
        if place in self.listing.deep:
            return read_image(self.listing.deep[place], shape, scaling=self.intensities)
        return self.listing.pictures.read(place, shape)


def _spread(sizes: Sequence[Size]) -> tuple[Size, Size, Size]:
    ordered = sorted(sizes, key=lambda size: size[0] * size[1])
    return ordered[0], ordered[len(ordered) // 2], ordered[-1]
