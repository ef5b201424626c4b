"""The images of a pass of training, and beside each those that are mixed into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.draws import Draws


@dataclass(frozen=True, eq=False)
class Lanes:
    """Positions of images in the order in which they are read, then those of as many partners, lane after lane.

    An entry is a place in ``order``; the first ``len(lanes)`` are the images themselves.
    """

    order: Tensor  # (count · N,)
    count: int = 1
    _keys: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))

    @classmethod
    def of(cls, order: Tensor, partners: Sequence[tuple[NDArray[np.int64], Draws]], draws: Draws) -> Lanes:
        """Images in their order with what each draws, and for each mixing step their partners with what those draw."""
        every = torch.cat([order, *(torch.from_numpy(found) for found, _ in partners)])
        return cls(every, 1 + len(partners), np.concatenate([draws.keys, *(theirs.keys for _, theirs in partners)]))

    def __len__(self) -> int:
        return len(self.order) // self.count

    def beside(self, entries: Tensor) -> Tensor:
        """Entries of images ``(n,)`` with those of their partners ``(count · n,)``."""
        if self.count == 1:
            return entries
        return torch.cat([entries + lane * len(self) for lane in range(self.count)])

    def first(self, entries: Tensor) -> Tensor:
        """Those of the entries that are images themselves."""
        return entries if self.count == 1 else entries[entries < len(self)]

    def draws(self, entries: Tensor) -> Draws:
        """What the images and partners of a batch draw."""
        return Draws(self._keys[entries.numpy()])

    def apart(self, values: Tensor, entries: Tensor) -> list[Tensor]:
        """Values ``(count · n, …)`` of a batch by lanes; an image stands for its own partner that could not be read."""
        order, first = entries.argsort(), self.first(entries)
        found = []
        for lane in range(self.count):
            wanted = first + lane * len(self)
            place = order[torch.searchsorted(entries, wanted, sorter=order).clamp(max=len(entries) - 1)]
            own = order[torch.searchsorted(entries, first, sorter=order)]
            found.append(values[place.where(entries[place] == wanted, own).to(values.device)])
        return found
