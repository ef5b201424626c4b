"""What turns gradients into steps."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn
from torch.optim import SGD, AdamW, Optimizer

from engine.recipe.recipe import Optimiser, TrainingSettings


def make_optimiser(model: nn.Module, settings: TrainingSettings) -> Optimizer:
    """The optimiser of ``settings`` for every parameter of ``model`` that is not frozen."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    rate, decay = settings.learning_rate, settings.weight_decay
    match settings.optimiser:
        case Optimiser.SGD:
            return SGD(parameters, lr=rate, momentum=settings.momentum, weight_decay=decay, foreach=True)
        case Optimiser.ADAMW:
            return AdamW(parameters, lr=rate, weight_decay=decay, foreach=True)


def restore(optimiser: Optimizer, moments: Mapping[int, Mapping[str, Tensor]]) -> None:
    """Bring an optimiser into the state that a checkpoint was written with."""
    optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})


def set_learning_rate(optimiser: Optimizer, rate: float) -> None:
    """Let the next step have this learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate
