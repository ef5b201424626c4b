"""What an evaluation is, whatever the task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.recipe.metrics import Measured


class Evaluation:
    """The figures of one network on one part of its data."""

    split: str
    images: int

    def figures(self) -> tuple[tuple[str, str], ...]:
        """The figures for people, each with its title."""
        raise TypeError(f"{type(self).__name__} does not declare figures")

    def to_json(self) -> dict[str, Any]:
        """The figures as a JSON object."""
        raise TypeError(f"{type(self).__name__} does not declare to_json")


@dataclass(frozen=True, eq=False)
class MeasuredEvaluation(Evaluation):
    """Metrics by name, and nothing more."""

    split: str
    images: int
    values: Mapping[str, float]
    metrics: tuple[Measured, ...]

    def figures(self) -> tuple[tuple[str, str], ...]:
        return tuple((metric.title, metric.text(self.values[metric.name])) for metric in self.metrics)

    def to_json(self) -> dict[str, Any]:
        return {"split": self.split, "images": self.images, **self.values}
