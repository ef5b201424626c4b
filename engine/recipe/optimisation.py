"""The torch optimiser of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.recipe import Recipe


def make_optimiser(model: nn.Module, recipe: Recipe) -> Optimizer:
    """The optimiser of ``recipe`` for every parameter of ``model`` that is not frozen."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    with OPTIMISERS.blaming(recipe.optimiser):
        call = recipe.optimiser.call(weight_decay=recipe.weight_decay)
        place, _, name = call.target.rpartition(".")
        made = getattr(import_module(place), name)(parameters, lr=recipe.learning_rate, **call.keywords)
        assert isinstance(made, Optimizer)
    return made


def fitting_moments(
    moments: Mapping[int, Mapping[str, Tensor]], model: nn.Module, recipe: Recipe
) -> Mapping[int, Mapping[str, Tensor]]:
    """The state to go on with: ``moments``, or none where an optimiser that keeps other things left them.

    Raises ``ValueError`` where they are as the optimiser of ``recipe`` names them, but not for these parameters.
    """
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    wanted = {index: _shapes(_kept_of(parameter, recipe)) for index, parameter in enumerate(parameters)}
    found = {index: _shapes(entry) for index, entry in moments.items()}
    if _names(found) != _names(wanted):
        return {}
    if any(entry != wanted.get(index) for index, entry in found.items()):
        raise ValueError("the optimiser's state fits no parameter")
    return moments


def restore(optimiser: Optimizer, moments: Mapping[int, Mapping[str, Tensor]]) -> None:
    """Bring an optimiser into the state that a checkpoint was written with."""
    optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})


def _kept_of(parameter: nn.Parameter, recipe: Recipe) -> dict[str, Tensor]:
    """What the optimiser of ``recipe`` has kept of such a parameter after a step."""
    trial = nn.ParameterList([torch.zeros(parameter.shape)])
    trial[0].grad = torch.zeros(parameter.shape)
    optimiser = make_optimiser(trial, recipe)
    optimiser.step()
    return {name: value for name, value in optimiser.state[trial[0]].items() if isinstance(value, Tensor)}


def _shapes(entry: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in entry.items()}


def _names(shapes: Mapping[int, Mapping[str, torch.Size]]) -> set[str]:
    return {name for entry in shapes.values() for name in entry}


def set_learning_rate(optimiser: Optimizer, rate: float) -> None:
    """Let the next step have this learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate
