"""How good a network tells classes apart, in figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.tasks.evaluation import Evaluation
from engine.tasks.reliability import Reliability, reliability
from engine.words import counted, percent_text, thousands

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

NORMAL_95 = 1.959963984540054  # the 97.5 % quantile of the normal distribution
_FEWEST_CLUSTERED = 3  # classes, below which there is nothing to order

Order = Literal["confidence", "loss"]


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class: of the images called so, the fraction that is (precision); of those that are, the fraction found.

    A class that is never called has precision 0; one without ``images`` has no recall and no F1.
    """

    name: str
    precision: float
    recall: float | None
    f1: float | None
    images: int


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """The answer for each image of the split ``(N,)``, in its order: true and predicted class, and its probability.

    ``probabilities`` ``(N, classes)`` are in float64, as ranks among those next to 1 decide curves; ``losses`` are
    −log of that of the true class. An image that could not be read has -1 for a predicted class, and NaN for these.
    """

    labels: Counts
    predicted: Counts
    confidence: Floats
    probabilities: Floats
    losses: Floats

    @property
    def read(self) -> Counts:
        """Positions of the images that could be read."""
        return np.flatnonzero(self.predicted >= 0)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which answers ``(N,)`` are right."""
        found: NDArray[np.bool_] = self.predicted == self.labels
        return found

    def chosen(
        self,
        *,
        true: int | None = None,
        predicted: int | None = None,
        right: bool | None = None,
        by: Order = "confidence",
    ) -> Counts:
        """Positions of those that could be read and are as asked for; the surest, or the worst by loss, first."""
        wanted = self.predicted >= 0
        for asked, found in ((true, self.labels), (predicted, self.predicted), (right, self.right)):
            if asked is not None:
                wanted &= found == asked
        places, keys = np.flatnonzero(wanted), {"confidence": self.confidence, "loss": self.losses}[by]
        return places[np.argsort(-keys[places], kind="stable")]

    def worst(self, count: int, *, by: Order = "confidence") -> Counts:
        """Positions of the mistakes, the surest, or those of the largest loss, first."""
        return self.chosen(right=False, by=by)[:count]

    def in_cell(self, true: int, predicted: int) -> Counts:
        """Positions of the images of class ``true`` that were called ``predicted``, the surest first."""
        return self.chosen(true=true, predicted=predicted)


class Averages(NamedTuple):
    """Precision, recall and F1 of all classes together, 0 to 1."""

    precision: float
    recall: float
    f1: float

    def to_json(self) -> dict[str, float]:
        """By name, as a JSON object."""
        return self._asdict()


@dataclass(frozen=True, eq=False)
class ClassEvaluation(Evaluation):
    """The figures of one network on one split.

    ``accuracy``, ``top5`` (None for five classes or fewer) and the bounds of ``interval`` are 0 to 1. ``loss`` is what
    training minimised, ``minimised`` its title. ``macro`` are means over the classes that have images; ``micro``
    come of counting all answers together, so that each is the accuracy; in ``weighted`` each class counts as much as
    it has images. ``confusion`` counts images by true class (rows) and predicted class (columns). ``reliability`` is of
    15 bins.
    """

    split: str
    classes: tuple[str, ...]
    images: int
    accuracy: float
    interval: tuple[float, float]
    top5: float | None
    loss: float
    minimised: str
    macro: Averages
    micro: Averages
    weighted: Averages
    reliability: Reliability
    per_class: tuple[ClassScore, ...]
    confusion: Counts
    predictions: Predictions

    @property
    def calibration_error(self) -> float:
        """How far confidence and accuracy differ on average."""
        return self.reliability.expected_error

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the classes that have images."""
        return self.macro.f1

    @property
    def averaged(self) -> str:
        """What macro averages run over: "10 classes", or "9 of 10 classes" where one has no images."""
        seen, every = (
            sum(score.f1 is not None for score in self.per_class),
            counted(len(self.classes), "class", "classes"),
        )
        return every if seen == len(self.classes) else f"{thousands(seen)} of {every}"

    def taken_for(self, true: int) -> list[tuple[int, int]]:
        """The classes that images of a class were taken for by mistake, and how often; the most frequent first."""
        row = self.confusion[true]
        order = np.argsort(-row, kind="stable")
        return [(int(other), int(row[other])) for other in order if other != true and row[other]]

    def figures(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Accuracy", percent_text(self.accuracy)),
            ("Loss", f"{self.loss:.3f}"),
            ("Macro F1", f"{self.macro_f1:.3f} over {self.averaged}"),
        )

    def to_json(self) -> dict[str, Any]:
        """The figures as a JSON object, without the single predictions."""
        return {
            "split": self.split,
            "images": self.images,
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "top5": self.top5,
            "loss": self.loss,
            "macro": self.macro.to_json(),
            "micro": self.micro.to_json(),
            "weighted": self.weighted.to_json(),
            "macro_f1": self.macro_f1,
            "calibration_error": self.calibration_error,
            "largest_calibration_error": self.reliability.largest_error,
            "calibration": self.reliability.to_json(),
            "classes": list(self.classes),
            "per_class": [
                {
                    "name": score.name,
                    "precision": score.precision,
                    "recall": score.recall,
                    "f1": score.f1,
                    "images": score.images,
                }
                for score in self.per_class
            ],
            "confusion": self.confusion.tolist(),
        }


