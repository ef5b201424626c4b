"""How the network runs in training and validation: its number format, its memory layout, compiled or as it is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, cast

import torch
from torch import Tensor, nn

from engine.layers.shape import Shape
from engine.machine.devices import half_precision
from engine.recipe.recipe import Recipe
from engine.tasks.heads import Outputs


def runnable(model: nn.Module, recipe: Recipe, device: torch.device) -> nn.Module:
    """``model`` as the recipe has it run; outputs are float32 whatever is reckoned in. It is itself where all is plain.

    Brings the weights themselves into the memory layout that is asked for.
    """
    half = half_precision(recipe)
    if half is None and not recipe.channels_last:
        return model
    if recipe.channels_last:
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch knows it, its types do not
    return _Runnable(model, device, half, channels_last=recipe.channels_last)


class _Runnable(nn.Module):
    """A network with another number format or memory layout within than without."""

    def __init__(
        self, model: nn.Module, device: torch.device, half: torch.dtype | None, *, channels_last: bool
    ) -> None:
        super().__init__()
        self.model = model
        self._device, self._half = device, half
        self._layout = torch.channels_last if channels_last else torch.preserve_format

    def forward(self, images: Tensor) -> Outputs:
        """What the network gives, as float32."""
        with self._mixed():
            outputs = self.model(images.to(memory_format=self._layout))
        if isinstance(outputs, Mapping):
            return {name: given.float() for name, given in outputs.items()}
        given: Tensor = outputs.float()
        return given

    def _mixed(self) -> AbstractContextManager[Any]:
        return torch.autocast(self._device.type, self._half) if self._half else nullcontext()


def compiled(model: nn.Module, shape: Shape, recipe: Recipe, device: torch.device) -> tuple[nn.Module, str]:
    """``model`` by ``torch.compile``, tried forwards and backwards on one batch; or itself, and why, in a sentence.

    The trial leaves weights and running averages as they were.
    """
    before = {name: value.clone() for name, value in model.state_dict().items()}
    try:
        made = cast(nn.Module, torch.compile(model))
        images = torch.zeros(recipe.batch_size, *shape, device=device)
        torch.autograd.backward(_sum(made.train()(images)))
    except Exception as error:  # noqa: BLE001 - compilers fail in many ways, and the network runs without one
        made, why = model, _why(error)
    else:
        why = ""
    finally:
        model.load_state_dict(before)
        model.zero_grad()
    return made, why


def _sum(outputs: Outputs) -> Tensor:
    parts = outputs.values() if isinstance(outputs, Mapping) else [outputs]
    return torch.stack([part.sum() for part in parts]).sum()


def _why(error: Exception) -> str:
    first = str(error).strip().partition("\n")[0].rstrip(".")
    return f"torch.compile does not work here, so training goes on without it: {first or type(error).__name__}."
