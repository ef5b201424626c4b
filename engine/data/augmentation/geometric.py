"""Augmentation steps that mirror, scale, turn, slant and shift images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from engine.data.augmentation.deserved import (
    changed,
    largest_factor,
    mirrored_characters,
    shifted,
    turned_characters,
    upside_down_characters,
)
from engine.data.augmentation.geometry import (
    Drawn,
    LooksOutside,
    MatrixStep,
    Size,
    about_middle,
    inverse,
    scaling,
    shifting,
    slanting,
    turning,
)
from engine.data.augmentation.ranges import Degrees, Factors, Offset, Slant, span
from engine.data.augmentation.step import AUGMENTATION, Probability
from engine.data.augmentation.warning import Seen, StepWarning, Values
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.data.draws import Draws


@AUGMENTATION.register
class Mirror(MatrixStep):
    """Left and right, or up and down, change places."""

    name: ClassVar = "mirror"
    title: ClassVar = "Mirror"
    aliases: ClassVar = ("flip",)

    probability: Probability = setting(0.5, "Probability")
    direction: Literal["left_right", "up_down"] = setting("left_right", "Direction")

    def matrices(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        if self.direction == "left_right":
            return shifting(before[1], 0) @ scaling(-1, 1)
        return shifting(0, before[0]) @ scaling(1, -1)

    def alone(self, pixels: Tensor, values: Drawn, takes_part: NDArray[np.bool_], after: Size) -> Tensor:
        import torch

        chosen, found = torch.from_numpy(np.flatnonzero(takes_part)).to(pixels.device), pixels.clone()
        found[chosen] = pixels[chosen].flip(3 if self.direction == "left_right" else 2)
        return found

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        if self.direction == "left_right":
            yield from mirrored_characters(self, seen)
        else:
            yield from upside_down_characters(self, changed(self, "Left–right only", direction="left_right"), seen)


class AboutTheMiddle(LooksOutside, MatrixStep):
    """A step that leaves the middle of the image in its place."""

    def matrices(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        return about_middle(inverse(self.forward(values, before)), before)

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        """Matrices ``(N, 3, 3)`` of what happens to points, seen from the middle."""
        raise TypeError(f"{type(self).__name__} does not declare forward")


@AUGMENTATION.register
class Scale(AboutTheMiddle):
    """The content grows or shrinks about the middle, as wide as high."""

    name: ClassVar = "scale"
    title: ClassVar = "Scale"

    factor: Factors = span((0.8, 1.25), "Factor", neutral=1, unit="×")

    def draw(self, random: Draws) -> Drawn:
        return {"factor": random.uniform(*self.factor)}

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        return scaling(values["factor"], values["factor"])

    def shrinking(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        return 1 / values["factor"]

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        return largest_factor(self, "factor")


@AUGMENTATION.register
class Rotate(AboutTheMiddle):
    """The image turns about its middle, to the left for angles above 0."""

    name: ClassVar = "rotate"
    title: ClassVar = "Rotate"

    angle: Degrees = span((-15, 15), "Angle", neutral=0, unit="°")

    def draw(self, random: Draws) -> Drawn:
        return {"angle": random.uniform(*self.angle)}

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        return turning(-values["angle"])

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        return turned_characters(self, "angle", seen)


@AUGMENTATION.register
class Shear(AboutTheMiddle):
    """The image slants: rows move along, or columns up and down, the more the farther they are from the middle.

    Above 0, the upper part moves to the right and the left one down."""

    name: ClassVar = "shear"
    title: ClassVar = "Shear"

    horizontal: Slant = span((-10, 10), "Along rows", neutral=0, unit="°")
    vertical: Slant = span((0, 0), "Along columns", neutral=0, unit="°")

    def draw(self, random: Draws) -> Drawn:
        return {"horizontal": random.uniform(*self.horizontal), "vertical": random.uniform(*self.vertical)}

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        return slanting(-values["horizontal"], -values["vertical"])


@AUGMENTATION.register
class Shift(AboutTheMiddle):
    """The image moves aside, by parts of its width and height: to the right and down for values above 0."""

    name: ClassVar = "shift"
    title: ClassVar = "Shift"

    horizontal: Offset = span((-0.1, 0.1), "To the right", neutral=0)
    vertical: Offset = span((-0.1, 0.1), "Down", neutral=0)

    def draw(self, random: Draws) -> Drawn:
        return {"horizontal": random.uniform(*self.horizontal), "vertical": random.uniform(*self.vertical)}

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        return shifting(values["horizontal"] * size[1], values["vertical"] * size[0])

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        return shifted(self)


@AUGMENTATION.register
class Stretch(AboutTheMiddle):
    """Width and height grow or shrink, each by a factor of its own."""

    name: ClassVar = "stretch"
    title: ClassVar = "Stretch"

    width: Factors = span((0.8, 1.25), "Width", neutral=1, unit="×")
    height: Factors = span((0.8, 1.25), "Height", neutral=1, unit="×")

    def draw(self, random: Draws) -> Drawn:
        return {"width": random.uniform(*self.width), "height": random.uniform(*self.height)}

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        return scaling(values["width"], values["height"])

    def shrinking(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        return 1 / np.minimum(values["width"], values["height"])

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        return largest_factor(self, "width", "height")


@AUGMENTATION.register
class Affine(AboutTheMiddle):
    """The image is sheared, scaled, turned and shifted at once, in this order."""

    name: ClassVar = "affine"
    title: ClassVar = "Affine"

    angle: Degrees = span((-10, 10), "Angle", neutral=0, unit="°")
    shear: Slant = span((-5, 5), "Shear", neutral=0, unit="°")
    factor: Factors = span((0.9, 1.1), "Scale", neutral=1, unit="×")
    horizontal: Offset = span((-0.05, 0.05), "To the right", neutral=0)
    vertical: Offset = span((-0.05, 0.05), "Down", neutral=0)

    def draw(self, random: Draws) -> Drawn:
        return {name: random.uniform(*getattr(self, name)) for name in self._RANGES}

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        shift = shifting(values["horizontal"] * size[1], values["vertical"] * size[0])
        scale = scaling(values["factor"], values["factor"])
        return shift @ turning(-values["angle"]) @ scale @ slanting(-values["shear"], np.zeros(1))

    def shrinking(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        return 1 / values["factor"]

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        yield from turned_characters(self, "angle", seen)
        yield from largest_factor(self, "factor")
        yield from shifted(self)

    _RANGES: ClassVar = ("angle", "shear", "factor", "horizontal", "vertical")
