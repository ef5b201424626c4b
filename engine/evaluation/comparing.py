"""Two runs on the same images: which they answer differently, and whether that is more than chance."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.data.loaded import LoadedData
from engine.data.looks import Looks
from engine.data.part_words import SPOKEN
from engine.data.progress import Listener
from engine.data.source import Source
from engine.errors import LayerloomError
from engine.evaluation.ensemble import Together, evaluate_together
from engine.runs.run_folder import RunFolder
from engine.tasks.class_evaluation import NORMAL_95, ClassEvaluation, summarise
from engine.words import counted, number_text, p_text

Places = NDArray[np.int64]

_EXACT_BELOW = 25  # images on which two runs differ, from which on the chi² distribution is near enough
_SURE = 0.05
_KNOWN = {
    "train": "Both trained on these images: which of them is better on new ones, this does not say.",
    "validation": "These images chose the epoch of each, so that both may be worse on new ones.",
}
"""What is to be said of images that are not new to the runs, by their part."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two evaluations of the same images; positions are pairs ``(N, 2)``, in the first and in the second.

    ``split`` is the part of both. ``left_out`` are images of the first, and of the second, that are not among them:
    the other does not have them, or, of ``unread`` ones, one of the two could not read them.
    ``p`` is that of McNemar's test (1947) that both are right equally often, by the ``test`` named; ``difference`` is
    accuracy of the second less that of the first with its 95 % ``interval`` for paired data (Agresti and Min 2005).
    """

    split: str
    both: Places
    only_first: Places
    only_second: Places
    neither: Places
    left_out: tuple[int, int]
    unread: int
    accuracies: tuple[float, float]
    test: Literal["exact", "chi2"]
    p: float
    difference: float
    interval: tuple[float, float]

    @property
    def images(self) -> int:
        """How many images both have."""
        return sum(map(len, (self.both, self.only_first, self.only_second, self.neither)))

    @property
    def differs(self) -> bool:
        """Whether the difference is more than chance would give 19 times of 20."""
        return self.p < _SURE

    @property
    def test_title(self) -> str:
        """The test in words."""
        return "McNemar's exact test" if self.test == "exact" else "McNemar's test with continuity correction"

    def verdict(self, first: str = "the first run", second: str = "the second run") -> str:
        """What the figures allow to say of two runs with these names, in a few sentences."""
        return f"{self._verdict(first, second)} {_KNOWN.get(self.split, '')}".rstrip()

    def _verdict(self, first: str, second: str) -> str:
        gained, lost = len(self.only_second), len(self.only_first)
        test = f"{self.test_title}, {p_text(self.p)}"
        changed = f"Of {counted(self.images, 'image')}, {second} alone is right on {gained}, {first} alone on {lost}"
        if not gained + lost:
            images = f"all {counted(self.images, 'image')}" if self.images > 1 else "the one image"
            return f"On {images} {first} and {second} are right and wrong alike."
        better, worse = (second, first) if gained > lost else (first, second)
        low, high = self.interval if gained > lost else (-self.interval[1], -self.interval[0])
        these = "these images" if self.split in _KNOWN else "images like these"
        if not self.differs:
            worst = f"{_points(-low)} points worse" if low < 0 else _points(low)
            far = "In truth" if low < 0 else "It is not far from more:"
            return (
                f"{changed}: that is no more than chance may give ({test}). {far} {better} may be anything from "
                f"{worst} to {_points(high)} points better."
            )
        return (
            f"{changed}: on {these} {better} is right more often than {worse}, by "
            f"{_points(abs(self.difference))} points (95 % interval {_points(low)} to {_points(high)}; {test}). "
            "Another training of either may differ as much."
        )

    def left_words(self, part: str) -> str:
        """How many images of a part are left out, and why, in a sentence or two; "" where there are none."""
        alone = sum(self.left_out) - 2 * self.unread
        some = ((alone, "that only one of them has"), (self.unread, "that one of them cannot read"))
        return " ".join(
            f"{counted(left, f'{SPOKEN[part]} image')} {which} {'is' if left == 1 else 'are'} left out."
            for left, which in some
            if left
        )

    def to_json(self) -> dict[str, Any]:
        """The figures as a JSON object."""
        return {
            "split": self.split,
            "images": self.images,
            "both_right": len(self.both),
            "only_first_right": len(self.only_first),
            "only_second_right": len(self.only_second),
            "neither_right": len(self.neither),
            "left_out": {"first": self.left_out[0], "second": self.left_out[1]},
            "accuracy": dict(zip(("first", "second"), self.accuracies, strict=True)),
            "difference": self.difference,
            "interval": list(self.interval),
            "test": self.test,
            "p": self.p,
        }


def _points(share: float) -> str:
    return number_text(100 * share, 1)


def image_keys(data: LoadedData, part: str) -> list[Hashable]:
    """What tells the images of a part from any others: name and content, or the number in a published set."""
    places = data.splits[part].indices.tolist()
    if data.fingerprints:
        return [(data.names[place], data.fingerprints[place]) for place in places]
    return [(data.title, data.names[place]) for place in places]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Two runs, each evaluated alone, what the ``sides`` are made of, and what comes of comparing them."""

    first: ClassEvaluation
    second: ClassEvaluation
    sides: tuple[Together, Together]
    comparison: Comparison

    def of_common_images(self) -> tuple[ClassEvaluation, ClassEvaluation]:
        """Both on the images that both have, in one order of images and of classes."""
        found = self.comparison
        pairs = np.concatenate([found.both, found.only_first, found.only_second, found.neither])
        order = [self.second.classes.index(name) for name in self.first.classes]
        labels = self.first.predictions.labels[pairs[:, 0]]
        one, other = (side.predictions.probabilities for side in (self.first, self.second))
        split, classes = found.split, self.first.classes
        return (
            summarise(split, classes, probabilities=one[pairs[:, 0]], labels=labels),
            summarise(split, classes, probabilities=other[pairs[:, 1]][:, order], labels=labels),
        )


