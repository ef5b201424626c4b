"""How the network or the image that is looked at differs from the run's own."""

from __future__ import annotations

from typing import Annotated, Self

from engine.inspection.damages import DAMAGES, Damage
from engine.inspection.interventions import INTERVENTIONS, Intervention
from engine.settings import Settings, setting


class Alteration(Settings):
    """All that is done to the units of a network, in this order where it is to the same, and to the image."""

    units: tuple[Annotated[Intervention, INTERVENTIONS], ...] = setting((), "Units")
    damages: tuple[Annotated[Damage, DAMAGES], ...] = setting((), "Image")

    def __bool__(self) -> bool:
        return bool(self.active.units or self.active.damages)

    @property
    def active(self) -> Self:
        """Those alone that are on."""
        units, damages = ([one for one in some if one.on] for some in (self.units, self.damages))
        return self.model_copy(update={"units": tuple(units), "damages": tuple(damages)})

    @property
    def said(self) -> str:
        """What differs, in a line: "conv2 3, 7: off; noise 20 %"; "" if nothing does."""
        active = self.active
        return "; ".join([*(one.said for one in active.units), *(damage.summary() for damage in active.damages)])

    def changing(self, node: str, unit: int) -> Intervention | None:
        """What is done to a unit of a node, the last of several; None if nothing is."""
        return next((one for one in reversed(self.units) if one.concerns(node, unit)), None)

    def with_units(self, *units: Intervention) -> Self:
        """The same, and more is done to units."""
        return self.model_copy(update={"units": (*self.units, *units)})
