"""What comes with each image: what the network shall say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Targets:
    """Numbers ``(N, …)``, one entry an image; ``classes`` are names where each number is that of a class."""

    values: NDArray[np.generic]
    classes: tuple[str, ...] = ()
    _copies: dict[torch.device, Tensor] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.values)

    def of(self, indices: Indices | Sequence[int]) -> Self:
        """Those of some of the images."""
        return replace(self, values=self.values[np.asarray(indices, dtype=np.int64)], _copies={})

    def batch(self, positions: Tensor, device: torch.device) -> Tensor:
        """Those of the images of a batch ``(N, …)`` on ``device``, as losses and metrics take them."""
        if device not in self._copies:
            self._copies[device] = torch.from_numpy(self.values).to(device)
        return self._copies[device][positions.to(device)]

    def shares(self, batch: Tensor) -> Tensor:
        """Those of a batch as numbers that can be mixed: the share of each class ``(N, K)``, or floats."""
        return functional.one_hot(batch, len(self.classes)).float() if self.classes else batch.float()

    @property
    def strata(self) -> Indices:
        """The group ``(N,)`` in which each image is divided: its class, one group where there are none."""
        return self.values.astype(np.int64) if self.classes else np.zeros(len(self), np.int64)

    @property
    def counts(self) -> tuple[int, ...]:
        """Images of each class."""
        return tuple(np.bincount(self.strata, minlength=len(self.classes)).tolist()) if self.classes else ()
