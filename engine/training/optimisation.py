"""What turns gradients into steps, and how long the steps are."""

from __future__ import annotations

import math

from torch import nn
from torch.optim import SGD, AdamW, Optimizer

from engine.training.settings import Optimiser, Schedule, TrainingSettings


def make_optimiser(model: nn.Module, settings: TrainingSettings) -> Optimizer:
    """The optimiser of ``settings`` for every parameter of ``model`` that is not frozen."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    rate, decay = settings.learning_rate, settings.weight_decay
    match settings.optimiser:
        case Optimiser.SGD:
            return SGD(parameters, lr=rate, momentum=settings.momentum, weight_decay=decay, foreach=True)
        case Optimiser.ADAMW:
            return AdamW(parameters, lr=rate, weight_decay=decay, foreach=True)


def learning_rate(settings: TrainingSettings, step: int, steps: int) -> float:
    """Learning rate of ``step``, 1 to ``steps``.

    Cosine: η/2·(1 + cos(π·(t − 1)/T)) (Loshchilov & Hutter 2017, eq. 5, without restarts).
    """
    if settings.schedule is Schedule.CONSTANT:
        return settings.learning_rate
    return settings.learning_rate / 2 * (1 + math.cos(math.pi * (step - 1) / steps))


def set_learning_rate(optimiser: Optimizer, rate: float) -> None:
    """Let the next step have this learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate
