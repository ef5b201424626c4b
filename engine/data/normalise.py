"""What brings pixel values to the range that a network learns from; one class each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from engine.choices import Choice, Registry
from engine.errors import LayerloomError
from engine.settings import setting
from engine.words import counted

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
            with torch.inference_mode(False):  # whoever asks next may differentiate
                mean, std = (
                    torch.tensor(values, device=pixels.device).view(1, -1, 1, 1) * 255
                    for values in (self.mean, self.std)
                )
            self._constants[pixels.device] = mean, std
        mean, std = self._constants[pixels.device]
        return pixels.to(torch.float32, copy=True).sub_(mean).div_(std)


Mean = Annotated[float, Field(ge=-1e6, le=1e6)]
Std = Annotated[float, Field(ge=1e-6, le=1e6)]
"""A standard deviation by which values can be divided, and stay finite in float32."""
_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601
_COLOURS = len(_LUMA)


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
class ImageNet(Normalise):
    """The means and deviations of ImageNet's photographs, as published weights expect.

    Grey networks get those of the colours weighted as grey is mixed of them.
    """

    name: ClassVar = "imagenet"
    title: ClassVar = "ImageNet"

    def of(self, channels: int, measure: Callable[[], Normalisation]) -> Normalisation:
        mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
        return Normalisation(mean, std) if channels == _COLOURS else Normalisation((_grey(mean),), (_grey(std),))


def _grey(values: tuple[float, ...]) -> float:
    return sum(weight * value for weight, value in zip(_LUMA, values, strict=True))


@NORMALISATIONS.register
class Own(Normalise):
    """Means and deviations of your own, on the scale 0 to 1: one for all channels, or one each."""

    name: ClassVar = "own"
    title: ClassVar = "Own"

    mean: Annotated[tuple[Mean, ...], Field(min_length=1, max_length=3)] = setting((0.5,), "Mean")
    std: Annotated[tuple[Std, ...], Field(min_length=1, max_length=3)] = setting((0.5,), "Standard deviation")

    @model_validator(mode="after")
    def _check_counts(self) -> Self:
        if 1 not in (len(self.mean), len(self.std)) and len(self.mean) != len(self.std):
            raise ValueError(f"There are {counted(len(self.mean), 'mean')} and {counted(len(self.std), 'deviation')}.")
        return self

    def of(self, channels: int, measure: Callable[[], Normalisation]) -> Normalisation:
        for what, values in (("mean", self.mean), ("standard deviation", self.std)):
            if len(values) not in (1, channels):
                given, needed = counted(len(values), what), counted(channels, "channel")
                raise LayerloomError(f"The normalisation has {given}, but the network takes {needed}.")
        mean, std = (values * channels if len(values) == 1 else values for values in (self.mean, self.std))
        return Normalisation(mean, std)


@NORMALISATIONS.register
class AsTheyAre(Normalise):
    """Pixel values as they are, from 0 to 255."""

    name: ClassVar = "none"
    title: ClassVar = "None"

    def of(self, channels: int, measure: Callable[[], Normalisation]) -> Normalisation:
        return Normalisation((0.0,) * channels, (1 / 255,) * channels)


@NORMALISATIONS.register
class ZeroToOne(Normalise):
    """Pixel values on the scale 0 to 1, and nothing else."""

    name: ClassVar = "zero_to_one"
    title: ClassVar = "0 to 1"

    def of(self, channels: int, measure: Callable[[], Normalisation]) -> Normalisation:
        return Normalisation((0.0,) * channels, (1.0,) * channels)
