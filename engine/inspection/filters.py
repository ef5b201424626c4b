"""What a node has learned, as arrays to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn


class FilterKind(StrEnum):
    """How the values of `Filters` are to be read."""

    KERNELS = "kernels"  # (M, C, K_h, K_w): a kernel for each output and each input map it reads
    MATRIX = "matrix"  # (outputs, inputs)
    SCALES = "scales"  # (C,): one factor a map


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """The weights of one node, outputs first, and its bias if it has one."""

    node: str
    kind: FilterKind
    values: NDArray[np.float32]
    bias: NDArray[np.float32] | None


def filters(module: nn.Module, node: str) -> Filters | None:
    """The weights of ``node`` in a compiled network, or None if it has none to show."""
    layer = dict(module.named_modules()).get(node)
    weight = getattr(layer, "weight", None)
    if not isinstance(weight, Tensor):
        return None
    if isinstance(layer, nn.ConvTranspose2d):
        weight = _outputs_first(weight, layer.groups)
    kinds = {4: FilterKind.KERNELS, 2: FilterKind.MATRIX, 1: FilterKind.SCALES}
    bias = getattr(layer, "bias", None)
    return Filters(node, kinds[weight.ndim], _array(weight), _array(bias) if isinstance(bias, Tensor) else None)


def _outputs_first(weight: Tensor, groups: int) -> Tensor:
    """The (C, M / groups, …) weights of a transposed convolution as (M, C / groups, …)."""
    return weight.reshape(groups, -1, *weight.shape[1:]).transpose(1, 2).flatten(0, 1)


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.detach().float().cpu().numpy()
