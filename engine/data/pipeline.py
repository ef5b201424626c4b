"""The way of an image from where it is kept into the network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.augmentation import Step, augmented
from engine.data.draws import Draws, Pass
from engine.data.normalise import Normalisation
from engine.data.resizing import resize
from engine.layers.shape import Shape


@dataclass(frozen=True)
class Pipeline:
    """Brings stored pixels, uint8 ``(N, C, H, W)``, to ``shape`` and normalises them; in training ``steps`` come first.

    Where it does not train, ``draws`` of the steps are averaged; 0 and 1 take images as they are. No part of it knows
    which images stand together in a batch.
    """

    shape: Shape
    normalisation: Normalisation
    steps: tuple[Step, ...] = ()
    draws: int = 0

    def __call__(self, pixels: Tensor) -> Tensor:
        """What the network gets of them where it does not train, float32 ``(N, C, H, W)``."""
        return self.normalisation(resize(pixels, self.shape))

    def augmented(self, pixels: Tensor, targets: Tensor, random: Draws) -> tuple[Tensor, Tensor]:
        """What images become in training before they are mixed and normalised, and the targets that go with them."""
        pixels, targets = augmented(self.steps, pixels.float(), targets, random, shape=self.shape)
        return resize(pixels, self.shape), targets

    @property
    def averages(self) -> bool:
        """Whether several draws are averaged at test time: there are some, and steps that take part in them."""
        return self.draws > 1 and any(step.on for step in self._test_steps)

    def at_test_time(self, pixels: Tensor, indices: NDArray[np.int64], seed: int) -> Iterator[Tensor]:
        """What the network gets of images where it does not train: once, or one time after another in each draw.

        What is drawn follows from ``seed`` and the indices ``(N,)`` of the images, in epoch 0, which no training has.
        """
        if not self.averages:
            yield self(pixels)
            return
        for draw in range(self.draws):
            random = Draws.of(Pass(seed, 0), indices, np.full_like(indices, draw))
            found, _ = augmented(self._test_steps, pixels.float(), torch.zeros(len(pixels)), random, shape=self.shape)
            yield self.normalisation(resize(found, self.shape))

    @property
    def _test_steps(self) -> tuple[Step, ...]:
        return tuple(step if step.at_test_time else step.switched(on=False) for step in self.steps)
