"""The weights of some nodes out of a checkpoint; reads no more of the file than it needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from engine.errors import LayerloomError

_BINS = 48


@dataclass(frozen=True, eq=False)
class NodeWeights:
    """The parameters of one node or block, by their names within it ("weight", "0.conv1.weight")."""

    parameters: dict[str, NDArray[np.float32]]

    @cached_property
    def values(self) -> NDArray[np.float32]:
        """All weights in one line; biases and what batch norm keeps only where there is nothing else."""
        weights = [array for array in self.parameters.values() if array.ndim > 1] or list(self.parameters.values())
        return np.concatenate([array.ravel() for array in weights])

    @cached_property
    def histogram(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Counts and the edges of their bins, over the values that are finite."""
        finite = self.values[np.isfinite(self.values)]
        counts, edges = np.histogram(finite, bins=_BINS)
        return counts, edges.astype(np.float64)

    @property
    def kernels(self) -> NDArray[np.float32] | None:
        """The kernels of a convolution, ``(out, in, H, W)``; None for anything else."""
        four = [array for array in self.parameters.values() if array.ndim == 4]
        return four[0] if len(four) == 1 and four[0].shape[-1] > 1 else None


def read_weights(checkpoint: Path, nodes: Collection[str], prefix: str) -> NodeWeights | None:
    """The parameters of ``nodes``, named below ``prefix``; None if they have none.

    Raises `LayerloomError` for a file that is not there or damaged.
    """
    found: dict[str, NDArray[np.float32]] = {}
    try:
        with safe_open(checkpoint, framework="numpy") as file:
            for name in file.keys():  # noqa: SIM118 - the file is no mapping
                node = name.rpartition(".")[0]
                if node in nodes and file.get_slice(name).get_shape():
                    found[name.removeprefix(prefix + ".")] = file.get_tensor(name)
    except FileNotFoundError:
        raise LayerloomError("The run has kept no weights yet.") from None
    except (SafetensorError, OSError) as error:
        raise LayerloomError(f"{checkpoint} is damaged and cannot be read.") from error
    return NodeWeights(found) if found else None
