"""Augmentation steps that change colours and brightness."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, PrivateAttr

from engine.data.augmentation.deserved import hue_of_another_class
from engine.data.augmentation.geometry import Drawn
from engine.data.augmentation.ranges import STRENGTHS, Degrees, Levels, Strength, span
from engine.data.augmentation.step import AUGMENTATION, Covariance, Family, Probability, Step
from engine.data.augmentation.told import Told, degrees, factor, signed
from engine.data.augmentation.warning import Seen, StepWarning, Values
from engine.settings import setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.draws import Draws


class ColourStep(Step):
    """Changes pixels where they are, and no targets."""

    group: ClassVar = Family.COLOUR

    def apply(self, pixels: Tensor, targets: Tensor, values: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        return self.coloured(pixels, values), targets

    def coloured(self, pixels: Tensor, values: Mapping[str, Tensor]) -> Tensor:
        """Images ``(N, C, H, W)``, float32 from 0 to 255, with other colours."""
        raise TypeError(f"{type(self).__name__} does not declare coloured")


@AUGMENTATION.register
class Brightness(ColourStep):
    """All values are multiplied by a factor."""

    name: ClassVar = "brightness"
    title: ClassVar = "Brightness"
    icon: ClassVar = "mdi6.brightness-6"

    factor: Strength = span((0.7, 1.3), "Factor", neutral=1, track=STRENGTHS, unit="×")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((factor(values["factor"][index]),))

    def draw(self, random: Draws) -> Drawn:
        return {"factor": random.uniform(*self.factor)}

    def coloured(self, pixels: Tensor, values: Mapping[str, Tensor]) -> Tensor:
        from engine.data.augmentation.colours import brightened

        return brightened(pixels, values["factor"])


@AUGMENTATION.register
class Contrast(ColourStep):
    """Values move away from the mean grey of their image, or towards it."""

    name: ClassVar = "contrast"
    title: ClassVar = "Contrast"
    icon: ClassVar = "mdi6.contrast-circle"

    factor: Strength = span((0.7, 1.3), "Factor", neutral=1, track=STRENGTHS, unit="×")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((factor(values["factor"][index]),))

    def draw(self, random: Draws) -> Drawn:
        return {"factor": random.uniform(*self.factor)}

    def coloured(self, pixels: Tensor, values: Mapping[str, Tensor]) -> Tensor:
        from engine.data.augmentation.colours import contrasted

        return contrasted(pixels, values["factor"])


@AUGMENTATION.register
class Saturation(ColourStep):
    """Colours become stronger, or greyer."""

    name: ClassVar = "saturation"
    title: ClassVar = "Saturation"
    icon: ClassVar = "mdi6.water-opacity"
    needs_colour: ClassVar = True

    factor: Strength = span((0.7, 1.3), "Factor", neutral=1, track=STRENGTHS, unit="×")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((factor(values["factor"][index]),))

    def draw(self, random: Draws) -> Drawn:
        return {"factor": random.uniform(*self.factor)}

    def coloured(self, pixels: Tensor, values: Mapping[str, Tensor]) -> Tensor:
        from engine.data.augmentation.colours import saturated

        return saturated(pixels, values["factor"])


@AUGMENTATION.register
class Hue(ColourStep):
    """Colours go round the circle of hues."""

    name: ClassVar = "hue"
    title: ClassVar = "Hue"
    icon: ClassVar = "mdi6.gradient-horizontal"
    warns_of_hues: ClassVar = True
    needs_colour: ClassVar = True

    angle: Degrees = span((-10, 10), "Angle", neutral=0, track=(-90, 90), unit="°")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((degrees(values["angle"][index]),), names=("angle",))

    def draw(self, random: Draws) -> Drawn:
        return {"angle": random.uniform(*self.angle)}

    def coloured(self, pixels: Tensor, values: Mapping[str, Tensor]) -> Tensor:
        from engine.data.augmentation.colours import hue_turned

        return hue_turned(pixels, values["angle"])

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        return hue_of_another_class(self, "angle", seen)


@AUGMENTATION.register
class Greyscale(ColourStep):
    """Colours are lost; the image keeps its three channels, which are equal then."""

    name: ClassVar = "greyscale"
    title: ClassVar = "Greyscale"
    icon: ClassVar = "mdi6.image-filter-black-white"
    needs_colour: ClassVar = True

    probability: Probability = setting(0.1, "Probability")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told(("made grey",))

    def coloured(self, pixels: Tensor, values: Mapping[str, Tensor]) -> Tensor:
        from engine.data.augmentation.colours import grey

        return grey(pixels).expand_as(pixels)


@AUGMENTATION.register
class RgbShift(ColourStep):
    """Red, green and blue each become brighter or darker by an amount of their own."""

    name: ClassVar = "rgb_shift"
    title: ClassVar = "RGB shift"
    icon: ClassVar = "mdi6.tune-vertical"
    needs_colour: ClassVar = True

    by: Levels = span((-20, 20), "By", neutral=0, track=(-100, 100))

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told(tuple(f"{name[:1].upper()} {signed(value[index], 0)}" for name, value in values.items()))

    def draw(self, random: Draws) -> Drawn:
        return {channel: random.uniform(*self.by) for channel in ("red", "green", "blue")}

    def coloured(self, pixels: Tensor, values: Mapping[str, Tensor]) -> Tensor:
        import torch

        by = torch.stack((values["red"], values["green"], values["blue"]), dim=1)
        return (pixels + by[:, :, None, None]).clamp_(0, 255)


@AUGMENTATION.register
class ColourJitter(ColourStep):
    """Brightness, contrast, saturation and hue change, in this order; the last two where there are colours."""

    name: ClassVar = "colour_jitter"
    title: ClassVar = "Colour jitter"
    icon: ClassVar = "mdi6.palette-outline"
    warns_of_hues: ClassVar = True
    aliases: ClassVar = ("color_jitter",)

    brightness: Strength = span((0.7, 1.3), "Brightness", neutral=1, track=STRENGTHS, unit="×")
    contrast: Strength = span((0.7, 1.3), "Contrast", neutral=1, track=STRENGTHS, unit="×")
    saturation: Strength = span((0.7, 1.3), "Saturation", neutral=1, track=STRENGTHS, unit="×")
    hue: Degrees = span((-10, 10), "Hue", neutral=0, track=(-90, 90), unit="°")

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        drawn = {name: value[index] for name, value in values.items()}
        names = ("brightness", "contrast", "saturation", "hue")
        factors = (f"{name[:1].upper()} {factor(drawn[name])}" for name in names[:-1])
        return Told((*factors, f"H {signed(drawn['hue'], 0)}°"), names=names)

    def draw(self, random: Draws) -> Drawn:
        return {
            "brightness": random.uniform(*self.brightness),
            "contrast": random.uniform(*self.contrast),
            "saturation": random.uniform(*self.saturation),
            "hue": random.uniform(*self.hue),
        }

    def coloured(self, pixels: Tensor, values: Mapping[str, Tensor]) -> Tensor:
        from engine.data.augmentation.colours import brightened, contrasted, hue_turned, saturated

        pixels = contrasted(brightened(pixels, values["brightness"]), values["contrast"])
        if pixels.shape[1] == 1:
            return pixels
        pixels = saturated(pixels, values["saturation"])
        return pixels if self.hue == (0, 0) else hue_turned(pixels, values["hue"])

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        return hue_of_another_class(self, "hue", seen)


@AUGMENTATION.register
class PcaColour(ColourStep):
    """Colours move along the directions in which those of the training images vary (Krizhevsky et al. 2012).

    What is added to all pixels of an image is the sum of the eigenvectors of the covariance, each times its eigenvalue
    and a normal number of deviation ``strength``, on the scale 0 to 1 (section 4.1).
    """

    name: ClassVar = "pca_colour"
    title: ClassVar = "PCA colour"
    icon: ClassVar = "mdi6.axis-arrow"
    aliases: ClassVar = ("pca_color", "fancy_pca")
    needs_colour: ClassVar = True

    strength: Annotated[float, Field(ge=0, le=2)] = setting(0.1, "Strength")

    _axes: tuple[tuple[float, ...], ...] = PrivateAttr(((0.0,) * 3,) * 3)  # eigenvectors times their eigenvalues

    def fitted(self, colours: Callable[[], Covariance]) -> Self:
        import numpy as np

        variances, directions = np.linalg.eigh(np.array(colours()))
        fitted = self.model_copy()
        fitted._axes = tuple(map(tuple, (directions * variances).T.tolist()))
        return fitted

    def draw(self, random: Draws) -> Drawn:
        import numpy as np

        along = np.stack([random.normal() for _ in range(3)], axis=1) * self.strength
        return {"by": 255 * along @ np.array(self._axes)}

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told(tuple(f"{name} {signed(by, 0)}" for name, by in zip("RGB", values["by"][index], strict=True)))

    def coloured(self, pixels: Tensor, values: Mapping[str, Tensor]) -> Tensor:
        return (pixels + values["by"][:, :, None, None]).clamp_(0, 255)
