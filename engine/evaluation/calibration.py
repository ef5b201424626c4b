"""Confidence that says how often a network is right, and a temperature that makes it say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import LayerloomError
from engine.tasks.class_evaluation import ClassEvaluation, Predictions
from engine.tasks.reliability import Reliability, reliability

__all__ = ["Reliability", "Tempered", "fit_temperature", "logarithms", "reliability", "scaled", "tempered"]

Floats = NDArray[np.float64]
_ALIKE = "No temperature fits best: what the network gives hardly differs from class to class."
_HARDEST = 2.0**40  # an inverse temperature beyond which numbers, not images, decide


@dataclass(frozen=True, slots=True)
class Tempered:
    """What a temperature, fitted on ``images`` of the validation part, does to another part.

    ``before`` and ``after`` are its bins, ``losses`` the mean −log probability of the true class before and after.
    """

    temperature: float
    images: int
    before: Reliability
    after: Reliability
    losses: tuple[float, float]

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "temperature": self.temperature,
            "fitted_on": "validation",
            "fitted_images": self.images,
            "calibration_error": {"before": self.before.expected_error, "after": self.after.expected_error},
            "loss": dict(zip(("before", "after"), self.losses, strict=True)),
            "calibration": self.after.to_json(),
        }


def tempered(validation: ClassEvaluation, shown: ClassEvaluation) -> Tempered:
    """Fit a temperature on the validation images of a run, and show what it does to those of another part.

    Raises `LayerloomError` where the other part is the validation part itself, or where none fits best.
    """
    if shown.split == validation.split:
        raise LayerloomError(
            "A temperature is fitted on the validation images, so that they cannot show what it does: evaluate the "
            "test images."
        )
    fitting, showing = validation.predictions, shown.predictions
    temperature = fit_temperature(*_of_those_read(fitting))
    places = showing.read
    labels, probabilities = showing.labels[places], scaled(showing.probabilities[places], temperature)
    predicted = probabilities.argmax(axis=1)
    rows = np.arange(len(labels))
    after = reliability(probabilities[rows, predicted], predicted == labels)
    loss = float(-np.log(np.maximum(probabilities[rows, labels], np.finfo(np.float64).tiny)).mean())
    return Tempered(
        temperature, validation.images, shown.reliability, after, (float(showing.losses[places].mean()), loss)
    )


def _of_those_read(predictions: Predictions) -> tuple[Floats, NDArray[np.int64]]:
    places = predictions.read
    return logarithms(predictions.probabilities[places]), predictions.labels[places]


def logarithms(probabilities: Floats) -> Floats:
    """Logarithms of probabilities; of 0 that of the smallest number."""
    found: Floats = np.log(np.maximum(probabilities, np.finfo(np.float64).tiny))
    return found


def fit_temperature(log_probabilities: Floats, labels: NDArray[np.int64]) -> float:
    """The temperature T for which softmax(log p / T) gives the true classes the least mean −log probability.

    ``log_probabilities`` are ``(N, classes)``; scores do as well (Guo et al. 2017, section 4.2). The loss is convex in
    1/T, so that its slope has one root. Raises `LayerloomError` where there is no image, or no best T.
    """
    from scipy.optimize import brentq

    if not len(labels):
        raise LayerloomError("No temperature can be fitted: the validation part has no images.")
    scores = log_probabilities - log_probabilities.max(axis=1, keepdims=True)
    true = scores[np.arange(len(labels)), labels]

    def slope(inverse: float) -> float:
        weights = np.exp(inverse * scores)
        return float(((weights * scores).sum(axis=1) / weights.sum(axis=1) - true).mean())

    if not scores.any():
        raise LayerloomError(_ALIKE)
    if (true == 0).all():
        raise LayerloomError(
            "No temperature fits best: every validation image is classified correctly, so that more confidence is "
            "always better."
        )
    if slope(0.0) >= 0:
        raise LayerloomError("No temperature fits best: on the validation images the network is no better than chance.")
    highest = 1.0
    while slope(highest) <= 0 and highest < _HARDEST:
        highest *= 2
    if highest >= _HARDEST:
        raise LayerloomError(_ALIKE)
    return 1 / float(brentq(slope, 0.0, highest, xtol=1e-12))


def scaled(probabilities: Floats, temperature: float) -> Floats:
    """Probabilities ``(N, classes)`` as they are at another temperature; which class is likeliest stays."""
    scores = logarithms(probabilities) / temperature
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Floats = weights / weights.sum(axis=1, keepdims=True)
    return found
