"""Whether a method notices that a network forgets: the sanity check of Adebayo et al. 2018 (arXiv 1810.03292).

Layers are drawn anew from the output down, one more each time ("cascading randomisation", section 3.1), and the heat
of each is compared with that of the whole network by the rank correlation of absolute values. A method whose heat stays
the same says nothing about what was learned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from engine.inspection.explaining.explanation import Explanation
from engine.inspection.results import Result
from engine.inspection.views import VIEWS, View
from engine.settings import setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.inspection.lens import Lens

JUDGED_AT = 5
"""Layers that have been drawn anew when a method is judged; all of them, where there are fewer."""
LOW = 0.5
"""The rank correlation below which a method has noticed by then."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """How a method's heat stays like that of the whole network while one layer after another is drawn anew.

    ``correlations`` begin with 1, of no layer; they are NaN where the whole network's heat is the same everywhere, and
    0 where only the other is. ``heat`` ``(H, W)`` is that after the layers at which the method is judged.
    """

    method: View
    correlations: tuple[float, ...]
    judged_at: int
    heat: NDArray[np.float32] | None = None

    @property
    def judged(self) -> float | None:
        """The correlation by which the method is judged; None as long as it is not known."""
        known = self.correlations[self.judged_at] if len(self.correlations) > self.judged_at else float("nan")
        return known if known == known else None

    @property
    def notices(self) -> bool | None:
        """Whether the method notices that the network has forgotten; None as long as that is not known."""
        return None if self.judged is None else self.judged < LOW


@dataclass(frozen=True, slots=True, eq=False)
class Sanity(Result):
    """The curves of some methods as far as they are known; ``layers`` are drawn anew in this order."""

    layers: tuple[str, ...]
    curves: tuple[Curve, ...]
    done: float

    @property
    def array(self) -> NDArray[np.float32]:
        """The correlations ``(methods, layers + 1)``, NaN where they are not known."""
        import numpy as np

        values = np.full((len(self.curves), len(self.layers) + 1), np.nan, np.float32)
        for row, curve in zip(values, self.curves, strict=True):
            row[: len(curve.correlations)] = curve.correlations
        return values


class SanityCheck(Explanation):
    """Whether explanations of a class change as layers of the network are drawn anew, from the output down.

    The network itself stays as it is. It stands in no registry, as it is about views: ask a lens for it, as for any
    view; ``node`` is the layer of those methods that need one.
    """

    name: ClassVar = "sanity_check"
    title: ClassVar = "Sanity check"

    methods: tuple[Annotated[View, VIEWS], ...] = setting((), "Methods")
    seed: Annotated[int, Field(ge=0, lt=2**31)] = setting(0, "Seed")

    def steps(self, lens: Lens, image: Tensor, node: str) -> Iterator[Sanity]:
        from engine.inspection.explaining.randomising import sanity

        return sanity(lens, image, self._of_one_class(lens, image), node, seed=self.seed)

    def _of_one_class(self, lens: Lens, image: Tensor) -> Sequence[View]:
        """The methods, all for the class that the whole network predicts where none is asked for."""
        from engine.inspection.explaining.scoring import class_scores

        _, explained, _ = class_scores(lens, image, of=self.target)
        return [
            method.model_copy(update={method.class_setting: explained.number})
            if method.class_setting and getattr(method, method.class_setting) is None
            else method
            for method in self.methods
        ]
