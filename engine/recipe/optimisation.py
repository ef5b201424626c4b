"""The torch optimiser of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from torch import Tensor, nn
from torch.optim import Optimizer

from engine.recipe.recipe import Recipe


def make_optimiser(model: nn.Module, recipe: Recipe) -> Optimizer:
    """The optimiser of ``recipe`` for every parameter of ``model`` that is not frozen."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    call = recipe.optimiser.call(weight_decay=recipe.weight_decay)
    place, _, name = call.target.rpartition(".")
    made = getattr(import_module(place), name)(parameters, lr=recipe.learning_rate, **call.keywords)
    assert isinstance(made, Optimizer)
    return made


def restore(optimiser: Optimizer, moments: Mapping[int, Mapping[str, Tensor]]) -> None:
    """Bring an optimiser into the state that a checkpoint was written with."""
    optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})


def set_learning_rate(optimiser: Optimizer, rate: float) -> None:
    """Let the next step have this learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate
