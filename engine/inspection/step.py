"""One value of a convolution, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from engine.errors import LayerloomError
from engine.inspection.views import VIEWS, View
from engine.layers import Layer
from engine.layers.convolution import Convolution
from engine.network import Network
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.lens import Lens
    from engine.inspection.results import Steps


@VIEWS.register
class StepThrough(View):
    """One value of a convolution worked out as on paper, a page for each input map."""

    name: ClassVar = "step"
    title: ClassVar = "Step through"
    subject: ClassVar = "convolutions"

    channel: Annotated[int, Field(ge=0)] = setting(0, "Map")
    row: Annotated[int, Field(ge=0)] = setting(0, "Row")
    column: Annotated[int, Field(ge=0)] = setting(0, "Column")
    decimals: Annotated[int, Field(ge=0, le=9)] | None = setting(
        None, "Decimals", help="Places that values are rounded to; if left out, as many as the result needs."
    )

    def applies_to(self, layer: Layer, network: Network) -> bool:
        return isinstance(layer, Convolution)

    def reads(self, node: str, network: Network) -> tuple[str, ...]:
        return (network.incoming(node)[0].source, node)

    def show(self, lens: Lens, image: Tensor, node: str) -> Steps:
        from engine.inspection.step_through import step_through

        if changed := lens.alteration.changing(node, self.channel):
            raise LayerloomError(f"Map {self.channel} is not what the convolution gives: {changed.said}.")
        return step_through(
            lens.network,
            lens.module,
            lens.values(image, self.reads(node, lens.network)),
            node,
            channel=self.channel,
            row=self.row,
            column=self.column,
            decimals=self.decimals,
        )
