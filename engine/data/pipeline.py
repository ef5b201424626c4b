"""The way of an image from where it is kept into the network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.augmentation import Step, augmented
from engine.data.draws import Draws, Pass
from engine.data.looks import AsItIs, Drawn, Looks
from engine.data.normalise import Normalisation
from engine.data.resizing import resize
from engine.layers.shape import Shape


@dataclass(frozen=True)
class Pipeline:
    """Brings stored pixels, uint8 ``(N, C, H, W)``, to ``shape`` and normalises them; in training ``steps`` come first.

    Where it does not train, the views of ``looks`` are averaged. No part of it knows which images stand together in a
    batch.
    """

    shape: Shape
    normalisation: Normalisation
    steps: tuple[Step, ...] = ()
    looks: Looks = field(default_factory=AsItIs)

    def __call__(self, pixels: Tensor) -> Tensor:
        """What the network gets of them where it does not train, float32 ``(N, C, H, W)``."""
        return self.normalisation(resize(pixels, self.shape))

    def augmented(self, pixels: Tensor, targets: Tensor, random: Draws) -> tuple[Tensor, Tensor]:
        """What images become in training before they are mixed and normalised, and the targets that go with them."""
        pixels, targets = augmented(self.steps, pixels.float(), targets, random, shape=self.shape)
        return resize(pixels, self.shape), targets

    def at_test_time(self, pixels: Tensor, indices: NDArray[np.int64], seed: int) -> Iterator[Tensor]:
        """What the network gets of images where it does not train: each view of them, one after another.

        What is drawn follows from ``seed`` and the indices ``(N,)`` of the images, in epoch 0, which no training has.
        """
        return self.looks.of(self, pixels, indices, seed)

    def drawn(self, pixels: Tensor, indices: NDArray[np.int64], *, seed: int, draw: int) -> Tensor:
        """What it gets of them in one draw of the steps that take part at test time."""
        random = Draws.of(Pass(seed, 0), indices, np.full_like(indices, draw))
        nothing = torch.zeros(len(pixels))
        found, _ = augmented(self._test_steps, pixels.float(), nothing, random, shape=self.shape)
        return self.normalisation(resize(found, self.shape))

    @property
    def can_draw(self) -> bool:
        """Whether there are steps that take part at test time."""
        return any(step.on for step in self._test_steps)

    def seen(self, looks: Looks) -> Pipeline:
        """The same, looked at in another way; raises `LayerloomError` where that shows nothing."""
        looks.require(self)
        return replace(self, looks=looks)

    def drawing(self, draws: int) -> Pipeline:
        """The same with so many draws at test time, if there is something to draw."""
        return replace(self, looks=Drawn(count=draws)) if draws > 1 and self.can_draw else self

    @property
    def _test_steps(self) -> tuple[Step, ...]:
        return tuple(step if step.at_test_time else step.switched(on=False) for step in self.steps)
