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
    """What stopped being a number, as a sentence begins: "Loss" of ``value`` "at epoch 1, batch 3".

    ``updates`` counts those that the optimiser had made by then.
    """

    what: str
    value: float
    where: str
    updates: int


def explain_not_finite(
    model: nn.Module, images: Tensor | None, *, found: NotFinite, recipe: Recipe, running: nn.Module | None = None
) -> Failed:
    """Say what became NaN or infinite, where first, and what to do about it.

    ``model`` must be as it was when it gave that value for ``images``, run by ``running`` where that is another module;
    without images weights alone are looked at.
    """
    node = first_bad_weight(model) or ("" if images is None else _first_bad_output(model, images, running or model))
    value = "NaN" if math.isnan(found.value) else "infinite"
    first = f", first in {path_text(node)}" if node else ""
    cause, hint, changes = _cause(found, recipe)
    return Failed(
        "not_finite",
        f"{found.what} became {value} {found.where}{first}. {cause}",
        hint=hint,
        node=node,
        changes=changes,
    )


def _cause(found: NotFinite, recipe: Recipe) -> tuple[str, str, dict[str, float]]:
    rate = recipe.learning_rate_at(found.updates + 1)
    if not found.updates:
        return (
            "It came before the first update, so the network itself gives it.",
            "Check the settings of that layer.",
            {},
        )
    usual = recipe.usual_rate
    lower = float(f"{min(rate / 10, usual):.1g}")
    likely = "the likely" if rate > usual else "a possible"
    return f"The learning rate {rate:g} is {likely} cause.", f"Try {lower:g} in a new run.", {"learning_rate": lower}


def first_bad_weight(model: nn.Module) -> str:
    """The node where the update before went wrong, "" if all parameters and running averages are finite.

    Gradients flow backwards and spoil every layer before, so it is the last node with a spoilt parameter; values flow
    forwards, so it is the first one with a spoilt average.
    """
    parameters, averages = (
        [name.rpartition(".")[0] for name, value in values if not _is_finite(value)]
        for values in (model.named_parameters(), model.named_buffers())
    )
    return next(iter([*parameters[-1:], *averages]), "")


def _is_finite(values: Tensor) -> bool:
    """Whether all are; their sum is found ten times as fast, and is finite only then, but for an overflow."""
    return bool(values.sum().isfinite()) or bool(values.isfinite().all())


def _first_bad_output(model: nn.Module, images: Tensor, running: nn.Module) -> str:
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
            running(images)
    finally:
        for hook in hooks:
            hook.remove()
    return found[0] if found else ""
