"""Grad-CAM at every convolution of a network, or where each of its blocks ends, in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.inspection.explaining.evidence import ClassMap
from engine.inspection.explaining.explanation import Explanation
from engine.inspection.results import Result
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.lens import Lens


@dataclass(frozen=True, slots=True, eq=False)
class ClassMaps(Result):
    """Maps for a class by the convolution or block they are of, from input to output.

    ``half`` of each is the share of the image that holds half of its heat. They come without the layers' own maps.
    """

    by_place: Mapping[str, ClassMap]


class GradCamEverywhere(Explanation):
    """Grad-CAM at every convolution, from input to output, or at the end of every block.

    It stands in no registry, as it is no picture of its own: ask a lens for it, as for any view.
    """

    name: ClassVar = "grad_cam_everywhere"
    title: ClassVar = "Grad-CAM at every layer"
    needs_gradients: ClassVar = True

    blocks: bool = setting(False, "At blocks", help="Where each block ends, in place of every convolution.")

    def show(self, lens: Lens, image: Tensor, node: str) -> ClassMaps:
        return ClassMaps(grad_cam_everywhere(lens, image, of=self.target, blocks=self.blocks))


def grad_cam_everywhere(
    lens: Lens, image: Tensor, *, of: int | None = None, blocks: bool = False
) -> dict[str, ClassMap]:
    """The maps of a class by convolution or by block, for an image ``(1, C, H, W)`` that requires a gradient."""
    from engine.inspection.explaining import places
    from engine.inspection.explaining.class_maps import class_maps

    nodes = places.blocks(lens) if blocks else {name: name for name in places.convolutions(lens)}
    found = class_maps(lens, image, tuple(dict.fromkeys(nodes.values())), of=of)
    return {place: found[node] for place, node in nodes.items()}
