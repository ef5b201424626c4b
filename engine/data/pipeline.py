"""The way of an image from where it is kept into the network."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from engine.data.augmentation import Step, augmented
from engine.data.draws import Draws
from engine.data.normalise import Normalisation
from engine.data.resizing import resize
from engine.layers.shape import Shape


@dataclass(frozen=True)
class Pipeline:
    """Brings stored pixels, uint8 ``(N, C, H, W)``, to ``shape`` and normalises them; in training ``steps`` come first.

    No part of it knows which images stand together in a batch.
    """

    shape: Shape
    normalisation: Normalisation
    steps: tuple[Step, ...] = ()

    def __call__(self, pixels: Tensor) -> Tensor:
        """What the network gets of them where it does not train, float32 ``(N, C, H, W)``."""
        return self.normalisation(resize(pixels, self.shape))

    def augmented(self, pixels: Tensor, targets: Tensor, random: Draws) -> tuple[Tensor, Tensor]:
        """What images become in training before they are mixed and normalised, and the targets that go with them."""
        pixels, targets = augmented(self.steps, pixels.float(), targets, random, shape=self.shape)
        return resize(pixels, self.shape), targets
