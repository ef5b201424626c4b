"""What a node gives for an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.inspection.results import Maps
from engine.inspection.views import VIEWS, View
from engine.network import Network

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.lens import Lens


@VIEWS.register
class FeatureMaps(View):
    """What a layer gives for an image: its maps, or its vector."""

    name: ClassVar = "feature_maps"
    title: ClassVar = "Feature maps"
    aliases: ClassVar = ("features",)

    def reads(self, node: str, network: Network) -> tuple[str, ...]:
        return (node,)

    def show(self, lens: Lens, image: Tensor, node: str) -> Maps:
        return Maps(lens.values(image, (node,))[node][0].float().cpu().numpy())
