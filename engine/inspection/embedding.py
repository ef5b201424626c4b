"""A part of the images as points, near each other where a layer gives alike values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from engine.data.part_words import SPOKEN
from engine.inspection.interventions import Part
from engine.inspection.views import VIEWS, View
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.lens import Lens
    from engine.inspection.results import Points

Method = Literal["pca", "tsne"]
METHODS: dict[str, str] = {"pca": "PCA", "tsne": "t-SNE"}


@VIEWS.register
class Embedding(View):
    """What a layer gives for the images of a part, as points in a plane: by PCA or by t-SNE (van der Maaten 2008)."""

    name: ClassVar = "embedding"
    title: ClassVar = "Embedding"
    needs_image: ClassVar = False
    needs_data: ClassVar = True

    method: Method = setting("pca", "Method", labels=METHODS)
    part: Part = setting("validation", "Images", labels={part: words.capitalize() for part, words in SPOKEN.items()})
    flatten: bool = setting(False, "Every place by itself", help="Else each map counts by its mean.")
    perplexity: Annotated[float, Field(ge=2, le=500)] = setting(
        30.0, "Perplexity", help="Of t-SNE: about how many neighbours count.", advanced=True
    )
    descents: Annotated[int, Field(ge=250, le=20_000)] = setting(1000, "Steps", help="Of t-SNE.", advanced=True)
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = setting(0, "Seed", help="Of t-SNE.", advanced=True)

    def show(self, lens: Lens, image: Tensor, node: str) -> Points:
        from engine.inspection.embedding_points import points

        return points(lens, node, self)
