"""What is asked of a network about one image, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.images import Pixels
from engine.inspection.results import Maps, Result
from engine.inspection.views import View


class Asked(NamedTuple):
    """A view, and the node it is wanted of; "" for a view that needs none."""

    view: View
    node: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What a network makes of one image.

    ``prediction`` ``(…)`` is the task's. What was asked is either in ``results``, or in ``refused`` with a sentence;
    ``instead`` names a node, or "", that some of what is refused could be asked of.
    """

    pixels: Pixels
    prediction: NDArray[np.float64]
    results: Mapping[Asked, Result] = field(default_factory=dict)
    refused: Mapping[Asked, str] = field(default_factory=dict)
    instead: Mapping[Asked, str] = field(default_factory=dict)

    @property
    def maps(self) -> dict[str, NDArray[np.float32]]:
        """The maps of each node that was asked for them: ``(C, H, W)`` or ``(N,)``."""
        return {asked.node: result.values for asked, result in self.results.items() if isinstance(result, Maps)}
