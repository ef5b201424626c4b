"""When each image of a part has its turn in a pass of training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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

    def by_place(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Values ``(N,)`` of the images that are there, in the places ``(count,)`` where they stood; -1 elsewhere."""
        found = np.full(self.count, -1)
        found[self.places] = values
        return found
