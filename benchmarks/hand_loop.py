"""The loop that people write by hand, as plain as it gets, which training is held against."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional


def train_epoch(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    batches: Iterable[Tensor],
    rates: Iterable[float],
    *,
    pixels: Tensor,
    labels: Tensor,
    mean: Tensor,
    std: Tensor,
) -> tuple[float, float]:
    """One epoch over uint8 ``pixels`` ``(N, C, H, W)``; the mean loss and the accuracy.

    ``batches`` are indices, ``rates`` the learning rate of each; ``mean`` and ``std`` are those of pixels.
    """
    model.train()
    total, correct, images = 0.0, 0, 0
    for batch, rate in zip(batches, rates, strict=True):
        inputs, targets = (pixels[batch].float() - mean) / std, labels[batch]
        for group in optimiser.param_groups:
            group["lr"] = rate
        outputs = model(inputs)
        loss = functional.cross_entropy(outputs, targets)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        total += loss.item() * len(batch)
        correct += int((outputs.argmax(dim=1) == targets).sum().item())
        images += len(batch)
    return total / images, correct / images


@torch.no_grad()
def validate(
    model: nn.Module, batches: Iterable[Tensor], *, pixels: Tensor, labels: Tensor, mean: Tensor, std: Tensor
) -> tuple[float, float]:
    """The mean loss and the accuracy over uint8 ``pixels``."""
    model.eval()
    total, correct, images = 0.0, 0, 0
    for batch in batches:
        inputs, targets = (pixels[batch].float() - mean) / std, labels[batch]
        outputs = model(inputs)
        total += functional.cross_entropy(outputs, targets).item() * len(batch)
        correct += int((outputs.argmax(dim=1) == targets).sum().item())
        images += len(batch)
    return total / images, correct / images
