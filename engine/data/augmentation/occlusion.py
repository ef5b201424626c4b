"""Augmentation steps that cover parts of images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from engine.data.augmentation.deserved import changed
from engine.data.augmentation.geometry import Drawn
from engine.data.augmentation.ranges import SIZES, Factors, Share, span
from engine.data.augmentation.rectangles import rectangles
from engine.data.augmentation.step import AUGMENTATION, Family, Probability, Step
from engine.data.augmentation.told import Told, share
from engine.data.augmentation.warning import Seen, StepWarning, Values, lost, percent
from engine.settings import setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.draws import Draws

_MOST_COVERED = 0.4


@AUGMENTATION.register
class Erase(Step):
    """A rectangle anywhere in the image is covered by one value (Zhong et al. 2017)."""

    name: ClassVar = "erase"
    title: ClassVar = "Erase"
    aliases: ClassVar = ("random_erasing", "cutout")
    icon: ClassVar = "mdi6.eraser"
    group: ClassVar = Family.OCCLUSION
    at_test_time: ClassVar = False

    probability: Probability = setting(0.25, "Probability")
    area: Share = span((0.02, 0.15), "Area", neutral=0, track=(0, 0.5), unit="%")
    ratio: Factors = span((0.3, 10 / 3), "Width by height", neutral=1, track=SIZES, advanced=True)
    fill: Annotated[int, Field(ge=0, le=255)] = setting(
        0, "Its value", help="A pixel value, before normalising.", advanced=True
    )

    def draw(self, random: Draws) -> Drawn:
        return rectangles(random, area=self.area, ratio=self.ratio)

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        covered = float(values["height"][index]) * float(values["width"][index])
        return Told((share(covered), "covered"), doubtful=covered > _MOST_COVERED)

    def apply(self, pixels: Tensor, targets: Tensor, values: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        from engine.data.augmentation.masks import within

        return pixels.masked_fill(within(values, (pixels.shape[2], pixels.shape[3])), self.fill), targets

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        most = self.area[1]
        if most > _MOST_COVERED:
            area = (min(self.area[0], _MOST_COVERED), _MOST_COVERED)
            fix = changed(self, f"At most {percent(_MOST_COVERED)}", area=area)
            yield StepWarning("object_may_be_lost", f"{lost(f'With {percent(most)} of the picture covered')}.", (fix,))
