"""From `DataSettings` to images ready for training."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.loaded import Images, LoadedData, Normalisation, Split
from engine.data.progress import Listener
from engine.data.settings import DataSettings
from engine.data.source import SourceImages
from engine.data.split import Division, divide
from engine.errors import LayerloomError
from engine.layers.shape import Shape

_SAMPLE_BYTES = 64 * 2**20  # pixels from which mean and standard deviation are taken
_SMALLEST_SAMPLE = 256  # images
_FLAT = 1e-4  # a standard deviation below this is rounding, not contrast
_AT_ONCE = 256  # images


def load(settings: DataSettings, input_shape: Shape, *, progress: Listener | None = None) -> LoadedData:
    """Read, divide and measure a data set for a network that takes ``input_shape``, ``(C, H, W)`` with C 1 or 3.

    Raises `LayerloomError` in one sentence when the data cannot be had or learned from.
    """
    if input_shape.channels not in (1, 3):
        raise LayerloomError(f"The input takes {input_shape.channels} channels, images have 1 or 3.")
    source = settings.source.load(input_shape, progress=progress)
    division = _divide(source, settings)
    if not len(division.train):
        raise LayerloomError("No images are left for training: make the validation and test parts smaller.")
    normalisation = _measure(source.images, division.train)
    train, validation, test = (
        Split(source.images, indices, source.labels[indices], normalisation)
        for indices in (division.train, division.validation, division.test)
    )
    return LoadedData(source.title, source.classes, input_shape, train, validation, test, normalisation, source.skipped)


def _divide(source: SourceImages, settings: DataSettings) -> Division:
    own_tests, split = source.tests, settings.split
    training = len(source.labels) - own_tests
    classes = source.labels.astype(np.int64) if source.classes else np.zeros(len(source.labels), np.int64)
    division = divide(
        classes[:training], validation=split.validation, test=0 if own_tests else split.test, seed=split.seed
    )
    if own_tests:
        return Division(division.train, division.validation, np.arange(training, len(source.labels)))
    return division


def _measure(images: Images, indices: NDArray[np.int64]) -> Normalisation:
    """Mean and standard deviation a channel of (a fair sample of) the training images; 1 where all values are equal."""
    one = images.read(torch.from_numpy(indices[:1]))
    most = max(_SAMPLE_BYTES // one.nbytes, _SMALLEST_SAMPLE)
    chosen = torch.from_numpy(indices[:: -(-len(indices) // most)])
    sums = torch.zeros(one.shape[1], dtype=torch.float64)
    squares = torch.zeros_like(sums)
    for some in torch.split(chosen, _AT_ONCE):
        values = images.read(some).double().div_(255)
        sums += values.sum(dim=(0, 2, 3))
        squares += values.square_().sum(dim=(0, 2, 3))
    count = len(chosen) * one[0, 0].numel()
    mean = sums / count
    std = (squares / count - mean.square()).clamp(min=0).sqrt()
    return Normalisation(tuple(mean.tolist()), tuple(value if value > _FLAT else 1.0 for value in std.tolist()))
