"""From `DataSettings` to images ready for training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.asking import loaded
from engine.data.loaded import Images, LoadedData, Split
from engine.data.normalise import Normalisation
from engine.data.parts import Parts
from engine.data.pipeline import Pipeline
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


@dataclass(frozen=True, slots=True)
class Earlier:
    """How an earlier training divided its images and normalised them; ``parts`` is None where it did not keep them.

    Such a training went by the rule of version 1, which found damaged images of large folders only when it used them.
    """

    parts: Parts | None
    normalisation: Normalisation


def load(
    settings: DataSettings,
    input_shape: Shape,
    *,
    as_in: Earlier | None = None,
    progress: Listener | None = None,
) -> LoadedData:
    """Read, divide and measure a data set for a network that takes ``input_shape``, ``(C, H, W)`` with C 1 or 3.

    ``as_in`` does it as an earlier training did. Raises `LayerloomError` in one sentence when the data cannot be had or
    learned from, `PartsError` when its parts are of other data.
    """
    if input_shape.channels not in (1, 3):
        raise LayerloomError(f"The input takes {input_shape.channels} channels, images have 1 or 3.")
    kept = as_in.parts if as_in else None
    by_old_rule = as_in is not None and kept is None
    found = loaded(settings.source, settings.stored_at(input_shape), check=not by_old_rule, progress=progress)
    parts = kept or Parts.of(found.names, _divide(found, settings))
    division = parts.division(found.names)

    def measure() -> Normalisation:
        return _measure(found.images, division.train)

    normalisation = as_in.normalisation if as_in else settings.normalise.of(input_shape.channels, measure)
    pipeline = Pipeline(input_shape, normalisation, settings.steps)
    train, validation, test = (Split(found.images, part, found.targets.of(part), pipeline) for part in division)
    used = len(train) + len(validation) + len(test)
    unassigned, gone = len(found.names) - used, parts.images - used
    return LoadedData(found.title, train, validation, test, parts, found.skipped, unassigned=unassigned, gone=gone)


def _divide(found: SourceImages, settings: DataSettings) -> Division:
    own_tests, split = found.tests, settings.split
    training = len(found.targets) - own_tests
    strata = found.targets.strata if split.stratified else np.zeros(len(found.targets), np.int64)
    division = divide(
        strata[:training],
        validation=split.validation,
        test=0 if own_tests else split.test,
        seed=split.seed,
    )
    if not len(division.train):
        raise LayerloomError("No images are left for training: make the validation and test parts smaller.")
    if own_tests:
        return Division(division.train, division.validation, np.arange(training, len(found.targets)))
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
