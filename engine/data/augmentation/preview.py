"""What images become, step by step, as training makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.augmentation.mixing import MixingStep
from engine.data.augmentation.mixtures import mixed, partners
from engine.data.augmentation.running import augmented, purposes, shapes_before
from engine.data.augmentation.step import Step
from engine.data.draws import Draws, Pass
from engine.data.loaded import Split
from engine.data.resizing import resize

Values = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True, eq=False)
class Stage:
    """Images after a step, float32 ``(N, C, H, W)`` from 0 to 255; ``step`` is None for what they are before all.

    ``values`` are what the step drew for each, ``takes_part`` says for which of them it did anything.
    """

    step: Step | None
    pixels: NDArray[np.float32]
    takes_part: NDArray[np.bool_]
    values: Values


def stages(split: Split, positions: NDArray[np.int64], drawn_in: Pass) -> list[Stage]:
    """What the images at some positions of a part become in a pass of training, after each step that is on.

    Mixing comes last. The last stage is, bit for bit, what is normalised then. Each is made from the beginning, as
    steps in a row that move pixels take samples together.
    """
    preview = _Preview(split, drawn_in, positions)
    steps = split.pipeline.steps
    acting = [(place, step, of) for place, (step, of) in enumerate(zip(steps, purposes(steps), strict=True)) if step.on]
    own = [preview.after(*one) for one in acting if not isinstance(one[1], MixingStep)]
    mixing = [preview.mixed(*one) for one in acting if isinstance(one[1], MixingStep)]
    return [preview.before(), *own, *mixing]


class _Preview:
    def __init__(self, split: Split, drawn_in: Pass, positions: NDArray[np.int64]) -> None:
        indices = split.indices[positions]
        self.split, self.steps, self.positions = split, split.pipeline.steps, positions
        self.draws = Draws.of(drawn_in, indices, np.zeros_like(indices))
        self.sample = split.sample(drawn_in)
        self.shapes = shapes_before(self.steps, split.pipeline.shape)

    def before(self) -> Stage:
        """The images as they are kept."""
        return Stage(None, self._stored(self.positions).numpy(), np.ones(len(self.positions), bool), {})

    def after(self, place: int, step: Step, purpose: str) -> Stage:
        """The images after a step that changes each by itself."""
        pixels = self._augmented(self.positions, self.draws, count=place + 1)
        return Stage(step, pixels.numpy(), *self._drawn(step, purpose))

    def mixed(self, place: int, step: Step, purpose: str) -> Stage:
        """The images after a step that mixes; its values name each one's partner by its position."""
        others = partners(self.steps[: place + 1], self.draws, self.sample)
        lanes = [(self.positions, self.draws), *others]
        images = [self._augmented(found, draws, count=len(self.steps)) for found, draws in lanes]
        targets = [torch.zeros(len(self.positions))] * len(images)
        pixels, _ = mixed(self.steps[: place + 1], images, targets, self.draws)
        takes_part, values = self._drawn(step, purpose)
        return Stage(step, pixels.numpy(), takes_part, {**values, "partner": others[-1][0]})

    def _augmented(self, positions: NDArray[np.int64], draws: Draws, *, count: int) -> Tensor:
        pixels, shape = self._stored(positions), self.shapes[count]
        return resize(augmented(self.steps[:count], pixels, torch.zeros(len(pixels)), draws, shape=shape)[0], shape)

    def _stored(self, positions: NDArray[np.int64]) -> Tensor:
        return self.split.stored.read(torch.from_numpy(self.split.indices[positions])).float()

    def _drawn(self, step: Step, purpose: str) -> tuple[NDArray[np.bool_], Values]:
        drawn = self.draws.for_(purpose)
        takes_part = drawn.uniform() < step.probability
        return takes_part, step.draw(drawn)
