"""What the units of a layer see where they answer most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from engine.inspection.fitting import computed
from engine.inspection.results import Patches
from engine.inspection.views import VIEWS, View
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.lens import Lens
    from engine.inspection.units.answers import Answers

MOST_UNITS = 64
"""Units whose patches are shown together."""


@VIEWS.register
class TopPatches(View):
    """The nine parts of images that excite each unit of a layer most, cut out exactly as large as the unit sees."""

    name: ClassVar = "top_patches"
    title: ClassVar = "Top patches"
    aliases: ClassVar = ("patches",)
    needs_image: ClassVar = False
    needs_data: ClassVar = True

    unit: Annotated[int, Field(ge=0)] | None = setting(
        None, "Unit", help=f"Left out, all are shown, or the first {MOST_UNITS}."
    )
    part: Literal["train", "validation", "test"] = setting("test", "Images")
    most: Annotated[int, Field(ge=1)] | None = setting(
        None, "At most", unit="images", help="So many of them, spread evenly over the part; left out, all are searched."
    )
    per_image: Literal["one", "any"] = setting(
        "one", "Per image", help="Whether each image counts with its strongest place alone, or with any of its places."
    )
    projected: bool = setting(
        False, "Projected back", help="Also what in each patch the unit answered to, by a deconvnet."
    )

    def show(self, lens: Lens, image: Tensor, node: str) -> Patches:
        from engine.data.progress import finished
        from engine.inspection.units.deconvnet import require_units
        from engine.inspection.units.patches import patches_of, projected
        from engine.inspection.units.rules import rules_of
        from engine.inspection.units.search import search
        from engine.network.reach import reach_of

        units = range(min(MOST_UNITS, computed(lens, node)[0])) if self.unit is None else (self.unit,)
        require_units(node, units, computed(lens, node)[0])
        found = finished(search(lens, (node,), self.part, most=self.most), lens.listener)
        images, reach = lens.data.part(self.part), reach_of(lens.network, node, analysis=lens.analysis)
        answers = found.answers[node]
        patches = patches_of(answers, reach, images, units, per_image=self.per_image)
        told = (answers.summary, self._dead_words(lens, answers), reach.larger_words(node), *found.notes)
        notes = tuple(filter(None, told))
        if not self.projected:
            return replace(patches, notes=notes)
        back = finished(projected(lens, answers, images, units, per_image=self.per_image), lens.listener)
        return replace(patches, projected=back, notes=(*notes, *rules_of(lens.network, node, lens.analysis)))

    def _dead_words(self, lens: Lens, answers: Answers) -> str:
        """That the unit that is asked for is dead, and what for; "" if it lives."""
        from engine.inspection.units.answers import useless_words
        from engine.inspection.units.layers import layer_of, parameters_of_unit

        if self.unit is None or not answers.dead[self.unit]:
            return ""
        parameters = parameters_of_unit(lens.module, layer_of(lens.network, answers.node), self.unit)
        useless = f" {useless_words(parameters)}" if parameters else ""
        return f"Unit {self.unit} is dead: {answers.dead_words(self.unit)}.{useless}"
