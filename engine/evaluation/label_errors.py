"""Images whose label is likely wrong, by what runs say that did not train on them (Northcutt et al. 2021)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.loaded import LoadedData
from engine.data.looks import Looks
from engine.data.parts import Name
from engine.data.progress import Listener
from engine.data.source import Source
from engine.errors import LayerloomError
from engine.evaluation.comparing import image_keys
from engine.evaluation.evaluating import answers_of
from engine.evaluation.relabelling import Move, last_relabelled, relabel, to_class
from engine.recipe.recipe import Device
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder

__all__ = [
    "LabelErrors",
    "Move",
    "Suspect",
    "find_label_errors",
    "last_relabelled",
    "relabel",
    "suspects",
    "thresholds",
    "to_class",
]

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

_UNSEEN = ("validation", "test")  # the parts that do not train


@dataclass(frozen=True, slots=True)
class Suspect:
    """An image whose label is likely wrong: the ``given`` class and the ``likely`` one, as places, with what is said.

    ``margin`` is the probability of the given class less that of the likely one. ``runs`` said it, on average.
    """

    name: Name
    given: int
    likely: int
    given_probability: float
    likely_probability: float
    margin: float
    runs: int


@dataclass(frozen=True, slots=True)
class LabelErrors:
    """The suspects among the images that were ``judged``, the surest first; ``thresholds`` are those of the classes.

    ``not_judged`` are images that trained in every one of the ``runs``, or are copies of such.
    """

    classes: tuple[str, ...]
    suspects: tuple[Suspect, ...]
    judged: int
    not_judged: int
    runs: int
    thresholds: tuple[float | None, ...]

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "judged": self.judged,
            "not_judged": self.not_judged,
            "runs": self.runs,
            "suspects": [
                {
                    "file": one.name,
                    "given": self.classes[one.given],
                    "likely": self.classes[one.likely],
                    "given_probability": one.given_probability,
                    "likely_probability": one.likely_probability,
                    "margin": one.margin,
                    "runs": one.runs,
                }
                for one in self.suspects
            ],
        }


@dataclass(slots=True)
class _Judged:
    """What runs said of an image, summed."""

    name: Name
    label: int
    total: Floats
    runs: int = 0


@dataclass(slots=True)
class _Collected:
    """What several runs say of images that they did not train on."""

    judged: dict[Hashable, _Judged] = field(default_factory=dict)
    trained: set[Hashable] = field(default_factory=set)

    def add(self, data: LoadedData, *, part: str, probabilities: Floats, positions: Labels) -> None:
        """Take in what a run says of some images of one of its parts."""
        split, keys = data.splits[part], image_keys(data, part)
        copied = _trained_contents(data)
        for place, values in zip(positions.tolist(), probabilities, strict=True):
            index = int(split.indices[place])
            if data.fingerprints and data.fingerprints[index] in copied:
                self.trained.add(keys[place])
                continue
            label = int(split.targets.values[place])
            one = self.judged.setdefault(keys[place], _Judged(data.names[index], label, np.zeros(len(values))))
            one.total += values
            one.runs += 1


def _trained_contents(data: LoadedData) -> set[str]:
    """The marks of the training images: a copy of one in another part is as well known to the run."""
    return {data.fingerprints[place] for place in data.train.indices.tolist()} if data.fingerprints else set()


def find_label_errors(
    runs: Sequence[RunFolder],
    *,
    moved_to: Source | None = None,
    device: Device = Device.AUTO,
    looks: Looks | None = None,
    progress: Listener | None = None,
) -> LabelErrors:
    """Ask several runs, one at least, of every image that they did not train on.

    What is said of an image is the mean over those runs. Raises `LayerloomError` where the runs tell other classes
    apart or learned from other data, where one does not say which images trained, or none of them left an image out.
    """
    classes = runs[0].record.classes
    found, titles = _Collected(), set[str]()
    for run in runs:
        _require_use(run, classes)
        data = load_run_data(run, moved_to=moved_to, looks=looks, progress=progress)
        titles.add(_title(moved_to or run.project().data.source, data))
        if len(titles) > 1:
            raise LayerloomError(f"The runs learned from other data: {' and '.join(sorted(titles))}.")
        found.trained.update(image_keys(data, "train"))
        for part in _UNSEEN:
            if len(data.splits[part]):
                answers = answers_of(run, part, data=data, device=device, looks=looks, progress=progress)
                found.add(data, part=part, probabilities=answers.predictions, positions=answers.positions)
    if not found.judged:
        raise LayerloomError("Every image trained in every run: nothing is left whose label they could judge.")
    return _errors(found, classes, runs=len(runs))


def _title(source: Source, data: LoadedData) -> str:
    """What the data are called, however the way to their folder was typed."""
    return source.folder.resolve().name if source.folder else data.title


def _require_use(run: RunFolder, classes: Sequence[str]) -> None:
    if run.record.classes != classes or not classes:
        raise LayerloomError(f"{run.path} tells other classes apart: runs that judge labels must share theirs.")
    if run.parts is None and run.project().data.source.takes_folder:
        raise LayerloomError(
            f"{run.path} is of an older version, which kept no list of the images that trained: files may have come "
            "and gone since, so that it can judge no labels. Train again."
        )


def _errors(found: _Collected, classes: tuple[str, ...], *, runs: int) -> LabelErrors:
    every = list(found.judged.values())
    probabilities = np.stack([one.total / one.runs for one in every])
    labels = np.array([one.label for one in every], np.int64)
    places, likely, margins = suspects(labels, probabilities)
    listed = tuple(
        Suspect(
            every[place].name,
            int(labels[place]),
            other,
            float(probabilities[place, labels[place]]),
            float(probabilities[place, other]),
            margin,
            every[place].runs,
        )
        for place, other, margin in zip(places.tolist(), likely.tolist(), margins.tolist(), strict=True)
    )
    limits = tuple(None if np.isinf(one) else float(one) for one in thresholds(labels, probabilities))
    return LabelErrors(classes, listed, len(every), len(found.trained - found.judged.keys()), runs, limits)


def thresholds(labels: Labels, probabilities: Floats) -> Floats:
    """How sure the network is, on average, of each class ``(classes,)`` for images labelled so; ∞ without images."""
    count = probabilities.shape[1]
    own = probabilities[np.arange(len(labels)), labels]
    images = np.bincount(labels, minlength=count)
    sums = np.bincount(labels, weights=own, minlength=count)
    return np.where(images > 0, sums / np.maximum(images, 1), np.inf)


def suspects(labels: Labels, probabilities: Floats) -> tuple[Labels, Labels, Floats]:
    """Which of the images ``(N,)`` are likely labelled wrongly, the likeliest class of each, and by what margin.

    One is suspected where, of the classes whose threshold its probability reaches, the likeliest is another one than
    its label (the confident joint, Northcutt et al. 2021, section 3.1), unless its label is the likeliest of all. The
    margin is p[label] − p[likeliest], which is below 0; the smallest comes first.
    """
    rows = np.arange(len(labels))
    reached = probabilities >= thresholds(labels, probabilities)
    counted_as = np.where(reached, probabilities, -1.0).argmax(axis=1)
    likely = probabilities.argmax(axis=1)
    margins = probabilities[rows, labels] - probabilities[rows, likely]
    places = np.flatnonzero(reached.any(axis=1) & (counted_as != labels) & (margins < 0))
    places = places[np.argsort(margins[places], kind="stable")]
    return places, likely[places], margins[places]
