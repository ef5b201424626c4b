"""Which units of a layer a network can do without."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.data.part_words import SPOKEN
from engine.inspection.interventions import Part
from engine.inspection.views import VIEWS, View
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.lens import Lens
    from engine.inspection.results import Ranking


@VIEWS.register
class Ablation(View):
    """How much worse a run gets on its images when a unit of a layer gives 0, for one unit after another."""

    name: ClassVar = "ablation"
    title: ClassVar = "Ablation"
    needs_image: ClassVar = False
    needs_data: ClassVar = True

    part: Part = setting("validation", "Images", labels={part: words.capitalize() for part, words in SPOKEN.items()})

    def show(self, lens: Lens, image: Tensor, node: str) -> Ranking:
        from engine.inspection.measuring import ranking

        return ranking(lens, node, self.part)
