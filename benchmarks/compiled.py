"""A training step of the compiled ResNet-18 against torchvision's own module."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

import torch
from torch import nn

from benchmarks.timing import compared
from engine.compiling import compile_network
from engine.torchvision_compat import torchvision
from templates import build

BATCH, SIZE, CLASSES, BUILDS, ROUNDS = 8, 96, 1000, 7, 5


def run() -> dict[str, Any]:
    """``ratio`` is torchvision's time over ours: 1 is equally fast, more is faster than torchvision.

    One thread, and only the time it is busy: what else runs on the machine does not count. Where the memory of a
    module lies decides some per cent of its speed, so the modules are built anew several times and the medians of
    all builds are given. How exact that is tells ``torchvision_ratio``: torchvision's module against itself.
    """
    torch.set_num_threads(1)
    torchvision_s, compiled_s, ratio = _compared(_theirs, _ours)
    return {
        "ratio": round(ratio, 3),
        "target": 0.98,
        "torchvision_ratio": round(_compared(_theirs, _theirs)[2], 3),
        "compiled_ms": round(1000 * compiled_s, 1),
        "torchvision_ms": round(1000 * torchvision_s, 1),
        "batch": [BATCH, 3, SIZE, SIZE],
        "builds": BUILDS,
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
    }


def _ours() -> nn.Module:
    return compile_network(build("resnet", depth=18), seed=0, reuse_memory=True)


def _theirs() -> nn.Module:
    module: nn.Module = torchvision().models.resnet18(num_classes=CLASSES)
    return module


def _compared(first: Callable[[], nn.Module], second: Callable[[], nn.Module]) -> tuple[float, ...]:
    """Seconds of a step of each, and first / second: medians over the builds."""
    return tuple(map(median, zip(*(_measured(first, second, turned=bool(i % 2)) for i in range(BUILDS)), strict=True)))


def _measured(first: Callable[[], nn.Module], second: Callable[[], nn.Module], *, turned: bool) -> tuple[float, ...]:
    """One build of both, with equal weights, the second built first if ``turned``."""
    modules = [make() for make in ((second, first) if turned else (first, second))]
    modules[1].load_state_dict(modules[0].state_dict())
    steps = [_training_step(module) for module in modules]
    for step in steps:
        step()  # allocates
    return compared(*(reversed(steps) if turned else steps), rounds=ROUNDS)


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
