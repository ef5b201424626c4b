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
    Of an altered network or image, ``before`` is the prediction of the network as it is for the image as it is, and
    ``damaged`` what it was shown in place of ``pixels``, if that is another image.
    """

    pixels: Pixels
    prediction: NDArray[np.float64]
    results: Mapping[Asked, Result] = field(default_factory=dict)
    refused: Mapping[Asked, str] = field(default_factory=dict)
    instead: Mapping[Asked, str] = field(default_factory=dict)
    before: NDArray[np.float64] | None = None
    damaged: Pixels | None = None

    @property
    def shown(self) -> Pixels:
        """The image that the network was shown, ``(C, H, W)``."""
        return self.pixels if self.damaged is None else self.damaged

    @property
    def maps(self) -> dict[str, NDArray[np.float32]]:
        """The maps of each node that was asked for them: ``(C, H, W)`` or ``(N,)``."""
        return {asked.node: result.values for asked, result in self.results.items() if isinstance(result, Maps)}
