"""When each image of a part has its turn in a pass of training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.draws import Pass


@dataclass(frozen=True, slots=True)
class Turns:
    """What the images of a part were when the training began, so that those that came or went since change nothing.

    ``places`` ``(N,)`` say where they stood in the part, which had ``count`` images; ``numbers`` ``(N,)`` are their
    indices among all images then, which all that is drawn for them follows from.
    """

    numbers: NDArray[np.int64]
    places: NDArray[np.int64]
    count: int

    @classmethod
    def of(cls, indices: NDArray[np.int64]) -> Turns:
        """Those of a training that begins with these images."""
        return cls(indices, np.arange(len(indices)), len(indices))

    def order(self, drawn_in: Pass) -> Tensor:
        """The positions ``(count,)`` in the order of a pass; -1 is an image that is not there any more."""
        positions = torch.full((self.count,), -1)
        positions[torch.from_numpy(self.places)] = torch.arange(len(self.places))
        return positions[torch.randperm(self.count, generator=torch.Generator().manual_seed(drawn_in.order_seed))]
