"""What a network is trained for; one class a task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.choices import Choice, Registry
from engine.network import Problem, Severity
from engine.recipe.losses import Loss
from engine.recipe.metrics import LossValue, Metric
from engine.recipe.recipe import Recipe
from engine.tasks.common_problems import common_problems
from engine.tasks.evaluation import Evaluation, MeasuredEvaluation
from engine.tasks.setup import Setup

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a network gave for images of a part: ``predictions`` ``(N, …)``, and which of the part they are.

    ``targets`` are those of every image of the part, also of those that could not be read; ``classes`` are names.
    """

    part: str
    classes: tuple[str, ...]
    predictions: NDArray[np.float64]
    positions: NDArray[np.int64]
    targets: NDArray[np.generic]


class Task(Choice):
    """Decides what stands in the way of training, what is measured, and what an evaluation holds.

    ``targets`` names the kind of targets that its data must have. ``metrics`` are measured besides the loss; the first
    is the one that it is usually judged by.
    """

    targets: ClassVar[str]
    metrics: ClassVar[tuple[type[Metric], ...]] = ()

    def measured(self, recipe: Recipe) -> tuple[Metric, ...]:
        """What is measured after every epoch: the loss, the task's own metrics, and the watched one."""
        kinds: tuple[type[Metric], ...] = (LossValue, *self.metrics)
        found = {kind.name: kind() for kind in kinds}
        if recipe.watch is not None:
            found[recipe.watch.name] = recipe.watch
        return tuple(found.values())

    def watched(self, recipe: Recipe) -> Metric:
        """What decides the best epoch and early stopping."""
        return recipe.watch or (self.metrics[0]() if self.metrics else LossValue())

    def problems(self, setup: Setup) -> tuple[Problem, ...]:
        """Everything wrong with a network, its data and its recipe, that of the network alone first."""
        return (*setup.analysis.problems, *common_problems(setup), *self._recipe_problems(setup), *self.misfits(setup))

    def misfits(self, setup: Setup) -> Iterator[Problem]:
        """Where the outputs of the network do not give what the task needs."""
        yield from ()

    def predictions(self, outputs: Tensor) -> Tensor:
        """What the main output means ``(N, …)``, in float64: the outputs themselves, unless the task says otherwise."""
        return outputs.double()

    def evaluate(self, answers: Answers, recipe: Recipe) -> Evaluation:
        """How good the answers are: every metric that was measured while training."""
        import torch

        predictions = torch.from_numpy(answers.predictions)
        targets = torch.from_numpy(answers.targets[answers.positions])
        images, metrics = len(predictions), self.measured(recipe)
        values = {
            metric.name: metric.figure(metric.total(predictions, targets, recipe.loss).item(), images)
            for metric in metrics
        }
        return MeasuredEvaluation(answers.part, images, values, tuple(metric.measured() for metric in metrics))

    def _recipe_problems(self, setup: Setup) -> Iterator[Problem]:
        recipe = setup.recipe
        for choice in (recipe.loss, *([recipe.watch] if recipe.watch else ())):
            if choice.targets not in ("", self.targets):
                yield _needs(choice, self.targets)
        if setup.source.targets != self.targets:
            message = f"{self.title} needs data with {self.targets}, {setup.source.spoken} has {setup.source.targets}."
            yield Problem("other_targets", Severity.ERROR, "", message)


def _needs(choice: Loss | Metric, given: str) -> Problem:
    message = f"{choice.title} compares with {choice.targets}, but the data have {given}."
    return Problem("other_targets", Severity.ERROR, "", message, "Choose another in the training settings.")


TASKS: Registry[Task] = Registry("tasks", one="task")