def compare_runs(
    runs: tuple[RunFolder, RunFolder],
    split: str = "test",
    *,
    moved_to: Source | None = None,
    looks: Looks | None = None,
    progress: Listener | None = None,
) -> Compared:
    """Evaluate two runs on a part of theirs and compare what they say of the images that both have in it.

    Raises `LayerloomError` as evaluating does, and where one of them does not tell classes apart.
    """
    one, other = (evaluate_together([run], split, moved_to=moved_to, looks=looks, progress=progress) for run in runs)
    first, second = one.evaluation, other.evaluation
    if not (isinstance(first, ClassEvaluation) and isinstance(second, ClassEvaluation)):
        raise LayerloomError("Only runs that tell classes apart can be compared image by image.")
    keys = (image_keys(one.data, split), image_keys(other.data, split))
    return Compared(first, second, (one, other), compare(first, second, keys=keys))


def compare(
    first: ClassEvaluation, second: ClassEvaluation, *, keys: tuple[Sequence[Hashable], Sequence[Hashable]]
) -> Comparison:
    """Compare two evaluations, of which ``keys`` say which images they are of; raises `LayerloomError`.

    They must tell the same classes apart and have images in common.
    """
    if set(first.classes) != set(second.classes):
        raise LayerloomError("The two runs tell other classes apart: what they say of images does not compare.")
    known = [
        {own[place]: place for place in found.predictions.read.tolist()}
        for found, own in zip((first, second), keys, strict=True)
    ]
    pairs = np.array([(place, known[1][key]) for key, place in known[0].items() if key in known[1]], np.int64)
    if not len(pairs):
        raise LayerloomError("The two runs have no images in common that could be compared.")
    one, other = first.predictions.right[pairs[:, 0]], second.predictions.right[pairs[:, 1]]
    lost, gained = int((one & ~other).sum()), int((other & ~one).sum())
    test, p = mcnemar(lost, gained)
    return Comparison(
        split=first.split,
        both=pairs[one & other],
        only_first=pairs[one & ~other],
        only_second=pairs[other & ~one],
        neither=pairs[~one & ~other],
        left_out=(len(keys[0]) - len(pairs), len(keys[1]) - len(pairs)),
        unread=len(set(keys[0]) & set(keys[1])) - len(pairs),
        accuracies=(float(one.mean()), float(other.mean())),
        test=test,
        p=p,
        difference=(gained - lost) / len(pairs),
        interval=paired_interval(lost, gained, len(pairs)),
    )


def mcnemar(lost: int, gained: int) -> tuple[Literal["exact", "chi2"], float]:
    """The test that was made and its p, for images that only one, and that only the other answers right.

    Below 25 of them it is the exact binomial one, else chi² with Edwards' continuity correction (1948).
    """
    from scipy.stats import binomtest, chi2

    if lost + gained < _EXACT_BELOW:
        return "exact", float(binomtest(lost, lost + gained, 0.5).pvalue) if lost + gained else 1.0
    return "chi2", float(chi2.sf(max(abs(lost - gained) - 1, 0) ** 2 / (lost + gained), df=1))


def paired_interval(lost: int, gained: int, images: int) -> tuple[float, float]:
    """The 95 % interval of the difference of two accuracies on the same images, with half an image in each cell."""
    total, difference = images + 2, gained - lost
    half = NORMAL_95 * math.sqrt(lost + gained + 1 - difference**2 / total) / total
    return max(-1.0, difference / total - half), min(1.0, difference / total + half)
