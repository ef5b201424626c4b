"""How long steps take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from time import perf_counter

import torch
from torch import Tensor

from engine.data.augmentation.geometry import GeometricStep
from engine.data.augmentation.mixing import MixingStep
from engine.data.augmentation.running import after_each, augmented
from engine.data.augmentation.step import Step
from engine.data.disk_images import DiskImages
from engine.data.draws import Draws, Pass, repetitions
from engine.data.loaded import Split
from engine.data.resizing import resize

_TIMES = 5


def seconds_a_batch(train: Split, batch_size: int, drawn_in: Pass) -> float:
    """What the steps add to the making of a batch, in seconds on the CPU; mixing is left out.

    It is the least that a few batches of the same images took, as whatever else goes on only adds to it, less the least
    that resizing them takes without steps.
    """
    pixels, draws = _first_batch(train, batch_size, drawn_in)
    shape, steps = train.pipeline.shape, train.pipeline.steps
    targets = torch.zeros(len(pixels))
    with_steps, without = [], []
    for _ in range(_TIMES):
        start = perf_counter()
        resize(augmented(steps, pixels.float(), targets, draws, shape=shape)[0], shape)
        between = perf_counter()
        resize(pixels.float(), shape)
        with_steps.append(between - start)
        without.append(perf_counter() - between)
    return max(min(with_steps) - min(without), 0.0)


def slowest(
    train: Split, batch_size: int, drawn_in: Pass, *, device: torch.device
) -> tuple[tuple[str, ...], float] | None:
    """What takes longest in the making of a batch on ``device``: a step, by its name, or several, and its seconds.

    Steps in a row that move pixels do so together. No name stands for reading the images, where they are read from
    files. None where there is nothing of both; mixing is left out.
    """
    rows = [tuple(step.name for step in row) for row in _together(train.pipeline.steps)]
    from_files = isinstance(train.stored, DiskImages)
    if not (rows or from_files):
        return None
    start = perf_counter()
    pixels, draws = _first_batch(train, batch_size, drawn_in)
    found: list[tuple[tuple[str, ...], float]] = [((), perf_counter() - start)] if from_files else []
    times = [list(_times(train, pixels.to(device).float(), draws)) for _ in range(_TIMES)]
    found += zip(rows, map(min, zip(*times, strict=True)), strict=True)
    return max(found, key=lambda one: one[1])


def _together(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """The steps that are on as `after_each` takes them."""
    acting = [step for step in steps if step.on and not isinstance(step, MixingStep)]
    for moves, group in groupby(acting, lambda step: isinstance(step, GeometricStep)):
        row = list(group)
        yield from [row] if moves else ([step] for step in row)


def _times(train: Split, pixels: Tensor, draws: Draws) -> Iterator[float]:
    """The seconds that each of them takes."""
    targets = torch.zeros(len(pixels), device=pixels.device)
    start = perf_counter()
    for _ in after_each(train.pipeline.steps, pixels, targets, draws, shape=train.pipeline.shape, alone=False):
        if pixels.is_cuda:
            torch.cuda.synchronize(pixels.device)
        yield perf_counter() - start
        start = perf_counter()


def _first_batch(train: Split, batch_size: int, drawn_in: Pass) -> tuple[Tensor, Draws]:
    """Some training images as they are kept, and what they draw."""
    positions = torch.arange(min(batch_size, len(train)))
    indices = train.indices[positions.numpy()]
    draws = Draws.of(drawn_in, indices, repetitions(positions.numpy()))
    return train.stored.read(torch.from_numpy(indices)), draws
