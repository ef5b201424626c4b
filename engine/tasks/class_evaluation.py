"""How good a network tells classes apart, in figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.tasks.evaluation import Evaluation
from engine.words import counted, percent_text, thousands

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

_NORMAL_95 = 1.959963984540054  # the 97.5 % quantile of the normal distribution
_BINS = 15


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
    """The answer for each image of the split, in its order: true and predicted class, and its probability.

    An image that could not be read has -1 for a predicted class.
    """

    labels: Counts
    predicted: Counts
    confidence: Floats

    def worst(self, count: int) -> Counts:
        """Positions of the mistakes, the surest first."""
        mistakes = np.flatnonzero((self.predicted != self.labels) & (self.predicted >= 0))
        return mistakes[np.argsort(-self.confidence[mistakes], kind="stable")][:count]

    def in_cell(self, true: int, predicted: int) -> Counts:
        """Positions of the images of class ``true`` that were called ``predicted``, the surest first."""
        found = np.flatnonzero((self.labels == true) & (self.predicted == predicted))
        return found[np.argsort(-self.confidence[found], kind="stable")]


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
    come of counting all answers together, so that each is the accuracy; ``confusion`` counts images by true class
    (rows) and predicted class (columns). ``calibration_error`` is how far confidence and accuracy differ on average
    (Guo et al. 2017, eq. 3, 15 bins).
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
    calibration_error: float
    per_class: tuple[ClassScore, ...]
    confusion: Counts
    predictions: Predictions

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
            "macro_f1": self.macro_f1,
            "calibration_error": self.calibration_error,
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
    confidence = probabilities[np.arange(len(labels)), predicted]
    right = predicted == labels
    scores = _scores(classes, labels, predicted)
    return ClassEvaluation(
        split=split,
        classes=classes,
        images=len(labels),
        accuracy=float(right.mean()),
        interval=wilson_interval(int(right.sum()), len(labels)),
        top5=float(top_k_accuracy_score(labels, probabilities, k=5, labels=every)) if len(classes) > 5 else None,
        loss=loss,
        minimised=minimised,
        macro=_averages(labels, predicted, classes=np.unique(labels), average="macro"),
        micro=_averages(labels, predicted, classes=every, average="micro"),
        calibration_error=_calibration_error(confidence, right),
        per_class=scores,
        confusion=confusion_matrix(labels, predicted, labels=every).astype(np.int64),
        predictions=_spread(every_label, positions, predicted=predicted, confidence=confidence),
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


def _averages(labels: Counts, predicted: Counts, *, classes: Counts, average: Literal["macro", "micro"]) -> Averages:
    from sklearn.metrics import precision_recall_fscore_support

    found = precision_recall_fscore_support(labels, predicted, labels=classes, average=average, zero_division=0)
    return Averages(*map(float, found[:3]))


def _spread(labels: Counts, positions: Counts, *, predicted: Counts, confidence: Floats) -> Predictions:
    """Predictions of some images among all of a split."""
    found = Predictions(labels, np.full(len(labels), -1), np.zeros(len(labels)))
    found.predicted[positions], found.confidence[positions] = predicted, confidence
    return found


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson 1927)."""
    share, z2 = successes / trials, _NORMAL_95**2
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _NORMAL_95 / (1 + z2 / trials) * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def _calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(confidence))
