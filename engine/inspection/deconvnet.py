"""What in an image a unit answered to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from engine.inspection.results import Projection
from engine.inspection.views import VIEWS, View
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.lens import Lens


@VIEWS.register
class Deconvnet(View):
    """A unit's strongest answer to an image, projected back to the pixels that it comes from (Zeiler & Fergus 2014)."""

    name: ClassVar = "deconvnet"
    title: ClassVar = "Deconvnet"

    unit: Annotated[int, Field(ge=0)] = setting(0, "Unit")

    def show(self, lens: Lens, image: Tensor, node: str) -> Projection:
        from engine.inspection.units.deconvnet import Backwards

        return Backwards(lens, node)(image, (self.unit,))[0]
