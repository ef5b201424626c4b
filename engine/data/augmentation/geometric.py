"""Augmentation steps that mirror, scale, turn, slant and shift images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from engine.data.augmentation.deserved import (
    MOST_SHIFT,
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
from engine.data.augmentation.ranges import SIZES, Degrees, Factors, Offset, Slant, span
from engine.data.augmentation.step import AUGMENTATION, Probability
from engine.data.augmentation.told import Told, degrees, factor, signed_share
from engine.data.augmentation.warning import Seen, StepWarning, Values
from engine.settings import setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.draws import Draws


@AUGMENTATION.register
class Mirror(MatrixStep):
    """Left and right, or up and down, change places."""

    name: ClassVar = "mirror"
    title: ClassVar = "Mirror"
    aliases: ClassVar = ("flip",)
    icon: ClassVar = "mdi6.flip-horizontal"

    probability: Probability = setting(0.5, "Probability")
    direction: Literal["left_right", "up_down"] = setting(
        "left_right", "Direction", labels={"left_right": "Left–right", "up_down": "Up–down"}
    )

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told(("⇄" if self.direction == "left_right" else "⇅", "mirrored"))

    def matrices(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        if self.direction == "left_right":
            return shifting(before[1], 0) @ scaling(-1, 1)
        return shifting(0, before[0]) @ scaling(1, -1)

    def alone(self, pixels: Tensor, values: Drawn, takes_part: NDArray[np.bool_], after: Size) -> Tensor:
        import numpy as np
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
    icon: ClassVar = "mdi6.resize"

    factor: Factors = span((0.8, 1.25), "Factor", neutral=1, track=SIZES, unit="×")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((factor(values["factor"][index]), "in size"))

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
    icon: ClassVar = "mdi6.rotate-right"

    angle: Degrees = span((-15, 15), "Angle", neutral=0, track=(-90, 90), unit="°")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        angle = float(values["angle"][index])
        return Told((degrees(angle), "to left" if angle >= 0 else "to right"))

    def draw(self, random: Draws) -> Drawn:
        return {"angle": random.uniform(*self.angle)}

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        return turning(-values["angle"])

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        return turned_characters(self, "angle", seen)


@AUGMENTATION.register
class Shear(AboutTheMiddle):
    """The image slants: rows move along, then columns up and down, the more the farther they are from the middle.

    Above 0, the upper part moves to the right and the left one down."""

    name: ClassVar = "shear"
    title: ClassVar = "Shear"
    icon: ClassVar = "mdi6.skew-more"

    horizontal: Slant = span((-10, 10), "Along rows", neutral=0, track=(-45, 45), unit="°")
    vertical: Slant = span((0, 0), "Along columns", neutral=0, track=(-45, 45), unit="°")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((f"→ {degrees(values['horizontal'][index])}", f"↓ {degrees(values['vertical'][index])}"))

    def draw(self, random: Draws) -> Drawn:
        return {"horizontal": random.uniform(*self.horizontal), "vertical": random.uniform(*self.vertical)}

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        return slanting(-values["horizontal"], -values["vertical"])


@AUGMENTATION.register
class Shift(AboutTheMiddle):
    """The image moves aside, by parts of its width and height: to the right and down for values above 0."""

    name: ClassVar = "shift"
    title: ClassVar = "Shift"
    icon: ClassVar = "mdi6.cursor-move"

    horizontal: Offset = span((-0.1, 0.1), "To the right", neutral=0, track=(-0.5, 0.5), unit="%")
    vertical: Offset = span((-0.1, 0.1), "Down", neutral=0, track=(-0.5, 0.5), unit="%")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        right, down = float(values["horizontal"][index]), float(values["vertical"][index])
        far = max(abs(right), abs(down)) > MOST_SHIFT
        return Told((f"→ {signed_share(right)}", f"↓ {signed_share(down)}"), doubtful=far)

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
    icon: ClassVar = "mdi6.arrow-expand-horizontal"

    width: Factors = span((0.8, 1.25), "Width", neutral=1, track=SIZES, unit="×")
    height: Factors = span((0.8, 1.25), "Height", neutral=1, track=SIZES, unit="×")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((f"W {factor(values['width'][index])}", f"H {factor(values['height'][index])}"))

    def draw(self, random: Draws) -> Drawn:
        return {"width": random.uniform(*self.width), "height": random.uniform(*self.height)}

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        return scaling(values["width"], values["height"])

    def shrinking(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        import numpy as np

        return 1 / np.minimum(values["width"], values["height"])

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        return largest_factor(self, "width", "height")


@AUGMENTATION.register
class Affine(AboutTheMiddle):
    """The image is sheared, scaled, turned and shifted at once, in this order."""

    name: ClassVar = "affine"
    title: ClassVar = "Affine"
    icon: ClassVar = "mdi6.vector-square"

    angle: Degrees = span((-10, 10), "Angle", neutral=0, track=(-90, 90), unit="°")
    shear: Slant = span((-5, 5), "Shear", neutral=0, track=(-45, 45), unit="°")
    factor: Factors = span((0.9, 1.1), "Scale", neutral=1, track=SIZES, unit="×")
    horizontal: Offset = span((-0.05, 0.05), "To the right", neutral=0, track=(-0.5, 0.5), unit="%")
    vertical: Offset = span((-0.05, 0.05), "Down", neutral=0, track=(-0.5, 0.5), unit="%")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        drawn = {name: float(value[index]) for name, value in values.items()}
        shifted = f"→ {signed_share(drawn['horizontal'])}", f"↓ {signed_share(drawn['vertical'])}"
        turned = f"{degrees(drawn['angle'])} {factor(drawn['factor'])}"
        far = max(abs(drawn["horizontal"]), abs(drawn["vertical"])) > MOST_SHIFT
        return Told((turned, f"shear {degrees(drawn['shear'])}", *shifted), doubtful=far)

    def draw(self, random: Draws) -> Drawn:
        return {name: random.uniform(*getattr(self, name)) for name in self._RANGES}

    def forward(self, values: Drawn, size: Size) -> NDArray[np.float64]:
        import numpy as np

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
