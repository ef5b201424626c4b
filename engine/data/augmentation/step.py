"""One change of training images before the network gets them, and the registry of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from engine.choices import Choice, Registry
from engine.data.augmentation.told import Told
from engine.layers.shape import Shape
from engine.settings import setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.augmentation.warning import Seen, StepWarning, Values
    from engine.data.draws import Draws

Covariance = tuple[tuple[float, ...], ...]
"""How the three channels of images vary together, ``(3, 3)``."""
Probability = Annotated[float, Field(ge=0, le=1)]


class Family(StrEnum):
    """Kinds of steps, as lists of them are divided."""

    GEOMETRY = "Geometry"
    COLOUR = "Colour"
    OCCLUSION = "Occlusion"
    MIXING = "Mixing"
    OTHER = "Other"


class Step(Choice):
    """One change of the images of a batch, with values of its own for each image.

    A ``probability`` setting below 1 leaves some images as they are; a step with one keeps the shape. One that is not
    ``on`` keeps its place and its settings, and does nothing.
    """

    head: ClassVar = ("on", "probability")
    icon: ClassVar = "mdi6.image-edit-outline"
    group: ClassVar = Family.OTHER
    needs_colour: ClassVar[bool] = False
    """Whether it can do nothing for images of one channel."""
    warns_of_hues: ClassVar[bool] = False
    """Whether its warnings go by the hues of the classes, which must be measured on images."""
    at_test_time: ClassVar[bool] = True
    """Whether it changes images too where several draws are averaged at test time."""

    probability: Probability = setting(1.0, "Probability")
    on: bool = setting(True, "On")

    def switched(self, on: bool) -> Self:
        """The same step switched on or off."""
        return self.model_copy(update={"on": on})

    def fitted(self, colours: Callable[[], Covariance]) -> Self:
        """The step with what it learns of the training images: the covariance of their colours, 0 to 1."""
        return self

    def refusal(self, shape: Shape) -> str:
        """Why it can do nothing for images of ``shape``; "" if it can."""
        grey = self.needs_colour and shape.channels == 1
        return f"{self.title} changes colours, but the network takes grey images." if grey else ""

    def storage(self, shape: Shape) -> Shape:
        """The shape of images that it needs to give such of ``shape``."""
        return shape

    def draw(self, random: Draws) -> Mapping[str, NDArray[np.generic]]:
        """The values that it takes for each image ``(N,)``, by name."""
        return {}

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        """What it drew for the image at ``index``, in words."""
        return Told.of_numbers({name: value[index] for name, value in values.items()})

    def apply(self, pixels: Tensor, targets: Tensor, values: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Images ``(N, C, H, W)``, float32 from 0 to 255, and their targets, changed by what was drawn for them."""
        raise TypeError(f"{type(self).__name__} does not declare apply")

    def warnings(self, seen: Seen, drawn: Values) -> Iterator[StepWarning]:
        """What it may do to such images that people should know of; ``drawn`` is what it drew for those shown."""
        yield from ()

    @model_serializer(mode="wrap")
    def _saved(self, usual: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Its settings; that it is on goes without saying."""
        saved: dict[str, Any] = usual(self)
        return saved if not self.on else {name: value for name, value in saved.items() if name != "on"}


AUGMENTATION: Registry[Step] = Registry("augmentation", one="augmentation step", several=True)
