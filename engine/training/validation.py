"""Loss and accuracy on images that do not train."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from engine.data.loaded import Split
from engine.tasks.heads import Heads
from engine.training.control import Control
from engine.training.events import Metrics


@torch.no_grad()
def measure(
    model: nn.Module, split: Split, *, heads: Heads, batch_size: int, device: torch.device, control: Control
) -> Metrics | None:
    """Mean loss and accuracy over a split, in evaluation mode; None if it is empty. Ends early once stopped."""
    model.eval()
    loss = torch.zeros((), device=device)
    correct = torch.zeros((), device=device, dtype=torch.int64)
    images = 0
    for pixels, labels in split.batches(batch_size, device=device):
        if control.stopped:
            break
        scores = heads.scores(model(pixels))
        loss += functional.cross_entropy(scores, labels, reduction="sum")
        correct += (scores.argmax(dim=1) == labels).sum()
        images += len(labels)
    return Metrics(loss.item() / images, correct.item() / images) if images else None
