"""Why a loss is not finite, and which layer is the first to blame."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.recipe.recipe import Recipe
from engine.training.events import Failed
from engine.words import path_text


@dataclass(frozen=True, slots=True)
class NotFinite:
    """Where a loss stopped being a number: the batch, and the loss itself."""

    epoch: int
    batch: int
    step: int
    loss: float


def explain_not_finite(model: nn.Module, images: Tensor, *, found: NotFinite, recipe: Recipe) -> Failed:
    """Say what became NaN or infinite, where first, and what to do about it.

    ``model`` must be as it was when it gave that loss for ``images``.
    """
    node = _first_bad_parameter(model) or _first_bad_output(model, images)
    value = "NaN" if math.isnan(found.loss) else "infinite"
    where = f", first in {path_text(node)}" if node else ""
    cause, hint, changes = _cause(found, recipe)
    return Failed(
        "not_finite",
        f"Loss became {value} at epoch {found.epoch}, batch {found.batch}{where}. {cause}",
        hint=hint,
        node=node,
        changes=changes,
    )


def _cause(found: NotFinite, recipe: Recipe) -> tuple[str, str, dict[str, float]]:
    rate = recipe.learning_rate
    if found.step == 1:
        return (
            "It came before the first update, so the network itself gives it.",
            "Check the settings of that layer.",
            {},
        )
    usual = recipe.optimiser.usual_rate
    lower = float(f"{min(rate / 10, usual):.1g}")
    likely = "the likely" if rate > usual else "a possible"
    return f"The learning rate {rate:g} is {likely} cause.", f"Try {lower:g} in a new run.", {"learning_rate": lower}


def _first_bad_parameter(model: nn.Module) -> str:
    """The node where the gradients of the update before went wrong, "" if all parameters are finite.

    Gradients flow backwards and spoil every layer before, so it is the last node with a spoilt parameter.
    """
    bad = [name.rpartition(".")[0] for name, value in model.named_parameters() if not bool(value.isfinite().all())]
    return bad[-1] if bad else ""


def _first_bad_output(model: nn.Module, images: Tensor) -> str:
    """The first node, in the order they run, whose output holds NaN or infinity; "" if none does."""
    found: list[str] = []

    def look(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def hook(_: nn.Module, __: tuple[Tensor, ...], output: Tensor) -> None:
            if not found and not bool(output.isfinite().all()):
                found.append(name)

        return hook

    leaves = [(name, module) for name, module in model.named_modules() if not list(module.children())]
    hooks = [module.register_forward_hook(look(name)) for name, module in leaves]
    try:
        with torch.no_grad():
            model(images)
    finally:
        for hook in hooks:
            hook.remove()
    return found[0] if found else ""
