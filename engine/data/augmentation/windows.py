"""Augmentation steps that give a window of a larger image, or put something around a smaller one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from engine.data.augmentation.deserved import changed
from engine.data.augmentation.geometry import Drawn, LooksOutside, MatrixStep, Size, scaling, shifting
from engine.data.augmentation.ranges import SIZES, Factors, Share, span
from engine.data.augmentation.rectangles import rectangles
from engine.data.augmentation.step import AUGMENTATION
from engine.data.augmentation.told import Told, share
from engine.data.augmentation.warning import LEAST_KEPT, Seen, StepWarning, Values, lost, percent
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from engine.settings import setting
from engine.words import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.draws import Draws

_AREA_KEPT = 0.3  # what the remedy keeps of a picture at least
_ALWAYS = Field(1.0, ge=1, le=1, title="Probability")


class Window(MatrixStep):
    """A step that gives a window of images that are kept larger than it gives them."""

    probability: float = _ALWAYS
    kept_at: Annotated[int, Field(ge=0, le=4096)] = setting(
        0,
        "Images kept at",
        unit="px",
        help="Their shorter side; 0 keeps them by a seventh larger than they shall be.",
        advanced=True,
    )

    def storage(self, shape: Shape) -> Shape:
        least = min(shape.height, shape.width)
        kept = max(self.kept_at, least) if self.kept_at else -(-least * 8 // 7)
        return Shape(shape.channels, round(shape.height * kept / least), round(shape.width * kept / least))


@AUGMENTATION.register
class Crop(Window):
    """A window of the size that the network takes, from anywhere in a larger image."""

    name: ClassVar = "crop"
    title: ClassVar = "Crop"
    icon: ClassVar = "mdi6.crop-free"

    def storage(self, shape: Shape) -> Shape:
        if 0 < self.kept_at < min(shape.height, shape.width):
            raise LayerloomError(
                f"{self.title} takes {shape.height}×{shape.width} pixels, but images are kept at {self.kept_at}: "
                f"keep them at {min(shape.height, shape.width)} pixels or more."
            )
        return super().storage(shape)

    def draw(self, random: Draws) -> Drawn:
        return {"down": random.uniform(), "right": random.uniform()}

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((f"→ {share(values['right'][index])}", f"↓ {share(values['down'][index])}"))

    def matrices(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        import numpy as np

        down, right = _corner(values, before, after)
        return shifting(right.astype(np.float64), down.astype(np.float64))

    def alone(self, pixels: Tensor, values: Drawn, takes_part: NDArray[np.bool_], after: Size) -> Tensor:
        import numpy as np
        import torch

        corners = _corner(values, (pixels.shape[2], pixels.shape[3]), after)
        rows, columns = (
            torch.from_numpy(corner[:, None] + np.arange(size)).to(pixels.device)
            for corner, size in zip(corners, after, strict=True)
        )
        image = torch.arange(len(pixels), device=pixels.device).view(-1, 1, 1)
        return pixels.permute(0, 2, 3, 1)[image, rows.unsqueeze(2), columns.unsqueeze(1)].permute(0, 3, 1, 2)

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        if seen.shape and (kept := seen.shape.elements / super().storage(seen.shape).elements) < LEAST_KEPT:
            least = min(seen.shape.height, seen.shape.width)
            how = f"A crop of {seen.shape.height}×{seen.shape.width} keeps {percent(kept)} of the picture, so"
            fix = changed(self, f"Keep at {2 * least} px", kept_at=2 * least)
            yield StepWarning("object_may_be_lost", f"{lost(how)}.", (fix,))


def _corner(values: Drawn, before: Size, after: Size) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first row and column ``(N,)`` of a window, each equally likely."""
    import numpy as np

    places = [most - size + 1 for most, size in zip(before, after, strict=True)]
    down, right = (
        np.minimum(np.floor(values[name] * count), count - 1).astype(np.int64)
        for name, count in zip(("down", "right"), places, strict=True)
    )
    return down, right


@AUGMENTATION.register
class ResizeCrop(Window):
    """A window of any size and shape from anywhere in the image, brought to the size that the network takes.

    Its area and the logarithm of its ratio of width to height are drawn evenly (Szegedy et al. 2015, section 6).
    """

    name: ClassVar = "resize_crop"
    title: ClassVar = "Resize then crop"
    aliases: ClassVar = ("random_resized_crop",)
    icon: ClassVar = "mdi6.crop"

    area: Share = span((0.08, 1.0), "Area kept", neutral=1, track=(0, 1), unit="%")
    ratio: Factors = span((0.75, 4 / 3), "Width by height", neutral=1, track=SIZES, advanced=True)

    def draw(self, random: Draws) -> Drawn:
        return rectangles(random, area=self.area, ratio=self.ratio)

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        kept = float(values["height"][index]) * float(values["width"][index])
        return Told((share(kept), "kept"), doubtful=kept < LEAST_KEPT)

    def matrices(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        corner = shifting(values["left"] * before[1], values["top"] * before[0])
        return corner @ scaling(values["width"] * before[1] / after[1], values["height"] * before[0] / after[0])

    def shrinking(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        import numpy as np

        return np.maximum(values["height"] * before[0] / after[0], values["width"] * before[1] / after[1])

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        least = self.area[0]
        if least >= LEAST_KEPT:
            return
        fix = changed(self, f"Keep {percent(_AREA_KEPT)}", area=(_AREA_KEPT, max(self.area[1], _AREA_KEPT)))
        message = f"{lost(f'From {percent(least)} of the picture')}{_smallest_shown(drawn)}."
        yield StepWarning("object_may_be_lost", message, (fix,))


def _smallest_shown(drawn: Values) -> str:
    """How many of the images shown keep too little, and how much: "; 1 of the 6 shown keeps 11 %"."""
    if not drawn:
        return ""
    shares = drawn["height"] * drawn["width"]
    few, smallest = int((shares < LEAST_KEPT).sum()), percent(float(shares.min()))
    if not few:
        return ""
    keeps = f"keeps {smallest}" if few == 1 else f"keep less than {percent(LEAST_KEPT)}, the least {smallest}"
    return f"; {few} of the {len(shares)} shown {keeps}"


@AUGMENTATION.register
class Pad(LooksOutside, MatrixStep):
    """Something is put around the image, from which a crop then takes a window."""

    name: ClassVar = "pad"
    title: ClassVar = "Padding"
    icon: ClassVar = "mdi6.border-outside"

    probability: float = _ALWAYS
    margin: Annotated[int, Field(ge=1, le=1024)] = setting(4, "Each side", unit="px")

    def storage(self, shape: Shape) -> Shape:
        if 2 * self.margin >= min(shape.height, shape.width):
            raise LayerloomError(
                f"{self.title} puts {counted(self.margin, 'pixel')} on each side, for which images of "
                f"{shape.height}×{shape.width} have no room."
            )
        return Shape(shape.channels, shape.height - 2 * self.margin, shape.width - 2 * self.margin)

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((f"+{self.margin} px", "each side"))

    def matrices(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        return shifting(-self.margin, -self.margin)
