"""What brings pixel values to the range that a network learns from; one class each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from engine.choices import Choice, Registry

if TYPE_CHECKING:
    import torch
    from torch import Tensor


@dataclass(frozen=True)
class Normalisation:
    """What is taken off and what is divided by, a channel, on the scale 0 to 1: mean and standard deviation."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    _constants: dict[torch.device, tuple[Tensor, Tensor]] = field(default_factory=dict, compare=False, repr=False)

    def __call__(self, pixels: Tensor) -> Tensor:
        """Pixels ``(N, C, H, W)`` from 0 to 255, uint8 or float32, as float32 of the network's range."""
        import torch

        if pixels.device not in self._constants:
            mean, std = (
                torch.tensor(values, device=pixels.device).view(1, -1, 1, 1) * 255 for values in (self.mean, self.std)
            )
            self._constants[pixels.device] = mean, std
        mean, std = self._constants[pixels.device]
        return pixels.to(torch.float32, copy=True).sub_(mean).div_(std)


class Normalise(Choice):
    """Decides mean and standard deviation."""

    def of(self, channels: int, measure: Callable[[], Normalisation]) -> Normalisation:
        """Those for images of 1 or 3 ``channels``; ``measure`` gives those of the training images."""
        raise TypeError(f"{type(self).__name__} does not declare of")


NORMALISATIONS: Registry[Normalise] = Registry("normalisations", one="normalisation")


@NORMALISATIONS.register
class ThisDataSet(Normalise):
    """Mean 0 and standard deviation 1 a channel over the training images."""

    name: ClassVar = "dataset"
    title: ClassVar = "This data set"

    def of(self, channels: int, measure: Callable[[], Normalisation]) -> Normalisation:
        return measure()


@NORMALISATIONS.register
class ZeroToOne(Normalise):
    """Pixel values on the scale 0 to 1, and nothing else."""

    name: ClassVar = "zero_to_one"
    title: ClassVar = "0 to 1"

    def of(self, channels: int, measure: Callable[[], Normalisation]) -> Normalisation:
        return Normalisation((0.0,) * channels, (1.0,) * channels)
