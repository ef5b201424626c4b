"""From `DataSettings` to images ready for training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import chain

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.asking import loaded
from engine.data.augmentation import Covariance, fitted
from engine.data.copies import across, of_training
from engine.data.data_words import copies_words, cut_words, depth_words
from engine.data.dividing import divided
from engine.data.extents import CommonRange
from engine.data.folder import UnclearFolderError
from engine.data.intensity import Intensities
from engine.data.loaded import Images, LoadedData, Split
from engine.data.looks import Looks
from engine.data.measuring import fair_sample
from engine.data.normalise import Normalisation
from engine.data.parts import Name, Parts, same_name
from engine.data.pipeline import Pipeline
from engine.data.progress import Listener
from engine.data.renamed import names_now
from engine.data.settings import DataSettings
from engine.data.source import SourceImages
from engine.data.split import Division
from engine.data.turns import Turns
from engine.errors import LayerloomError
from engine.layers.shape import Shape

_FLAT = 1e-4  # a standard deviation below this is rounding, not contrast
_AT_ONCE, _MOST_VALUES = 256, 2**26  # images, unless they have more pixel values


@dataclass(frozen=True, slots=True)
class Earlier:
    """How an earlier training divided its images, scaled deep ones and normalised them all.

    ``parts`` is None where it did not keep them: it went by the rule of version 1, which found damaged images of large
    folders only when it used them. ``intensities`` is None where deep images share no range. ``fingerprints``
    are those of its images, by name, where they have any. ``classes`` are what it learned, in the order of its outputs;
    () those that the images have now. ``colours`` is how those of its training images vary, where a step asked for it.
    """

    parts: Parts | None
    normalisation: Normalisation
    intensities: Intensities | None = None
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    colours: Covariance | None = None

    def named_as(self, names: Sequence[Name]) -> Earlier:
        """The same for images with these names, which may stand in other folders now if their content is known."""
        now = names_now([*chain(*self.parts)], names) if self.parts and self.fingerprints else {}
        if not (self.parts and now):
            return self
        parts = Parts(*(tuple(now[name] for name in part) for part in self.parts))
        marks = {str(now.get(name, name)): mark for name, mark in self.fingerprints.items()}
        return replace(self, parts=parts, fingerprints=marks)


def load(
    settings: DataSettings,
    input_shape: Shape,
    *,
    as_in: Earlier | None = None,
    read: Callable[[Shape], SourceImages] | None = None,
    looks: Looks | None = None,
    progress: Listener | None = None,
) -> LoadedData:
    """Read, divide and measure a data set for a network that takes ``input_shape``, ``(C, H, W)`` with C 1 or 3.

    ``as_in`` does it as an earlier training did, ``read`` reads the images in another way. ``looks`` is how they will
    be looked at where nothing trains, as the settings say if left out. Raises `LayerloomError` in one sentence when the
    data cannot be had or learned from, `PartsError` when its parts are of other data.
    """
    stored = _stored(settings, input_shape, looks)
    there = read(stored) if read else _there(settings, stored, as_in, progress=progress)
    as_in = as_in.named_as(there.names) if as_in else None
    found = _as_learned(there, as_in)
    parts = (as_in and as_in.parts) or Parts.of(found.names, _divided(found, settings, every_class=as_in is None))
    places = parts.division(found.names, others=_others(found, as_in.fingerprints if as_in else {}))
    division = Division(*(part[part >= 0] for part in places))
    ranges = () if as_in else _ranges(found, division.train, progress=progress)
    intensities = as_in.intensities if as_in else _intensities(ranges)
    images = found.deep.on(intensities) if found.deep and intensities else found.images
    figures = Figures(images, division.train, stored, colours=as_in.colours if as_in else None)
    normalisation = as_in.normalisation if as_in else None
    pipeline = pipeline_of(settings, input_shape, figures, normalisation=normalisation, looks=looks)
    split = partial(Split, images, pipeline=pipeline, workers=settings.workers)
    train, *held_back = (split(indices=part, targets=found.targets.of(part)) for part in division)
    train = replace(train, turns=_turns(places.train, as_in), sampling=settings.sampling)
    told = () if as_in else (*cut_words(found.lacking, settings.split), *depth_words(ranges, len(division.train)))
    data = _loaded(found, there, train, *held_back, parts=parts, division=division)
    return replace(data, intensities=intensities, notes=(*found.notes, *told), colours=figures.colours)


def _loaded(
    found: SourceImages,
    there: SourceImages,
    train: Split,
    validation: Split,
    test: Split,
    *,
    parts: Parts,
    division: Division,
) -> LoadedData:
    """The parts of ``found`` images with what is to be said of others; ``there`` has all with classes of their own."""
    used = sum(map(len, division))
    return LoadedData(
        found.title,
        train,
        validation,
        test,
        parts,
        found.names,
        tuple(found.fingerprints),
        skipped=found.skipped,
        unassigned=len(found.names) - used,
        gone=parts.images - used,
        new_classes=there.targets.beyond(found.targets.classes),
        missing_classes=found.targets.beyond(there.targets.classes),
        copied=of_training(found.copies, division),
        copies=copies_words(found.names, across(found.copies, division, len(found.names))),
        colour=found.colour,
        folders=found.folders,
    )


class Figures:
    """What is measured of training images ``indices`` that are kept at ``shape``, each thing once, if it is asked for.

    ``colours`` are how their colours vary as an earlier training measured it.
    """

    def __init__(
        self, images: Images, indices: NDArray[np.int64], shape: Shape, *, colours: Covariance | None = None
    ) -> None:
        self.normalisation = cache(partial(_measure, images, indices, shape))
        self.covariance = cache(lambda: colours or _covariance(images, indices, shape))

    @property
    def colours(self) -> Covariance | None:
        """How the colours vary, if a step asked for it."""
        return self.covariance() if self.covariance.cache_info().currsize else None


def pipeline_of(
    settings: DataSettings,
    shape: Shape,
    figures: Figures,
    *,
    normalisation: Normalisation | None = None,
    looks: Looks | None = None,
) -> Pipeline:
    """The way of images into a network that takes ``shape``; a ``normalisation`` from before stays.

    ``looks`` is how they are looked at where nothing trains, as the settings say if left out.
    """
    steps = fitted(settings.steps, figures.covariance)
    normalisation = normalisation or settings.normalise.of(shape.channels, figures.normalisation)
    pipeline = Pipeline(shape, normalisation, steps)
    return pipeline.seen(looks) if looks else pipeline.drawing(settings.test_time)


def _stored(settings: DataSettings, shape: Shape, looks: Looks | None) -> Shape:
    if shape.channels not in (1, 3):
        raise LayerloomError(f"The input takes {shape.channels} channels, images have 1 or 3.")
    stored = settings.stored_at(shape)
    return looks.stored_at(stored, shape) if looks else stored


def _there(settings: DataSettings, stored: Shape, as_in: Earlier | None, *, progress: Listener | None) -> SourceImages:
    """The images of the source; of a folder that could be learned from before it was found unclear, as it was then."""
    by_old_rule = as_in is not None and as_in.parts is None
    try:
        found = loaded(settings.source, stored, check=not by_old_rule, progress=progress)
    except UnclearFolderError:
        if as_in is None:
            raise
        found = loaded(settings.source, stored, check=False, progress=progress)
    if found.too_few and (as_in is None or by_old_rule):
        raise LayerloomError(found.too_few)
    return found


def _as_learned(found: SourceImages, before: Earlier | None) -> SourceImages:
    """The images with the class numbers that an earlier training gave them, where it kept their parts."""
    if before is None or before.parts is None or not before.classes:
        return found
    return replace(found, targets=found.targets.in_classes(before.classes))


def _others(found: SourceImages, before: Mapping[str, str]) -> set[int]:
    """Places of the images whose names stood for another one before, as where a folder was numbered anew.

    Those of a class that was not learned are such too.
    """
    known = {same_name(name): mark for name, mark in before.items()}
    known.update(before.items())  # what bears the name itself comes before what bears it in another form
    marks = zip(found.names, found.fingerprints, strict=False)
    kept = ((known.get(name, known.get(same_name(name), mark)), mark) for name, mark in marks)
    changed = {place for place, (one, other) in enumerate(kept) if one != other}
    return changed.union(found.targets.unknown)


def _turns(places: NDArray[np.int64], before: Earlier | None) -> Turns | None:
    """What the training images were to an earlier training; None where it did not keep that.

    ``places`` are those where its images stand now, -1 for one that is gone.
    """
    if before is None or before.parts is None:
        return None
    there = np.flatnonzero(places >= 0)
    numbers: dict[Name, int] = {name: number for number, name in enumerate(before.fingerprints)}
    drawn = [numbers.get(before.parts.train[turn], places[turn]) for turn in there]
    return Turns(np.array(drawn, np.int64), there, len(places))


def _ranges(found: SourceImages, train: NDArray[np.int64], *, progress: Listener | None) -> tuple[CommonRange, ...]:
    """The ranges of the training images of more than 8 bits; of all of those where none trains."""
    if not (found.deep and found.deep.files):
        return ()
    trained = found.deep.ranges_of(train.tolist(), progress=progress)
    return trained or found.deep.ranges_of(found.deep.files, progress=progress)


def _intensities(ranges: Sequence[CommonRange]) -> Intensities | None:
    return Intensities({one.depth: one.range for one in ranges}) if ranges else None


def _divided(found: SourceImages, settings: DataSettings, *, every_class: bool) -> Division:
    return divided(found.targets.strata, found.own, settings.split, copies=found.copies, every_class=every_class)


def _sample(images: Images, indices: NDArray[np.int64], shape: Shape) -> Iterator[Tensor]:
    """Pixels ``(n, C, H, W)`` of a fair sample of the images, uint8."""
    at_once = min(_AT_ONCE, max(1, _MOST_VALUES // shape.elements))
    return map(images.readable, torch.split(torch.from_numpy(fair_sample(indices, shape)), at_once))


def _covariance(images: Images, indices: NDArray[np.int64], shape: Shape) -> Covariance:
    """The covariance ``(3, 3)`` of the colours, 0 to 1, of (a fair sample of) the training images."""
    sums, squares, count = torch.zeros(3, dtype=torch.float64), torch.zeros(3, 3, dtype=torch.float64), 0
    for pixels in _sample(images, indices, shape):
        colours = pixels.double().div_(255).transpose(0, 1).flatten(1)
        sums += colours.sum(dim=1)
        squares += colours @ colours.T
        count += colours.shape[1]
    mean = sums / max(count, 1)
    found = squares / max(count, 1) - torch.outer(mean, mean)
    return tuple(map(tuple, found.tolist()))


def _measure(images: Images, indices: NDArray[np.int64], shape: Shape) -> Normalisation:
    """Mean and standard deviation a channel of (a fair sample of) the training images; 1 where all values are equal."""
    sums = torch.zeros(shape.channels, dtype=torch.float64)
    squares = torch.zeros_like(sums)
    count = 0
    for pixels in _sample(images, indices, shape):
        values = pixels.double().div_(255)
        sums += values.sum(dim=(0, 2, 3))
        squares += values.square_().sum(dim=(0, 2, 3))
        count += values[:, 0].numel()
    if not count:
        raise LayerloomError("None of the training images can be read.")
    mean = sums / count
    std = (squares / count - mean.square()).clamp(min=0).sqrt()
    return Normalisation(tuple(mean.tolist()), tuple(value if value > _FLAT else 1.0 for value in std.tolist()))
