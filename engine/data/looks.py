"""How an image is looked at when a run is asked about it; one class a way. Needs no torch until it looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

from pydantic import Field

from engine.choices import Choice, Registry
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from engine.settings import setting
from engine.words import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.pipeline import Pipeline


class Looks(Choice):
    """Decides which views of an image the network gets; of what it says of them, the probabilities are averaged."""

    @property
    def views(self) -> int:
        """How many there are of each image."""
        return 1

    def to_figures(self) -> dict[str, int | bool]:
        """What stands beside figures that are such a mean, by its name in JSON."""
        return {}

    def summary(self) -> str:
        return "each image once"

    def typed(self) -> str:
        """How the command line is told of it; "" where it need not be."""
        return ""

    def stored_at(self, usual: Shape, shape: Shape) -> Shape:
        """The shape at which images are kept for a network that takes ``shape``.

        ``usual`` is where they are kept for the steps of its data. Raises `LayerloomError` where that is too small.
        """
        return usual

    def require(self, pipeline: Pipeline) -> None:
        """Raise `LayerloomError` where all views of an image would be the same."""

    def of(self, pipeline: Pipeline, pixels: Tensor, indices: NDArray[np.int64], seed: int) -> Iterator[Tensor]:
        """Normalised views ``(N, C, H, W)``, one after another, of stored pixels ``(N, C, H, W)``, uint8.

        What is drawn follows from ``seed`` and the ``indices`` ``(N,)`` of the images.
        """
        raise TypeError(f"{type(self).__name__} does not declare of")


_USUAL = 256 / 224  # of the side of an image to that of what is cut from it

LOOKS: Registry[Looks] = Registry("looks", one="look")


@LOOKS.register
class AsItIs(Looks):
    """The image once, as it is."""

    name: ClassVar = "plain"
    title: ClassVar = "As it is"

    def of(self, pipeline: Pipeline, pixels: Tensor, indices: NDArray[np.int64], seed: int) -> Iterator[Tensor]:
        yield pipeline(pixels)


@LOOKS.register
class Drawn(Looks):
    """Several draws of the run's own augmentation, without the steps that mix or erase."""

    name: ClassVar = "draws"
    title: ClassVar = "Draws"
    aliases: ClassVar = ("test_time", "tta")

    count: Annotated[int, Field(ge=0, le=1_000_000)] = setting(10, "Draws")

    @property
    def views(self) -> int:
        return max(1, self.count)

    def to_figures(self) -> dict[str, int | bool]:
        return {"draws": self.count} if self.count > 1 else {}

    def summary(self) -> str:
        return f"mean of {counted(self.views, 'draw')}" if self.count > 1 else super().summary()

    def typed(self) -> str:
        return f"--draws {self.count}"

    def require(self, pipeline: Pipeline) -> None:
        if self.count > 1 and not pipeline.can_draw:
            raise LayerloomError("The run has no augmentation of which several draws could be averaged.")

    def of(self, pipeline: Pipeline, pixels: Tensor, indices: NDArray[np.int64], seed: int) -> Iterator[Tensor]:
        if self.count < 2:
            yield pipeline(pixels)
            return
        for draw in range(self.count):
            yield pipeline.drawn(pixels, indices, seed=seed, draw=draw)


class Box(NamedTuple):
    """A rectangle of an image in px, and whether it is mirrored."""

    top: int
    left: int
    height: int
    width: int
    mirrored: bool = False

    def of(self, pixels: Tensor) -> Tensor:
        """What lies in it of images ``(N, C, H, W)``."""
        cut = pixels[..., self.top : self.top + self.height, self.left : self.left + self.width]
        return cut.flip(-1) if self.mirrored else cut


def ten_boxes(stored: Shape, shape: Shape) -> tuple[Box, ...]:
    """The four corners and the centre of ``stored``, each as large as ``shape``, then the same mirrored."""
    down, right = stored.height - shape.height, stored.width - shape.width
    corners = [(top, left) for top in (0, down) for left in (0, right)]
    places = [*corners, (round(down / 2), round(right / 2))]
    return tuple(Box(*place, shape.height, shape.width, side) for side in (False, True) for place in places)


@LOOKS.register
class TenCrop(Looks):
    """The four corners and the centre of a larger image, and the mirror image of each (Krizhevsky et al. 2012)."""

    name: ClassVar = "ten_crop"
    title: ClassVar = "Ten-crop"
    icon: ClassVar = "mdi6.crop"
    size: Annotated[int, Field(ge=0, le=2**14)] = setting(
        0,
        "From a size of",
        unit="px",
        help="The shorter side of the image.",
        labels={"0": "As the run keeps it"},
    )

    @property
    def views(self) -> int:
        return 10

    def to_figures(self) -> dict[str, int | bool]:
        return {"ten_crop": True}

    def summary(self) -> str:
        return f"mean of ten crops{f' from {self.size} px' if self.size else ''}"

    def typed(self) -> str:
        return f"--ten-crop {self.size}" if self.size else "--ten-crop"

    def stored_at(self, usual: Shape, shape: Shape) -> Shape:
        side = min(shape.height, shape.width)
        height, width = (round(self.size * length / side) for length in (shape.height, shape.width))
        stored = Shape(usual.channels, height, width) if self.size else usual
        if stored.height <= shape.height or stored.width <= shape.width:
            raise LayerloomError(
                f"Ten crops of {_size(shape)} need a larger image, and the images are {_size(stored)}: ask for a "
                f"larger size than {side}, such as {round(side * _USUAL)}."
            )
        return stored

    def of(self, pipeline: Pipeline, pixels: Tensor, indices: NDArray[np.int64], seed: int) -> Iterator[Tensor]:
        from engine.data.resizing import resize

        stored = self.stored_at(Shape(*pixels.shape[1:]), pipeline.shape)
        pixels = resize(pixels, stored)  # as they are, where they were loaded for it
        for box in ten_boxes(stored, pipeline.shape):
            yield pipeline(box.of(pixels))


def _size(shape: Shape) -> str:
    return f"{shape.height}×{shape.width}"
