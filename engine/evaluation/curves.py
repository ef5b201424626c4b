"""Precision–recall and ROC curves of each class against all others, and of all classes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.tasks.class_evaluation import ClassEvaluation

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Kind = Literal["precision_recall", "roc"]

_PAINTED = 512  # cells of a side of a chart within which two points of a curve are one
_GRID = 501  # points of a mean curve


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points of a curve ``(P,)``, each with the probability from which on an image is said to be of the class.

    Precision–recall: ``x`` is recall, ``y`` precision, ``area`` the average precision; ROC: ``x`` is the share of
    images of other classes that are said to be of it, ``y`` the recall, ``area`` that under the curve. A mean of curves
    has no thresholds: they are NaN.
    """

    x: Floats
    y: Floats
    thresholds: Floats
    area: float

    def thinned(self, cells: int = _PAINTED) -> Curve:
        """The same for painting: of the points in a row in one cell of a square of ``cells`` × ``cells``, two."""
        places = np.floor(self.x * cells) * (cells + 1) + np.floor(self.y * cells)
        new = np.r_[True, places[1:] != places[:-1]]
        kept = new | np.r_[new[1:], True]
        return Curve(self.x[kept], self.y[kept], self.thresholds[kept], self.area)


@dataclass(frozen=True, eq=False)
class Curves:
    """The curves of all classes; None for one without images in the part, of which averages are made without it.

    ``micro`` counts every pair of an image and a class as one answer.
    """

    kind: Kind
    classes: tuple[str, ...]
    each: tuple[Curve | None, ...]
    labels: Labels
    probabilities: Floats

    @property
    def of(self) -> tuple[Curve, ...]:
        """Those that there are."""
        return tuple(curve for curve in self.each if curve is not None)

    @cached_property
    def macro(self) -> Curve | None:
        """The mean of the curves that there are; its area is the mean of theirs."""
        return mean_curve(self.of, steps=self.kind == "precision_recall") if self.of else None

    @cached_property
    def micro(self) -> Curve:
        """The curve of all answers together."""
        return _micro(self.labels, self.probabilities, self.kind)

    def to_json(self) -> dict[str, Any]:
        """The areas, as a JSON object."""
        areas = [None if curve is None else curve.area for curve in self.each]
        return {"macro": self.macro.area if self.macro else None, "classes_averaged": len(self.of), "per_class": areas}


def curves_of(evaluation: ClassEvaluation, kind: Kind) -> Curves:
    """The curves of all classes over the images that could be read."""
    found = evaluation.predictions
    labels, probabilities = found.labels[found.read], found.probabilities[found.read]
    of_class = precision_recall if kind == "precision_recall" else roc
    each = tuple(of_class(labels, probabilities, positive) for positive in range(len(evaluation.classes)))
    return Curves(kind, evaluation.classes, each, labels, probabilities)


def precision_recall(labels: Labels, probabilities: Floats, positive: int) -> Curve | None:
    """The curve of one class, from probabilities ``(N, classes)``; None where it has no images."""
    own = labels == positive
    return _precision_recall(own, probabilities[:, positive]) if own.any() else None


def roc(labels: Labels, probabilities: Floats, positive: int) -> Curve | None:
    """The same as ROC; None also where no other class has images."""
    own = labels == positive
    return _roc(own, probabilities[:, positive]) if own.any() and not own.all() else None


def _precision_recall(own: NDArray[np.bool_], scores: Floats) -> Curve:
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(own, scores)
    # scikit-learn's average precision would sort all images once more.
    area = float(-np.diff(recall) @ precision[:-1])
    return Curve(recall[::-1], precision[::-1], np.r_[np.inf, thresholds[::-1]], area)


def _roc(own: NDArray[np.bool_], scores: Floats) -> Curve:
    from sklearn.metrics import auc, roc_curve

    others, found, thresholds = roc_curve(own, scores)
    return Curve(others, found, thresholds, float(auc(others, found)))


def _micro(labels: Labels, probabilities: Floats, kind: Kind) -> Curve:
    """The curve of all answers together, at each value of a true class's probability and at the next above it.

    Between two of these no true answer comes, so that nothing of the curve or its area is lost: of 50 000 images of
    1 000 classes, 100 000 points are left of 50 million.
    """
    own, every = np.sort(probabilities[np.arange(len(labels)), labels]), np.sort(probabilities, axis=None)
    values = np.unique(own)
    above = np.searchsorted(every, values, side="right")
    known = np.r_[every[0], values, every[above[above < len(every)]]]
    thresholds: Floats = np.r_[np.inf, np.unique(known)[::-1]]
    true = len(own) - np.searchsorted(own, thresholds)
    said = len(every) - np.searchsorted(every, thresholds)
    recall = true / len(own)
    if kind == "precision_recall":
        precision = np.divide(true, said, out=np.ones(len(said)), where=said > 0)
        return Curve(recall, precision, thresholds, float(np.diff(recall) @ precision[1:]))
    others = (said - true) / max(len(every) - len(own), 1)
    return Curve(others, recall, thresholds, float(np.trapezoid(recall, others)))


def mean_curve(curves: Sequence[Curve], *, steps: bool) -> Curve:
    """The mean of several curves, one at least, at even places of ``x``.

    With ``steps`` a curve has at each place the value of its next point, as the average precision sums it; else the
    line between the two.
    """
    grid = np.linspace(0.0, 1.0, _GRID)
    each = [
        curve.y[np.minimum(np.searchsorted(curve.x, grid), len(curve.x) - 1)]
        if steps
        else np.interp(grid, curve.x, curve.y)
        for curve in curves
    ]
    nowhere = np.full(_GRID, np.nan)
    return Curve(grid, np.mean(each, axis=0), nowhere, float(np.mean([curve.area for curve in curves])))
