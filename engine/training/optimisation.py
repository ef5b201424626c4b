"""What turns gradients into steps."""

from __future__ import annotations

from torch import nn
from torch.optim import SGD, AdamW, Optimizer

from engine.training.settings import Optimiser, TrainingSettings


def make_optimiser(model: nn.Module, settings: TrainingSettings) -> Optimizer:
    """The optimiser of ``settings`` for every parameter of ``model`` that is not frozen."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    rate, decay = settings.learning_rate, settings.weight_decay
    match settings.optimiser:
        case Optimiser.SGD:
            return SGD(parameters, lr=rate, momentum=settings.momentum, weight_decay=decay, foreach=True)
        case Optimiser.ADAMW:
            return AdamW(parameters, lr=rate, weight_decay=decay, foreach=True)


def set_learning_rate(optimiser: Optimizer, rate: float) -> None:
    """Let the next step have this learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate
