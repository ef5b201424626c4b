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

from engine.data.layout import same_text

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

    def in_classes(self, classes: tuple[str, ...]) -> Self:
        """The same numbered by these classes, which their names tell; -1 for a class that is none of them."""
        places = {same_text(name): place for place, name in enumerate(classes)}
        numbers = np.array([places.get(same_text(name), -1) for name in self.classes], np.int64)
        return replace(self, values=numbers[self.strata], classes=classes, _copies={})

    def beyond(self, classes: Sequence[str]) -> tuple[str, ...]:
        """The names of those classes that are none of these."""
        known = set(map(same_text, classes))
        return tuple(name for name in self.classes if same_text(name) not in known)

    @property
    def unknown(self) -> list[int]:
        """The positions of images whose class is none of ``classes``."""
        places: list[int] = np.flatnonzero(self.strata < 0).tolist()
        return places

    def batch(self, positions: Tensor, device: torch.device) -> Tensor:
        """Those of the images of a batch ``(N, …)`` on ``device``, as losses and metrics take them."""
        if device not in self._copies:
            self._copies[device] = torch.from_numpy(self.values).to(device)
        return self._copies[device].index_select(0, positions.to(device, non_blocking=True))

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
