"""What a node has learned."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.errors import LayerloomError
from engine.inspection.results import Kernels
from engine.inspection.views import VIEWS, View
from engine.layers import Layer
from engine.network import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from engine.inspection.lens import Lens


@VIEWS.register
class Filters(View):
    """The weights that a layer has learned: kernels, a matrix, or one factor a map."""

    name: ClassVar = "filters"
    title: ClassVar = "Filters"
    subject: ClassVar = "layers that learn"
    needs_image: ClassVar = False

    def applies_to(self, layer: Layer, network: Network) -> bool:
        return layer.learns()

    def show(self, lens: Lens, image: Tensor, node: str) -> Kernels:
        found = kernels_of(lens.module, node)
        if found is None:
            raise LayerloomError(f"'{node}' has no weights to show.")
        return found


def kernels_of(module: nn.Module, node: str) -> Kernels | None:
    """The weights of ``node`` in a compiled network, or None if it has none to show."""
    from torch import Tensor, nn

    layer = dict(module.named_modules()).get(node)
    weight, bias = getattr(layer, "weight", None), getattr(layer, "bias", None)
    if not isinstance(weight, Tensor):
        return None
    if isinstance(layer, nn.ConvTranspose2d):
        weight = _outputs_first(weight, layer.groups)
    return Kernels(node, _array(weight), _array(bias) if isinstance(bias, Tensor) else None)


def _outputs_first(weight: Tensor, groups: int) -> Tensor:
    """The (C, M / groups, …) weights of a transposed convolution as (M, C / groups, …)."""
    return weight.reshape(groups, -1, *weight.shape[1:]).transpose(1, 2).flatten(0, 1)


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.detach().float().cpu().numpy()
