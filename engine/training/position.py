"""How far a training is: all that must be remembered, beside weights, to go on as if it had never stopped."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict, dataclass

from engine.training.events import Metrics


@dataclass(slots=True)
class Position:
    """``epoch`` counts from 1 and is the one in progress; ``batch`` batches of it are done, ``step`` in all.

    ``loss_sum``, ``correct`` and ``images`` add up over the batches done in this epoch. ``best_accuracy`` is the
    best after an epoch so far; ``patient_since`` is the epoch from which early stopping counts. ``seconds`` is the
    time of the epochs done, ``epoch_seconds`` that of this one.
    """

    epoch: int = 1
    batch: int = 0
    step: int = 0
    loss_sum: float = 0.0
    correct: int = 0
    images: int = 0
    best_accuracy: float = -1.0
    best_loss: float = 0.0
    best_epoch: int | None = None
    patient_since: int = 0
    seconds: float = 0.0
    epoch_seconds: float = 0.0

    def add(self, loss: float, *, correct: int, images: int) -> None:
        """A batch is done, with its mean loss."""
        self.loss_sum += loss * images
        self.correct += correct
        self.images += images

    def metrics(self) -> Metrics:
        """Mean loss and accuracy over the batches of this epoch, each as its batch was trained on."""
        return Metrics(self.loss_sum / max(self.images, 1), self.correct / max(self.images, 1))

    def is_best(self, metrics: Metrics) -> bool:
        """Whether no epoch before was as accurate, or as accurate with less loss; if so it is the best now."""
        loss = metrics.loss if math.isfinite(metrics.loss) else sys.float_info.max
        if (metrics.accuracy, -loss) <= (self.best_accuracy, -self.best_loss):
            return False
        self.best_accuracy, self.best_loss, self.best_epoch = metrics.accuracy, loss, self.epoch
        return True

    @property
    def without_gain(self) -> int:
        """Epochs done since the best one, or since early stopping began to count."""
        return self.epoch - 1 - max(self.best_epoch or 0, self.patient_since)

    def next_epoch(self) -> None:
        """The epoch in progress is done."""
        self.epoch += 1
        self.batch = 0
        self.loss_sum, self.correct, self.images = 0.0, 0, 0
        self.seconds += self.epoch_seconds
        self.epoch_seconds = 0.0

    def to_text(self) -> str:
        """As JSON; floats keep every digit."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Position:
        """Back from JSON; raises ``ValueError`` or ``TypeError`` for anything else."""
        return cls(**json.loads(text))
