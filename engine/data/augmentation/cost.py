"""How long steps take."""

from __future__ import annotations

from time import perf_counter

import torch

from engine.data.augmentation.running import augmented
from engine.data.draws import Draws, Pass, repetitions
from engine.data.loaded import Split
from engine.data.resizing import resize

_TIMES = 5


def seconds_a_batch(train: Split, batch_size: int, drawn_in: Pass) -> float:
    """What the steps add to the making of a batch, in seconds on the CPU; mixing is left out.

    It is the least that a few batches of the same images took, as whatever else goes on only adds to it, less the least
    that resizing them takes without steps.
    """
    positions = torch.arange(min(batch_size, len(train)))
    pixels = train.stored.read(torch.from_numpy(train.indices)[positions])
    shape, steps = train.pipeline.shape, train.pipeline.steps
    draws = Draws.of(drawn_in, train.indices[positions.numpy()], repetitions(positions.numpy()))
    targets = torch.zeros(len(positions))
    with_steps, without = [], []
    for _ in range(_TIMES):
        start = perf_counter()
        resize(augmented(steps, pixels.float(), targets, draws, shape=shape)[0], shape)
        between = perf_counter()
        resize(pixels.float(), shape)
        with_steps.append(between - start)
        without.append(perf_counter() - between)
    return max(min(with_steps) - min(without), 0.0)
