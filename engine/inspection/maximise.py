"""A picture that a unit answers to as strongly as it can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from engine.inspection.results import Maximised
from engine.inspection.views import VIEWS, View
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.lens import Lens


@VIEWS.register
class Maximise(View):
    """A picture that a unit answers to as strongly as it can, drawn from noise by climbing its gradient."""

    name: ClassVar = "maximise"
    title: ClassVar = "Maximise a unit"
    aliases: ClassVar = ("maximize",)
    needs_image: ClassVar = False

    unit: Annotated[int, Field(ge=0)] = setting(0, "Unit")
    adam_steps: Annotated[int, Field(ge=1, le=10_000)] = setting(160, "Steps")
    smooth: Annotated[float, Field(ge=0, le=10_000)] = setting(70.0, "Smooth", help="Weight of the total variation.")
    grey: Annotated[float, Field(ge=0, le=10_000)] = setting(26.0, "To grey", help="Weight of the distance from grey.")
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = setting(0, "Seed", help="Of the noise that it starts from.")
    where: Literal["centre", "mean"] = setting(
        "centre", "What climbs", help="The answer at the middle of the map, or the mean of the map."
    )

    def steps(self, lens: Lens, image: Tensor, node: str) -> Iterator[Maximised]:
        from engine.data.progress import Progress, tell
        from engine.inspection.units.maximising import maximise

        for (picture,) in maximise(lens, node, (self.unit,), self):
            tell(lens.listener, Progress("Maximising", picture.step, picture.steps, "steps"))
            yield picture