def summarise(
    split: str,
    classes: tuple[str, ...],
    *,
    probabilities: Floats,
    labels: Counts,
    positions: Counts | None = None,
    loss: float = math.nan,
    minimised: str = "",
) -> ClassEvaluation:
    """The figures that follow from class probabilities ``(N, classes)``, N at least 1, and true labels.

    ``loss`` does not follow from them: it comes with its title. ``positions`` says which of the images, whose classes
    ``labels`` gives, the N are; all of them if left out.
    """
    from sklearn.metrics import confusion_matrix, top_k_accuracy_score

    positions = np.arange(len(labels)) if positions is None else positions
    every_label, labels, every = labels, labels[positions], np.arange(len(classes))
    predicted = probabilities.argmax(axis=1)
    right = predicted == labels
    accuracy = float(right.mean())
    scores = _scores(classes, labels, predicted)
    return ClassEvaluation(
        split=split,
        classes=classes,
        images=len(labels),
        accuracy=accuracy,
        interval=wilson_interval(int(right.sum()), len(labels)),
        top5=float(top_k_accuracy_score(labels, probabilities, k=5, labels=every)) if len(classes) > 5 else None,
        loss=loss,
        minimised=minimised,
        macro=_averages(scores, [min(score.images, 1) for score in scores]),
        micro=Averages(accuracy, accuracy, accuracy),
        weighted=_averages(scores, [score.images for score in scores]),
        reliability=reliability(probabilities.max(axis=1), right),
        per_class=scores,
        confusion=confusion_matrix(labels, predicted, labels=every).astype(np.int64),
        predictions=_spread(every_label, positions, probabilities),
    )


def _scores(classes: tuple[str, ...], labels: Counts, predicted: Counts) -> tuple[ClassScore, ...]:
    from sklearn.metrics import precision_recall_fscore_support

    columns = precision_recall_fscore_support(labels, predicted, labels=np.arange(len(classes)), zero_division=0)
    return tuple(
        ClassScore(
            name, float(precision), float(recall) if images else None, float(f1) if images else None, int(images)
        )
        for name, precision, recall, f1, images in zip(classes, *columns, strict=True)
    )


def _averages(scores: tuple[ClassScore, ...], weights: list[int]) -> Averages:
    """The means of the scores of the classes that have images, each of a weight."""
    columns = [(score.precision, score.recall or 0.0, score.f1 or 0.0) for score in scores]
    return Averages(*map(float, np.average(columns, axis=0, weights=weights)))


def _spread(labels: Counts, positions: Counts, probabilities: Floats) -> Predictions:
    """Predictions of some images among all of a split."""
    places = np.arange(len(labels))
    if not np.array_equal(positions, places):
        every = np.full((len(labels), probabilities.shape[1]), np.nan)
        every[positions] = probabilities
        probabilities = every
    read = np.isin(places, positions)
    predicted = np.where(read, probabilities.argmax(axis=1), -1)
    confidence = np.where(read, probabilities[places, predicted], 0.0)
    losses = -np.log(np.maximum(probabilities[places, labels], np.finfo(np.float64).tiny))
    return Predictions(labels, predicted, confidence, probabilities, losses)


def cluster_order(confusion: Counts) -> Counts:
    """The classes in an order in which those taken for each other stand together, as their places.

    Classes are joined by how large a share of their images is taken for the other, on average both ways (average
    linkage).
    """
    from scipy.cluster.hierarchy import leaves_list, linkage

    if len(confusion) < _FEWEST_CLUSTERED:
        return np.arange(len(confusion))
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    likeness = (shares + shares.T) / 2
    distances = 1 - likeness[np.triu_indices(len(confusion), k=1)]
    found: Counts = leaves_list(linkage(distances, method="average")).astype(np.int64)
    return found


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson 1927)."""
    share, z2 = successes / trials, NORMAL_95**2
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = NORMAL_95 / (1 + z2 / trials) * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    return max(0.0, centre - half), min(1.0, centre + half)
