"""How long the steps of a training really take: some of them, made on a copy that nobody keeps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

import torch

from engine.data.draws import Pass
from engine.data.loaded import TrainingBatch
from engine.data.progress import Listener, Progress, tell
from engine.errors import LayerloomError
from engine.machine.devices import torch_device
from engine.machine.generators import generators_kept
from engine.machine.turn import TURNS
from engine.project import Project
from engine.recipe.losses import fitted_loss
from engine.recipe.recipe import Recipe
from engine.runs.preparing import Prepared, prepare
from engine.training.updates import Updater

_WARM_UP = 3  # steps: the first ones load, allocate and choose algorithms
_STEPS = 20
_LEAST = 0.5  # seconds: short steps are measured more often
_MOST = 4.0  # seconds: long ones are measured less often


class MeasuredSteps(NamedTuple):
    """Mean seconds of so many steps, with the wait for their batches."""

    seconds: float
    steps: int


def measure_steps(project: Project, *, progress: Listener | None = None) -> MeasuredSteps:
    """Make some steps of a training of ``project``, from the first batches on, and forget what they came to.

    Raises `LayerloomError` where it cannot train, where another training has its turn, and where ``progress`` calls it
    off, which it can before each step.
    """
    device = torch_device(project.training)
    with generators_kept(device):
        if TURNS.training:
            raise LayerloomError("A training is going on: its own steps tell how long they take.")
        return _measured(prepare(project, progress=progress), project, device, progress)


def _measured(prepared: Prepared, project: Project, device: torch.device, progress: Listener | None) -> MeasuredSteps:
    recipe, data = project.training, prepared.data
    loss = fitted_loss(recipe.loss, data.train.targets.counts)
    metrics = [metric for metric in project.task.measured(recipe) if not metric.of_all]
    model = prepared.model.to(device)
    updater = Updater(model, recipe, device=device, heads=prepared.heads, loss=loss, metrics=metrics)
    updater.compile(data.shape)
    updater.train()
    began = time.perf_counter()
    for made, batch in enumerate(_batches(prepared, recipe, device), start=1 - _WARM_UP):
        tell(progress, Progress("Measuring steps", max(0, made - 1), _STEPS, "steps"))
        # At a rate of 0 no weight moves, so that no loss stops being a number.
        updater.update(batch.pixels, batch.targets, step=max(1, made), rate=0.0, momentum=None, meter=None)
        if made <= 0:
            began = time.perf_counter()
        passed = time.perf_counter() - began
        if (made >= _STEPS and passed >= _LEAST) or (made > 0 and passed >= _MOST):
            return MeasuredSteps(passed / made, made)
    raise LayerloomError("No batch of training images could be made.")


def _batches(prepared: Prepared, recipe: Recipe, device: torch.device) -> Iterator[TrainingBatch]:
    """Those of one epoch after another; none where an epoch has none."""
    train = prepared.data.train
    for epoch in count(1):
        made = 0
        drawn_in = Pass(recipe.seed, epoch)
        for batch in train.training_batches(recipe.images_per_step, device=device, drawn_in=drawn_in):
            made += 1
            yield batch
        if not made:
            return
