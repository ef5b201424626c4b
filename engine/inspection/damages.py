"""What can be done to an image before a network is shown it, to see what its answer hangs on; one class each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from engine.choices import Choice, Registry
from engine.settings import setting
from engine.words import number_text, signed_text, whole_percent_text

if TYPE_CHECKING:
    from torch import Tensor

_WHITE = 255
_REACH = 4  # standard deviations of a Gaussian, beyond which it counts for nothing in 8 bits

Share = Annotated[float, Field(ge=0, le=1)]


class Damage(Choice):
    """Spoils images, each by itself: what becomes of one hangs on nothing but its pixels and the settings."""

    head: ClassVar = ("on",)

    on: bool = setting(True, "On")

    def of(self, pixels: Tensor) -> Tensor:
        """Images ``(N, C, H, W)``, float32 from 0 to 255, spoiled; they stay as they are. It may leave that range."""
        raise TypeError(f"{type(self).__name__} does not declare of")


DAMAGES: Registry[Damage] = Registry("damages", one="damage", several=True)


@DAMAGES.register
class Noise(Damage):
    """Every value moves by chance (Gaussian); an image gets the same noise whenever it is looked at."""

    name: ClassVar = "noise"
    title: ClassVar = "Noise"
    icon: ClassVar = "mdi6.grain"

    amount: Share = setting(0.2, "Amount", track=(0, 1), help="Standard deviation, 1 from black to white.")
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = setting(0, "Seed", advanced=True)

    def of(self, pixels: Tensor) -> Tensor:
        import zlib

        import numpy as np
        import torch

        images = pixels.cpu().numpy()
        marks = (zlib.crc32(image.round().astype(np.uint8).tobytes()) for image in images)
        drawn = [
            np.random.default_rng((self.seed, mark)).standard_normal(images.shape[1:], np.float32) for mark in marks
        ]
        return pixels + torch.from_numpy(np.stack(drawn)).to(pixels) * (self.amount * _WHITE)

    def summary(self) -> str:
        return f"noise {whole_percent_text(self.amount)}"


@DAMAGES.register
class Blur(Damage):
    """The image is out of focus (Gaussian); what lies beyond its edge is as the edge."""

    name: ClassVar = "blur"
    title: ClassVar = "Blur"
    icon: ClassVar = "mdi6.blur"

    radius: Annotated[float, Field(ge=0, le=50)] = setting(
        1.5, "Radius", unit="px", help="Standard deviation.", track=(0, 8)
    )

    def of(self, pixels: Tensor) -> Tensor:
        import math

        import torch
        from torch.nn import functional

        if not self.radius:
            return pixels
        reach = math.ceil(_REACH * self.radius)
        places = torch.arange(-reach, reach + 1, dtype=torch.float64, device=pixels.device)
        weights = torch.exp(-0.5 * (places / self.radius) ** 2)
        weights = (weights / weights.sum()).view(1, 1, -1, 1)
        images, count, size = pixels.double(), pixels.shape[0] * pixels.shape[1], pixels.shape[2:]
        for _ in range(2):  # down the columns, then along the rows
            flat = images.reshape(count, 1, *images.shape[2:])
            edged = functional.pad(flat, (0, 0, reach, reach), mode="replicate")
            images = functional.conv2d(edged, weights).mT.reshape(*pixels.shape[:2], *reversed(flat.shape[2:]))
        return images.reshape(*pixels.shape[:2], *size).to(pixels.dtype)

    def summary(self) -> str:
        return f"blur {number_text(self.radius, 1)} px"


@DAMAGES.register
class Occlusion(Damage):
    """A square of one grey hides a part of the image."""

    name: ClassVar = "occlusion"
    title: ClassVar = "Occlusion"
    icon: ClassVar = "mdi6.square-medium"

    row: Share = setting(0.5, "From above", track=(0, 1), help="Where its middle is, as a part of the height.")
    column: Share = setting(0.5, "From the left", track=(0, 1), help="Where its middle is, as a part of the width.")
    size: Share = setting(0.3, "Side", track=(0, 1), help="As a part of the shorter side of the image.")
    grey: Share = setting(0.5, "Grey", track=(0, 1), help="0 is black, 1 is white.")

    def of(self, pixels: Tensor) -> Tensor:
        height, width = pixels.shape[2:]
        side = round(self.size * min(height, width))
        top, left = round(self.row * height - side / 2), round(self.column * width - side / 2)
        hidden = pixels.clone()
        hidden[:, :, max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)] = self.grey * _WHITE
        return hidden

    def summary(self) -> str:
        return f"{whole_percent_text(self.size)} hidden"


@DAMAGES.register
class Rotation(Damage):
    """The image turns about its middle, to the left for angles above 0; corners that come free are as the edge."""

    name: ClassVar = "rotation"
    title: ClassVar = "Rotation"
    aliases: ClassVar = ("rotate",)
    icon: ClassVar = "mdi6.rotate-left"

    angle: Annotated[float, Field(ge=-180, le=180)] = setting(30.0, "Angle", unit="°", track=(-180, 180))

    def of(self, pixels: Tensor) -> Tensor:
        import numpy as np

        from engine.data.augmentation.geometric import Rotate

        size, every = (pixels.shape[2], pixels.shape[3]), np.ones(len(pixels), bool)
        return Rotate(border="edge").alone(pixels, {"angle": np.full(len(pixels), self.angle)}, every, size)

    def summary(self) -> str:
        return f"turned {signed_text(number_text(self.angle, 0))}°"


def damaged(pixels: Tensor, damages: Sequence[Damage]) -> Tensor:
    """Images ``(N, C, H, W)`` from 0 to 255 after damages in a row, of 8 bits again, float32."""
    for damage in damages:
        with DAMAGES.blaming(damage):
            pixels = damage.of(pixels.float()).clamp(0, _WHITE).round()
    return pixels
