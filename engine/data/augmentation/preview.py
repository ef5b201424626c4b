"""What images become, step by step, as training makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.augmentation.mixing import MixingStep
from engine.data.augmentation.mixtures import mixed, partners
from engine.data.augmentation.running import after_each, augmented, purposes, shapes_before
from engine.data.augmentation.step import Step
from engine.data.draws import Draws, Pass
from engine.data.loaded import Split
from engine.data.resizing import resize

Values = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True, eq=False)
class Stage:
    """Images after a step, float32 ``(N, C, H, W)`` from 0 to 255; ``step`` is None for what they are before all.

    ``values`` are what the step drew for each, ``takes_part`` says for which of them it did anything, ``place`` is the
    step's among all.
    """

    step: Step | None
    pixels: NDArray[np.float32]
    takes_part: NDArray[np.bool_]
    values: Values
    place: int | None = None

    @property
    def partners(self) -> NDArray[np.int64] | None:
        """The positions of the images with which a step mixed them; None for one that does not mix."""
        found = self.values.get("partner")
        return None if found is None else found.astype(np.int64)


def stages(split: Split, positions: NDArray[np.int64], drawn_in: Pass) -> list[Stage]:
    """What the images at some positions of a part become in a pass of training, after each step that is on.

    Mixing comes last. The last stage is, bit for bit, what is normalised then. Steps in a row that move pixels take
    samples together: each of those is made from what was before them.
    """
    preview = _Preview(split, drawn_in, positions)
    return [preview.before(), *preview.alone(), *preview.mixing()]


def normalised(split: Split, stage: Stage) -> NDArray[np.float32]:
    """What the network gets of a stage, float32 ``(N, C, H, W)``."""
    found: NDArray[np.float32] = split.pipeline.normalisation(torch.from_numpy(stage.pixels)).numpy()
    return found


def unaugmented(split: Split, positions: NDArray[np.int64]) -> list[Stage]:
    """What the images at some positions of a part become where they do not train: as they are kept, then resized."""
    pixels = split.stored.read(torch.from_numpy(split.indices[positions]))
    all_of_them = np.ones(len(positions), bool)
    found = (pixels, resize(pixels, split.pipeline.shape))
    return [Stage(None, some.float().numpy(), all_of_them, {}) for some in found]


class _Preview:
    def __init__(self, split: Split, drawn_in: Pass, positions: NDArray[np.int64]) -> None:
        indices = split.indices[positions]
        self.split, self.positions, self.shape = split, positions, split.pipeline.shape
        self.draws = Draws.of(drawn_in, indices, np.zeros_like(indices))
        self.sample = split.sample(drawn_in)
        self.steps = split.pipeline.steps
        every = enumerate(zip(self.steps, purposes(self.steps), strict=True))
        self.acting = [(place, step, purpose) for place, (step, purpose) in every if step.on]
        self.stored = self._stored(positions)
        self.last = self.stored  # after the steps that change each image by itself

    def before(self) -> Stage:
        """The images as they are kept."""
        return Stage(None, self.stored.numpy(), np.ones(len(self.positions), bool), {})

    def alone(self) -> Iterator[Stage]:
        """The images after each step that changes them one by one."""
        steps = [one for one in self.acting if not isinstance(one[1], MixingStep)]
        made = after_each(self.steps, self.stored.clone(), torch.zeros(len(self.stored)), self.draws, shape=self.shape)
        shapes = shapes_before(self.steps, self.shape)[1:]
        for (place, step, purpose), (pixels, _) in zip(steps, made, strict=True):
            self.last = resize(pixels, shapes[place])
            yield Stage(step, self.last.numpy().copy(), *self._drawn(step, purpose), place)

    def mixing(self) -> Iterator[Stage]:
        """The images after each step that mixes; its values name each one's partner by its position."""
        targets = torch.zeros(len(self.positions))
        lanes = [resize(self.last, self.shape)]
        for place, step, purpose in self.acting:
            if not isinstance(step, MixingStep):
                continue
            others = partners(self.steps[: place + 1], self.draws, self.sample)
            lanes += [self._augmented(*lane) for lane in others[len(lanes) - 1 :]]
            pixels, _ = mixed(
                self.steps[: place + 1], lanes[: len(others) + 1], [targets] * (len(others) + 1), self.draws
            )
            takes_part, values = self._drawn(step, purpose)
            yield Stage(step, pixels.numpy(), takes_part, {**values, "partner": others[-1][0]}, place)

    def _augmented(self, positions: NDArray[np.int64], draws: Draws) -> Tensor:
        pixels = self._stored(positions)
        return resize(augmented(self.steps, pixels, torch.zeros(len(pixels)), draws, shape=self.shape)[0], self.shape)

    def _stored(self, positions: NDArray[np.int64]) -> Tensor:
        return self.split.stored.read(torch.from_numpy(self.split.indices[positions])).float()

    def _drawn(self, step: Step, purpose: str) -> tuple[NDArray[np.bool_], Values]:
        drawn = self.draws.for_(purpose)
        takes_part = drawn.uniform() < step.probability
        return takes_part, step.draw(drawn)
