"""Telling classes apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from engine.network import Problem
from engine.recipe.loss import LOSSES, Loss
from engine.recipe.metrics import Accuracy, LossValue
from engine.recipe.recipe import Recipe
from engine.tasks.class_problems import class_problems
from engine.tasks.evaluation import Evaluation
from engine.tasks.setup import Setup
from engine.tasks.task import TASKS, Answers, Line, Reading, Task, Verdict
from engine.words import thousands

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor


@TASKS.register
class Classification(Task):
    """Telling which of several classes an image shows."""

    name: ClassVar = "classification"
    title: ClassVar = "Classification"
    targets: ClassVar = "classes"
    metrics: ClassVar = (Accuracy,)
    reading_keys: ClassVar = ("class", "probability")

    def misfits(self, setup: Setup) -> Iterator[Problem]:
        return class_problems(setup.analysis, setup.classes, data=setup.source.spoken, loss=setup.recipe.loss)

    def predictions(self, outputs: Tensor, *, loss: Loss, probabilities: bool) -> Tensor:
        """How likely each class is ``(N, classes)``, as the loss takes the outputs."""
        with LOSSES.blaming(loss):
            return loss.probabilities(outputs.double(), given=probabilities)

    def averaged(self, outputs: Sequence[Tensor], *, loss: Loss, probabilities: bool) -> Tensor:
        with LOSSES.blaming(loss):
            return loss.averaged(outputs, given=probabilities)

    def readings(self, prediction: NDArray[np.float64], classes: Sequence[str]) -> tuple[Reading, ...]:
        """Every class with its probability, the likeliest first; those without a name go by their number."""
        values = prediction.ravel()
        order = (-values).argsort(kind="stable")
        return tuple(Reading(_name(classes, index), float(values[index]), is_share=True) for index in order)

    def verdict(
        self,
        prediction: NDArray[np.float64],
        target: NDArray[np.generic],
        classes: Sequence[str],
        *,
        learned: Sequence[str] | None = (),
    ) -> Verdict:
        place = int(target.item())
        classes = classes if place < len(classes) else ()  # an image of other data has a class that these lack
        true = f"True class {_name(classes, place)}"
        if learned is None:
            return Verdict(f"{true}; the network is untrained")
        known = learned or classes
        if (classes and classes[place] not in known) or (known and len(known) != prediction.size):
            others = f"{thousands(prediction.size)} others apart" if prediction.size > 1 else "one other"
            return Verdict(f"{true}, which the network does not know: it tells {others}")
        right = int(prediction.argmax()) == (known.index(classes[place]) if classes else place)
        return Verdict(f"{true}: {'correct' if right else 'wrong'}", right)

    def evaluate(self, answers: Answers, recipe: Recipe) -> Evaluation:
        from engine.tasks.class_evaluation import summarise

        return summarise(
            answers.part,
            answers.classes,
            probabilities=answers.predictions,
            labels=answers.targets.astype("int64"),
            positions=answers.positions,
            loss=answers.figure(LossValue(), recipe.loss),
            minimised=recipe.loss.title,
        )

    def lines(self, answers: Answers, recipe: Recipe) -> Iterator[Line]:
        """The true class, the likeliest one with its probability, the loss, and the probability of every class."""
        count = answers.predictions.shape[1]
        yield ("true", "predicted", "confidence", "loss", *(_name(answers.classes, index) for index in range(count)))
        labels = answers.targets[answers.positions].tolist()
        for label, values, loss in zip(labels, answers.predictions, answers.losses(recipe.loss), strict=True):
            likeliest = int(values.argmax())
            names = _name(answers.classes, label), _name(answers.classes, likeliest)
            yield (*names, float(values[likeliest]), loss, *values.tolist())


def _name(classes: Sequence[str], index: int) -> str:
    return classes[index] if index < len(classes) else str(index)
