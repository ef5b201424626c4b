"""What a network says of images."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor, nn

from engine.recipe.losses import Loss
from engine.tasks.heads import Heads
from engine.tasks.task import Task


def answer(model: nn.Module, drawn: Iterable[Tensor], *, heads: Heads, task: Task, loss: Loss) -> Tensor:
    """The main output ``(N, …)`` for images that come once, or what stands for those of several draws of them."""
    outputs = [heads.main_of(model(images)) for images in drawn]
    if len(outputs) == 1:
        return outputs[0]
    return task.averaged(outputs, loss=loss, probabilities=heads.gives_probabilities(loss))
