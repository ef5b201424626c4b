"""Augmentation steps that mix each image with another one, after all others and before normalising."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from engine.data.augmentation.geometry import Drawn
from engine.data.augmentation.step import AUGMENTATION, Family, Probability, Step
from engine.data.augmentation.told import Told, share
from engine.settings import setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.draws import Draws

Alpha = Annotated[float, Field(gt=0, le=10)]
_ALPHA_HELP = "The share follows the Beta distribution with this for both: near 0 or 1 for small values, evenly for 1."


class MixingStep(Step):
    """Mixes each image with another of the training images, its partner, and their targets in the same shares."""

    group: ClassVar = Family.MIXING
    at_test_time: ClassVar = False

    def mix(self, pixels: Tensor, partners: Tensor, values: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Images ``(N, C, H, W)`` mixed with their partners, and the share ``(N,)`` of the first in each."""
        raise TypeError(f"{type(self).__name__} does not declare mix")


@AUGMENTATION.register
class MixUp(MixingStep):
    """Two images lie over each other, and so do their targets (Zhang et al. 2017)."""

    name: ClassVar = "mixup"
    title: ClassVar = "Mix-up"
    icon: ClassVar = "mdi6.image-multiple-outline"

    alpha: Alpha = setting(0.2, "Alpha", help=_ALPHA_HELP)

    def draw(self, random: Draws) -> Drawn:
        return {"share": _beta(self.alpha, random)}

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((share(1 - float(values["share"][index])),))

    def mix(self, pixels: Tensor, partners: Tensor, values: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        import torch

        return torch.lerp(partners, pixels, values["share"].view(-1, 1, 1, 1)), values["share"]


@AUGMENTATION.register
class CutMix(MixingStep):
    """A rectangle comes from another image, and so much of the target as its area (Yun et al. 2019)."""

    name: ClassVar = "cutmix"
    title: ClassVar = "Cut-mix"
    icon: ClassVar = "mdi6.content-cut"

    probability: Probability = setting(0.5, "Probability")
    alpha: Alpha = setting(1.0, "Alpha", help=_ALPHA_HELP)

    def draw(self, random: Draws) -> Drawn:
        import numpy as np

        side = np.sqrt(1 - _beta(self.alpha, random))
        middle_y, middle_x = random.uniform(), random.uniform()
        top, left = (np.maximum(middle - side / 2, 0) for middle in (middle_y, middle_x))
        height, width = (
            np.minimum(middle + side / 2, 1) - start for middle, start in ((middle_y, top), (middle_x, left))
        )
        return {"top": top, "left": left, "height": height, "width": width}

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((share(float(values["height"][index]) * float(values["width"][index])),))

    def mix(self, pixels: Tensor, partners: Tensor, values: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        from engine.data.augmentation.masks import within

        cut = within(values, (pixels.shape[2], pixels.shape[3]))
        return partners.where(cut, pixels), 1 - cut.float().mean(dim=(1, 2, 3))


def _beta(alpha: float, random: Draws) -> NDArray[np.float64]:
    """A share ``(N,)`` of each image from Beta(alpha, alpha), by the inverse of its distribution function."""
    from scipy.special import betaincinv

    found: NDArray[np.float64] = betaincinv(alpha, alpha, random.uniform())
    return found
