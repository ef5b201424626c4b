"""Telling classes apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from engine.network import Problem
from engine.recipe.metrics import Accuracy
from engine.recipe.recipe import Recipe
from engine.tasks.class_problems import class_problems
from engine.tasks.evaluation import Evaluation
from engine.tasks.setup import Setup
from engine.tasks.task import TASKS, Answers, Task

if TYPE_CHECKING:
    from torch import Tensor


@TASKS.register
class Classification(Task):
    """Telling which of several classes an image shows."""

    name: ClassVar = "classification"
    title: ClassVar = "Classification"
    targets: ClassVar = "classes"
    metrics: ClassVar = (Accuracy,)

    def misfits(self, setup: Setup) -> Iterator[Problem]:
        return class_problems(setup.analysis, setup.classes, data=setup.source.spoken)

    def predictions(self, outputs: Tensor) -> Tensor:
        return outputs.double().softmax(dim=1)

    def evaluate(self, answers: Answers, recipe: Recipe) -> Evaluation:
        from engine.tasks.class_evaluation import summarise

        return summarise(
            answers.part,
            answers.classes,
            probabilities=answers.predictions,
            labels=answers.targets.astype("int64"),
            positions=answers.positions,
        )
