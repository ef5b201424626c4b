"""Figures on images that do not train."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.data.loaded import Split
from engine.recipe.losses import Loss
from engine.recipe.metrics import Metric, total_of
from engine.tasks import Task
from engine.tasks.answering import answer
from engine.tasks.heads import Heads
from engine.training.control import Control
from engine.training.events import Metrics


class Validation(NamedTuple):
    """The metrics over the ``images`` of a split that could be read; None where there are none."""

    metrics: Metrics | None
    images: int


@torch.no_grad()
def measure(
    model: nn.Module,
    split: Split,
    *,
    task: Task,
    heads: Heads,
    loss: Loss,
    metrics: Sequence[Metric],
    batch_size: int,
    device: torch.device,
    seed: int,
    control: Control,
) -> Validation:
    """The metrics over a split, in evaluation mode; ``seed`` is for draws at test time. Ends early once stopped."""
    model.eval()
    totals: dict[str, Tensor] = {}
    images = 0
    for drawn, positions in split.at_test_time(batch_size, device=device, seed=seed):
        if control.stopped:
            break
        outputs = answer(model, drawn, heads=heads, task=task, loss=loss)
        targets = split.targets.batch(positions, device)
        for metric in metrics:
            total = total_of(metric, outputs, targets, loss)
            totals[metric.name] = totals[metric.name] + total if metric.name in totals else total
        images += len(targets)
    if not images:
        return Validation(None, 0)
    return Validation({metric.name: metric.of_part(totals[metric.name], images) for metric in metrics}, images)
