"""What a network is trained for; one class a task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from engine.choices import Choice, Registry
from engine.data.looks import AsItIs, Looks
from engine.network import Problem, Severity
from engine.recipe.loss import Loss
from engine.recipe.metrics import LossValue, Metric, total_of
from engine.recipe.recipe import Recipe
from engine.tasks.common_problems import common_problems
from engine.tasks.drawing_problems import drawing_problems
from engine.tasks.evaluation import Evaluation, MeasuredEvaluation
from engine.tasks.recipe_problems import loss_problems, nothing_validates
from engine.tasks.score_problems import score_problems
from engine.tasks.setup import Setup

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor


Line = tuple[str | float, ...]
"""A line of a table."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a network gave for images of a part, and which of the part they are.

    ``outputs`` ``(N, …)`` are as the loss takes them, ``predictions`` ``(N, …)`` what they mean. ``targets`` are those
    of every image of the part, also of those that could not be read; ``classes`` are names.
    ``looks`` is how the images were looked at.
    """

    part: str
    classes: tuple[str, ...]
    outputs: NDArray[np.float64]
    predictions: NDArray[np.float64]
    positions: NDArray[np.int64]
    targets: NDArray[np.generic]
    looks: Looks = field(default_factory=AsItIs)

    def figure(self, metric: Metric, loss: Loss) -> float:
        """A metric over these images, as it is measured while training."""
        import torch

        targets = torch.from_numpy(self.targets[self.positions])
        total = total_of(metric, torch.from_numpy(self.outputs), targets, loss)
        return metric.figure(total.item(), len(self.outputs))

    def losses(self, loss: Loss) -> list[float]:
        """The loss of each image alone."""
        import torch

        outputs, targets = torch.from_numpy(self.outputs), torch.from_numpy(self.targets[self.positions])
        pairs = zip(outputs.unsqueeze(1), targets.unsqueeze(1), strict=True)
        return [loss.of(output, target, reduction="sum").item() for output, target in pairs]


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a prediction says of an image; a share is 0 to 1."""

    name: str
    value: float
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """An image's target in words; ``right`` says whether the prediction meets it, None where that is no yes or no."""

    words: str
    right: bool | None = None


class Task(Choice):
    """Decides what stands in the way of training, what is measured, and what an evaluation holds.

    ``targets`` names the kind of targets that its data must have. ``metrics`` are measured besides the loss; the first
    is the one that it is usually judged by.
    """

    targets: ClassVar[str]
    metrics: ClassVar[tuple[type[Metric], ...]] = ()
    reading_keys: ClassVar[tuple[str, str]] = ("output", "value")
    """What the fields of a `Reading` are called in JSON."""

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
        drawing = (*setup.analysis.problems, *drawing_problems(setup))
        return (*drawing, *common_problems(setup), *self._recipe_problems(setup), *self.misfits(setup))

    def misfits(self, setup: Setup) -> Iterator[Problem]:
        """Where the outputs of the network do not give what the task needs."""
        yield from ()

    def predictions(self, outputs: Tensor, *, loss: Loss, probabilities: bool) -> Tensor:
        """What the main output means ``(N, …)``, in float64: the outputs themselves, unless the task says otherwise.

        ``loss`` is what they are trained with; ``probabilities`` says that they have been through a softmax already.
        """
        return outputs.double()

    def averaged(self, outputs: Sequence[Tensor], *, loss: Loss, probabilities: bool) -> Tensor:
        """The output ``(N, …)`` that stands for several of the same images: their mean, unless the task says otherwise.

        ``loss`` and ``probabilities`` are what they are for `predictions`.
        """
        return sum(outputs[1:], outputs[0]) / len(outputs)

    def readings(self, prediction: NDArray[np.float64], classes: Sequence[str]) -> tuple[Reading, ...]:
        """What the prediction for one image says, what matters most first; its values, unless told otherwise."""
        return tuple(Reading(str(place), float(value)) for place, value in enumerate(prediction.flat, start=1))

    def verdict(
        self,
        prediction: NDArray[np.float64],
        target: NDArray[np.generic],
        classes: Sequence[str],
        *,
        learned: Sequence[str] | None = (),
    ) -> Verdict:
        """What the prediction for one image should have been; its target is one of ``classes``, if it is a class.

        ``learned`` are the classes that the weights were trained on, () the same; None: they are initial ones.
        """
        return Verdict(f"Target {', '.join(f'{value:.4g}' for value in target.flat)}")

    def evaluate(self, answers: Answers, recipe: Recipe) -> Evaluation:
        """How good the answers are: every metric that was measured while training."""
        metrics = self.measured(recipe)
        values = {metric.name: answers.figure(metric, recipe.loss) for metric in metrics}
        measured = tuple(metric.measured() for metric in metrics)
        return MeasuredEvaluation(answers.part, len(answers.outputs), values, measured)

    def lines(self, answers: Answers, recipe: Recipe) -> Iterator[Line]:
        """What was said of each image, a line each: the target, the prediction and the loss; titles first."""
        targets = answers.targets[answers.positions].reshape(len(answers.positions), -1)
        predictions = answers.predictions.reshape(len(answers.positions), -1)
        yield (*_numbered("true", targets.shape[1]), *_numbered("predicted", predictions.shape[1]), "loss")
        for true, predicted, loss in zip(targets, predictions, answers.losses(recipe.loss), strict=True):
            yield (*true.tolist(), *predicted.tolist(), loss)

    def _recipe_problems(self, setup: Setup) -> Iterator[Problem]:
        recipe = setup.recipe
        if recipe.loss.takes_scores:
            yield from score_problems(setup.network, recipe.loss)
        yield from loss_problems(setup.network, recipe.loss)
        if recipe.schedule.depends_on_run and setup.validates is False:
            yield nothing_validates(recipe.schedule, self.watched(recipe))
        for choice in (recipe.loss, *([recipe.watch] if recipe.watch else ())):
            if choice.targets not in ("", self.targets):
                yield _needs(choice, self.targets)
        if setup.source.targets != self.targets:
            message = f"{self.title} needs data with {self.targets}, {setup.source.spoken} has {setup.source.targets}."
            yield Problem("other_targets", Severity.ERROR, "", message)


def _numbered(title: str, count: int) -> tuple[str, ...]:
    return (title,) if count == 1 else tuple(f"{title} {number}" for number in range(1, count + 1))


def _needs(choice: Loss | Metric, given: str) -> Problem:
    message = f"{choice.title} compares with {choice.targets}, but the data have {given}."
    return Problem("other_targets", Severity.ERROR, "", message, "Choose another in the training settings.")


TASKS: Registry[Task] = Registry("tasks", one="task")
