"""The torch optimiser of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.recipe import LeftOut, Recipe

Moments = Mapping[int, Mapping[str, Tensor]]
"""What an optimiser keeps of each parameter that learns, by its place among them."""


def learning(model: nn.Module) -> list[nn.Parameter]:
    """The parameters that are not frozen."""
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def decaying(model: nn.Module, recipe: Recipe) -> list[nn.Parameter]:
    """Those of them that weight decay and penalties are for."""
    if recipe.decay_leaves_out is LeftOut.NOTHING:
        return learning(model)
    spared = {
        id(parameter)
        for module in model.modules()
        for name, parameter in module.named_parameters(recurse=False)
        if parameter.ndim < 2 or name == "bias" or isinstance(module, nn.LayerNorm)
    }
    return [parameter for parameter in learning(model) if id(parameter) not in spared]


def make_optimiser(model: nn.Module, recipe: Recipe) -> Optimizer:
    """The optimiser of ``recipe`` for every parameter of ``model`` that is not frozen."""
    with OPTIMISERS.blaming(recipe.optimiser):
        call = recipe.optimiser.call(weight_decay=recipe.weight_decay)
        place, _, name = call.target.rpartition(".")
        made = getattr(import_module(place), name)(_groups(model, recipe), lr=recipe.learning_rate, **call.keywords)
        assert isinstance(made, Optimizer)
    return made


def _groups(model: nn.Module, recipe: Recipe) -> list[dict[str, Any]]:
    """The parameters, those apart that shall not decay where others do."""
    every = learning(model)
    if not recipe.weight_decay:
        return [{"params": every}]
    decayed = decaying(model, recipe)
    chosen = {id(parameter) for parameter in decayed}
    spared = [parameter for parameter in every if id(parameter) not in chosen]
    groups: list[dict[str, Any]] = [{"params": decayed}, {"params": spared, "weight_decay": 0.0}]
    return [group for group in groups if group["params"]] or [{"params": every}]


def fitting_moments(moments: Moments, model: nn.Module, recipe: Recipe) -> Moments:
    """The state to go on with: ``moments``, or none where an optimiser that keeps other things left them.

    Raises ``ValueError`` where they are as the optimiser of ``recipe`` names them, but not for these parameters.
    """
    wanted = {index: _shapes(_kept_of(parameter, recipe)) for index, parameter in enumerate(learning(model))}
    found = {index: _shapes(entry) for index, entry in moments.items()}
    if _names(found) != _names(wanted):
        return {}
    if any(entry != wanted.get(index) for index, entry in found.items()):
        raise ValueError("the optimiser's state fits no parameter")
    return moments


def moments_of(optimiser: Optimizer, model: nn.Module) -> Moments:
    """What an optimiser of ``model`` keeps of each parameter."""
    kept = [optimiser.state.get(parameter, {}) for parameter in learning(model)]
    return {
        index: {name: value for name, value in entry.items() if isinstance(value, Tensor)}
        for index, entry in enumerate(kept)
        if entry
    }


def restore(optimiser: Optimizer, model: nn.Module, moments: Moments) -> None:
    """Bring an optimiser into the state that a checkpoint was written with."""
    place = {id(parameter): index for index, parameter in enumerate(learning(model))}
    ordered = [place[id(parameter)] for group in optimiser.param_groups for parameter in group["params"]]
    state = {number: moments[index] for number, index in enumerate(ordered) if index in moments}
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})


def load() -> None:
    """Have torch load what the first update needs beside torch itself, which takes it a second."""
    _kept_of(nn.Parameter(torch.zeros(1)), Recipe())


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


def set_rates(optimiser: Optimizer, rate: float, *, momentum: float | None = None) -> None:
    """Let the next step have this learning rate and, where it has any and one is given, this momentum or first beta."""
    for group in optimiser.param_groups:
        group["lr"] = rate
        if momentum is None:
            continue
        if "betas" in group:
            group["betas"] = (momentum, *group["betas"][1:])
        elif optimiser.defaults.get("momentum"):  # that of a group may have been cycled to 0
            group["momentum"] = momentum
