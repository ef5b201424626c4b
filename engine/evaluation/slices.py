"""How good a network is on some of the images: small or large, dark or bright, of a folder, of rare classes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.ahead import made_ahead
from engine.data.images import UnreadableImageError
from engine.data.listing import Pictures
from engine.data.loaded import LoadedData
from engine.data.parts import Name
from engine.data.progress import Listener, Progress, tell
from engine.data.source import Source
from engine.layers.shape import Shape
from engine.tasks.class_evaluation import ClassEvaluation, wilson_interval
from engine.words import percent_text, si, thousands

Places = NDArray[np.int64]
Floats = NDArray[np.float64]
Group = tuple[str, Places]
"""The title of a slice, and the positions of its images."""

_QUARTERS = (0.25, 0.5, 0.75)
_MOST_FOLDERS = 20
_UNEQUAL = 1.5  # how many times the images of the smallest class the largest has, where their sizes may matter
_SURE = 0.05
_LEAST_EXPECTED = 5  # images in each cell of a table, from which on the normal distribution is near enough
_SEEN_AT = Shape(1, 32, 32)  # the mean stays that of the whole image
_REPORT_EVERY = 32  # images


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """Some images of the part: of one ``kind`` ("Brightness"), those of the ``title``, at ``positions``.

    ``p`` is that of a two-sided test that its accuracy is the one of all other images, corrected for all slices;
    ``worse`` says that it is below theirs by more than chance would give.
    """

    kind: str
    title: str
    positions: Places
    accuracy: float
    interval: tuple[float, float]
    p: float
    worse: bool

    @property
    def images(self) -> int:
        """How many there are."""
        return len(self.positions)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "kind": self.kind,
            "slice": self.title,
            "images": self.images,
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "p": self.p,
            "worse": self.worse,
        }


SLICES_NOTE = (
    "Worse: below the accuracy of all other images by a two-proportion test (Fisher's exact one for few images), "
    "Holm-corrected for all slices, at 5\u00a0%."
)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Of each image ``(N,)`` its pixels and its mean grey value, 0 to 1; NaN for one that cannot be read."""

    pixels: Floats
    brightness: Floats


def slices_of(
    evaluation: ClassEvaluation, data: LoadedData, source: Source, *, progress: Listener | None = None
) -> tuple[Slice, ...]:
    """All slices of an evaluated part of ``data``, which came from ``source``; in one pass over its images."""
    split = data.splits[evaluation.split]
    names = [data.names[place] for place in split.indices.tolist()]
    listing = source.listed(progress=progress)
    places = {name: place for place, name in enumerate(listing.names)}
    measured = measure_images(listing.pictures, [places.get(name, -1) for name in names], progress=progress)
    owners = [data.classes[label] for label in evaluation.predictions.labels.tolist()]
    groups: dict[str, Iterable[Group]] = {
        "Size": quantile_groups(measured.pixels, si, unit=" pixels"),
        "Brightness": quantile_groups(measured.brightness, percent_text),
        "Folder": folder_groups(names, owners),
        "Class size": quantile_groups(
            _training_images(evaluation, data), lambda value: thousands(int(value)), unit=" training images"
        ),
    }
    return judged(evaluation, groups)


def measure_images(pictures: Pictures, places: Sequence[int], *, progress: Listener | None = None) -> Measured:
    """Measure images at these places, several at once; -1 is none. Raises `CancelledError` when called off."""
    found = np.full((2, len(places)), np.nan)

    def measure(place: int) -> tuple[float, float]:
        if place < 0:
            return np.nan, np.nan
        try:
            height, width = pictures.size(place)
            return float(height * width), float(pictures.read(place, _SEEN_AT).mean()) / 255
        except UnreadableImageError:
            return np.nan, np.nan

    for done, values in enumerate(made_ahead(places, measure, workers=os.cpu_count() or 1)):
        if done % _REPORT_EVERY == 0:
            tell(progress, Progress("Measuring images", done, len(places), "images"))
        found[:, done] = values
    return Measured(*found)


def quantile_groups(values: Floats, text: Callable[[float], str], *, unit: str = "") -> Iterator[Group]:
    """Up to four groups of about as many images, from the smallest values to the largest; none where all are alike."""
    known = values[np.isfinite(values)]
    distinct = np.unique(known)
    if len(distinct) < 2:
        return
    if len(distinct) <= len(_QUARTERS) + 1:
        yield from ((f"{text(value)}{unit}", np.flatnonzero(values == value)) for value in distinct.tolist())
        return
    inner = np.unique(np.quantile(known, _QUARTERS, method="lower"))
    ends = [-np.inf, *inner[inner < distinct[-1]].tolist(), np.inf]
    for low, high in pairwise(ends):
        places = np.flatnonzero((values > low) & (values <= high))
        if np.isinf(low):
            title = f"up to {text(high)}"
        else:
            title = f"above {text(low)}" if np.isinf(high) else f"{text(low)} to {text(high)}"
        yield f"{title}{unit}", places


def folder_groups(names: Sequence[Name], owners: Sequence[str]) -> Iterator[Group]:
    """Images by the folder that they lie in below that of their class; none where all lie in the same one.

    Of many folders, those with the most images.
    """
    below = np.array([_below(name, owner) for name, owner in zip(names, owners, strict=True)])
    folders, counts = np.unique(below, return_counts=True)
    if len(folders) < 2:
        return
    kept = np.sort(np.argsort(-counts, kind="stable")[:_MOST_FOLDERS])
    yield from ((folder or "the class's own folder", np.flatnonzero(below == folder)) for folder in folders[kept])


def _below(name: Name, owner: str) -> str:
    """The folders of an image without that of its class."""
    folders = list(PurePosixPath(name).parent.parts) if isinstance(name, str) else []
    if owner in folders:
        folders.remove(owner)
    return "/".join(folders)


def _training_images(evaluation: ClassEvaluation, data: LoadedData) -> Floats:
    """Of each image, how many training images its class has; NaN where all classes have about as many."""
    counts = np.array(data.train.targets.counts, np.float64)[evaluation.predictions.labels]
    return counts if counts.max() >= _UNEQUAL * counts.min() else np.full(len(counts), np.nan)


def judged(evaluation: ClassEvaluation, groups: dict[str, Iterable[Group]]) -> tuple[Slice, ...]:
    """The slices of groups by their kinds: the images of each that could be read, with how good the answers are."""
    said = evaluation.predictions
    read = said.predicted >= 0
    found = [(kind, title, places[read[places]]) for kind, some in groups.items() for title, places in some]
    found = [one for one in found if len(one[2])]
    right, total = int(said.right.sum()), int(read.sum())
    hits = [int(said.right[places].sum()) for *_, places in found]
    raw = [two_proportions(hit, len(places), right, total) for hit, (*_, places) in zip(hits, found, strict=True)]
    slices = []
    for (kind, title, places), hit, p in zip(found, hits, holm(raw), strict=True):
        accuracy = hit / len(places)
        below = accuracy < right / total
        interval = wilson_interval(hit, len(places))
        slices.append(Slice(kind, title, places, accuracy, interval, p, worse=below and p < _SURE))
    return tuple(slices)


def two_proportions(hits: int, images: int, right: int, total: int) -> float:
    """The two-sided p that ``hits`` of some ``images`` are as many as ``right`` of ``total`` less them.

    By the pooled z; by Fisher's exact test where fewer than 5 images are expected in a cell. 1 without any others.
    """
    from scipy.stats import fisher_exact, norm

    others, rest = total - images, right - hits
    if not images or not others:
        return 1.0
    share = right / total
    if min(images, others) * min(share, 1 - share) < _LEAST_EXPECTED:
        return float(fisher_exact([[hits, images - hits], [rest, others - rest]]).pvalue)
    z = (hits / images - rest / others) / np.sqrt(share * (1 - share) * (1 / images + 1 / others))
    return float(2 * norm.sf(abs(z)))


def holm(values: Sequence[float]) -> list[float]:
    """p values corrected for how many there are (Holm 1979), in their order."""
    order = np.argsort(values, kind="stable")
    corrected = np.maximum.accumulate(np.asarray(values, float)[order] * np.arange(len(values), 0, -1))
    found = np.empty(len(values))
    found[order] = np.minimum(corrected, 1.0)
    return found.tolist()
