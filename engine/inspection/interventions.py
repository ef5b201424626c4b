"""What can be done to the maps or units of a layer while a network is looked into; one class each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Protocol, Self

from pydantic import Field

from engine.choices import Choice, Registry
from engine.data.part_words import SPOKEN
from engine.errors import LayerloomError
from engine.inspection.units_text import units_text
from engine.settings import setting
from engine.words import counted, number_text, path_text

if TYPE_CHECKING:
    from torch import Tensor

Part = Literal["train", "validation", "test"]


class Elsewhere(Protocol):
    """What stands in place of values may come from other images; all of the network as it is by itself."""

    def means(self, node: str, part: str) -> Tensor:
        """The mean of each map over a part of the images of the run and all places, ``(1, C, 1, 1)``; or ``(1, N)``.

        Raises `LayerloomError` where there are no such images.
        """
        ...

    def of_image(self, node: str, image: str) -> Tensor:
        """What a node gives for another image ``(1, …)``; raises `LayerloomError` if that cannot be read."""
        ...


class Intervention(Choice):
    """Puts other values in place of what some ``units`` of the layer ``node`` give, while it is ``on``."""

    head: ClassVar = ("on",)

    on: bool = setting(True, "On")
    node: str = setting("", "Layer")
    units: tuple[Annotated[int, Field(ge=0)], ...] | Literal["all"] = setting(
        "all", "Units", help="The numbers of maps, or of the values of a vector, from 0; or all."
    )

    @property
    def said(self) -> str:
        """What is done, in a few words: "conv2 3, 7: off"."""
        return f"{path_text(self.node)} {units_text(self.units)}: {self.summary()}"

    @property
    def brief(self) -> str:
        """What is done, where there is room for a word."""
        return self.summary()

    def concerns(self, node: str, unit: int) -> bool:
        """Whether it changes what a unit of a node gives."""
        return self.on and node == self.node and (self.units == "all" or unit in self.units)

    def without(self, node: str, unit: int, count: int) -> Self | None:
        """The same where nothing is done to a unit of a node that gives ``count``; None if nothing is left of it."""
        if node != self.node:
            return self
        units = tuple(one for one in (range(count) if self.units == "all" else self.units) if one != unit)
        return self.model_copy(update={"units": units}) if units else None

    def of(self, values: Tensor, elsewhere: Elsewhere) -> Tensor | float:
        """What stands for the values ``(N, C, H, W)`` or ``(N, F)`` of all units of the node, which stay as they are.

        Only torch functions, as they are written into a graph. Raises `LayerloomError` where nothing can stand.
        """
        raise TypeError(f"{type(self).__name__} does not declare of")

    def require_units(self, count: int, *, maps: bool) -> None:
        """Raise `LayerloomError` if a layer with so many maps, or values of a vector, lacks a unit."""
        beyond = [] if self.units == "all" else [unit for unit in self.units if unit >= count]
        if beyond:
            kind = "map" if maps else "unit"
            raise LayerloomError(
                f"{path_text(self.node)} has {counted(count, kind)}, counted from 0 to {count - 1}: "
                f"there is no {kind} {beyond[0]}."
            )


INTERVENTIONS: Registry[Intervention] = Registry("interventions", one="intervention")


@INTERVENTIONS.register
class Off(Intervention):
    """The units give 0."""

    name: ClassVar = "off"
    title: ClassVar = "Switch off"
    icon: ClassVar = "mdi6.power"

    def of(self, values: Tensor, elsewhere: Elsewhere) -> Tensor | float:
        return 0.0

    def summary(self) -> str:
        return "off"


@INTERVENTIONS.register
class Scale(Intervention):
    """What the units give is multiplied."""

    name: ClassVar = "scale"
    title: ClassVar = "Scale"
    icon: ClassVar = "mdi6.arrow-expand-vertical"

    factor: Annotated[float, Field(ge=-10, le=10)] = setting(2.0, "Factor", track=(-1, 3))

    def of(self, values: Tensor, elsewhere: Elsewhere) -> Tensor | float:
        return values * self.factor

    def summary(self) -> str:
        return f"× {number_text(self.factor, 2)}"


@INTERVENTIONS.register
class Constant(Intervention):
    """The units give one value, whatever the image."""

    name: ClassVar = "constant"
    title: ClassVar = "Set to a value"
    icon: ClassVar = "mdi6.equal"

    value: Annotated[float, Field(ge=-1e6, le=1e6)] = setting(1.0, "Value", track=(-3, 3))

    def of(self, values: Tensor, elsewhere: Elsewhere) -> Tensor | float:
        return self.value

    def summary(self) -> str:
        return f"= {number_text(self.value, 2)}"


@INTERVENTIONS.register
class Mean(Intervention):
    """Each unit gives its mean over a part of the run's images, and over all places of its map."""

    name: ClassVar = "part_mean"
    title: ClassVar = "Replace by its mean"
    aliases: ClassVar = ("mean",)
    icon: ClassVar = "mdi6.sigma"

    part: Part = setting("validation", "Images", labels={part: words.capitalize() for part, words in SPOKEN.items()})

    def of(self, values: Tensor, elsewhere: Elsewhere) -> Tensor | float:
        return elsewhere.means(self.node, self.part)

    @property
    def brief(self) -> str:
        return "mean"

    def summary(self) -> str:
        return f"mean over the {SPOKEN[self.part]} images"


@INTERVENTIONS.register
class OtherImage(Intervention):
    """The units give what they give for another image."""

    name: ClassVar = "other_image"
    title: ClassVar = "Take from another image"
    aliases: ClassVar = ("other",)
    icon: ClassVar = "mdi6.image-move"

    image: str = setting("", "Image", help="The file of the other image.")

    def of(self, values: Tensor, elsewhere: Elsewhere) -> Tensor | float:
        if not self.image:
            raise LayerloomError("From which image? The intervention other_image needs image=FILE.")
        return elsewhere.of_image(self.node, self.image)

    @property
    def brief(self) -> str:
        return "other"

    def summary(self) -> str:
        return f"as for {self.image or 'another image'}"
