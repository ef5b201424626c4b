"""How far a training is: all that must be remembered, beside weights, to go on as if it had never stopped."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from pydantic import TypeAdapter

from engine.recipe.metrics import LossValue, Measured
from engine.training.events import Amount, Count, Metrics, Ordinal

_NOT_FINITE = sys.float_info.max


@dataclass(slots=True)
class Position:
    """``epoch`` counts from 1 and is the one in progress; ``batch`` batches of it are done, ``step`` in all.

    ``sums`` (by metric) and ``images`` add up over the batches done in this epoch; a metric that was not measured on
    all of them sums to NaN. ``best`` are the figures of the best epoch so far; ``patient_since`` is the epoch from
    which early stopping counts. ``seconds`` is the time of the epochs done, ``epoch_seconds`` that of this one.
    ``passed`` images of this epoch have had their turn, those that could not be read included. ``schedule`` is what
    the schedule of the learning rate remembers, ``scaling`` how gradients of float16 are scaled.
    """

    epoch: Ordinal = 1
    batch: Count = 0
    step: Count = 0
    sums: dict[str, float] = field(default_factory=dict)
    images: Count = 0
    best: dict[str, float] = field(default_factory=dict)
    best_epoch: Ordinal | None = None
    patient_since: Count = 0
    seconds: Amount = 0.0
    epoch_seconds: Amount = 0.0
    passed: Count = 0
    schedule: dict[str, float] = field(default_factory=dict)
    scaling: dict[str, float] = field(default_factory=dict)

    def add(self, totals: Metrics, *, images: int) -> None:
        """A batch is done, with the sum of each metric over its images."""
        unknown = math.nan if self.images else 0.0
        self.sums = {name: self.sums.get(name, unknown) + total for name, total in totals.items()}
        self.images += images

    def is_best(self, metrics: Metrics, watched: Measured) -> bool:
        """Whether no epoch before was as good by ``watched``, or as good with less loss; if so it is the best now.

        Where the best so far was not measured by ``watched``, there is nothing to compare with. An epoch whose
        watched figure or loss is not finite is never the best.
        """
        if not (math.isfinite(metrics[watched.name]) and math.isfinite(metrics[LossValue.name])):
            return False
        finite = {name: _finite(value) for name, value in metrics.items()}
        if watched.name in self.best and _rank(finite, watched) <= _rank(self.best, watched):
            return False
        self.best, self.best_epoch = finite, self.epoch
        return True

    @property
    def without_gain(self) -> int:
        """Epochs done since the best one, or since early stopping began to count."""
        return self.epoch - 1 - max(self.best_epoch or 0, self.patient_since)

    def next_epoch(self) -> None:
        """The epoch in progress is done."""
        self.epoch += 1
        self.batch = self.passed = 0
        self.sums, self.images = {}, 0
        self.seconds += self.epoch_seconds
        self.epoch_seconds = 0.0

    def to_text(self) -> str:
        """As JSON, with NaN as Python writes it; floats keep every digit."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Position:
        """Back from JSON; raises ``ValueError`` for anything that no training can have written."""
        try:
            values = json.loads(text)
            values = _from_version_1(values) if "loss_sum" in values else values
            values = {
                "passed": values["images"],
                "schedule": {},
                "scaling": {},
                **values,
            }  # which were not kept at first
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError("is no position") from error
        position = TypeAdapter(cls).validate_json(json.dumps(values), strict=True)
        if not values.keys() == {one.name for one in fields(cls)} or not position._holds_together():
            raise ValueError("is no position")
        return position

    def _holds_together(self) -> bool:
        """Whether each value can be beside the others."""
        best = (self.best_epoch is None) == (self.best.get("loss") is None) == (not self.best)
        return best and (self.best_epoch or 0) < self.epoch and self.patient_since < self.epoch


def _rank(metrics: Metrics, watched: Measured) -> tuple[float, float]:
    """What is larger for a better epoch: the watched metric, then less loss."""
    watched_worth = _worth(metrics[watched.name], higher_is_better=watched.higher_is_better)
    return watched_worth, _worth(metrics["loss"], higher_is_better=False)


def _worth(value: float, *, higher_is_better: bool) -> float:
    """What is larger for a better figure, and least for one that `_finite` stands in for."""
    if value == _NOT_FINITE:
        return -math.inf
    return value if higher_is_better else -value


def _finite(value: float) -> float:
    """A figure as it is kept; JSON knows neither NaN nor infinity."""
    return value if math.isfinite(value) else _NOT_FINITE


def _from_version_1(values: dict[str, Any]) -> dict[str, Any]:
    """Checkpoints of version 1 knew loss and accuracy alone, the first of them nothing of patience."""
    values = {"patient_since": 0, **values}
    loss, correct = values.pop("loss_sum"), values.pop("correct")
    best = {"loss": values.pop("best_loss"), "accuracy": values.pop("best_accuracy")}
    sums = {"loss": loss, "accuracy": correct} if values["images"] else {}
    return {**values, "sums": sums, "best": best if values["best_epoch"] else {}}
