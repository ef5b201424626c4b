"""A training step of the compiled ResNet-18 against torchvision's own module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from benchmarks.timing import compared
from engine.compiling import compile_network
from engine.torchvision_compat import torchvision
from templates import build

BATCH, SIZE, CLASSES, ROUNDS = 8, 96, 1000, 21


def run() -> dict[str, Any]:
    """``ratio`` is torchvision's time over ours: 1 is equally fast, more is faster than torchvision.

    One thread, and only the time it is busy: what else runs on the machine does not count. How exact that is tells
    ``torchvision_ratio``, the same figure for a second copy of torchvision's module in place of ours.
    """
    torch.set_num_threads(1)
    ours = compile_network(build("resnet", depth=18), seed=0, reuse_memory=True)
    theirs, again = (torchvision().models.resnet18(num_classes=CLASSES) for _ in range(2))
    for module in (theirs, again):
        module.load_state_dict(ours.state_dict())
    step, our_step, same_step = (_training_step(module) for module in (theirs, ours, again))
    for first in (step, our_step, same_step):
        first()  # allocates
    torchvision_s, compiled_s, ratio = compared(step, our_step, rounds=ROUNDS)
    return {
        "ratio": round(ratio, 3),
        "target": 0.98,
        "torchvision_ratio": round(compared(step, same_step, rounds=ROUNDS)[2], 3),
        "compiled_ms": round(1000 * compiled_s, 1),
        "torchvision_ms": round(1000 * torchvision_s, 1),
        "batch": [BATCH, 3, SIZE, SIZE],
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
    }


def _training_step(module: nn.Module) -> Callable[[], None]:
    """One update by SGD on a batch of noise."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(BATCH, 3, SIZE, SIZE, generator=generator)
    labels = torch.randint(CLASSES, (BATCH,), generator=generator)
    optimiser = torch.optim.SGD(module.parameters(), lr=0.01, momentum=0.9)

    def step() -> None:
        optimiser.zero_grad()
        torch.autograd.backward(nn.functional.cross_entropy(module(images), labels))
        optimiser.step()

    return step
