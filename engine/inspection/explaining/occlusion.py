"""What is lost where the image is covered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from engine.inspection.explaining.explanation import Explanation
from engine.inspection.views import VIEWS
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.explaining.evidence import Occluded
    from engine.inspection.lens import Lens

Fill = Literal["mean", "image", "black", "white"]
Pixels = Annotated[int, Field(ge=1, le=4096)]


@VIEWS.register
class Occlusion(Explanation):
    """How much of the score of a class is lost where a square patch covers the image; below 0 where it gains.

    The image is divided into cells as large as the stride; the patch stands around the middle of each in turn, cut off
    at the border, and the cell gets the score of the whole image minus that of the covered one. With a second class it
    is the lead over that one that is lost.
    """

    name: ClassVar = "occlusion"
    title: ClassVar = "Occlusion"
    source: ClassVar = "Zeiler & Fergus, ECCV 2014 · arXiv 1311.2901"
    formula: ClassVar = "y(x) − y(x with the patch)"

    against: int | None = setting(
        None, "Against", help="The number of a second class: what is lost is the lead over its score."
    )
    patch: Pixels | None = setting(
        None, "Patch", unit="px", help="Its height and width; if left out, a sixth of the image's shorter side."
    )
    stride: Pixels | None = setting(
        None,
        "Stride",
        unit="px",
        help="From patch to patch, at most the patch; if left out, 1 up to 64 px and a sixteenth of larger images.",
    )
    fill: Fill = setting(
        "mean",
        "Cover with",
        labels={"mean": "Mean", "image": "Mean of this image", "black": "Black", "white": "White"},
        help="The mean is the one that the normalisation takes off, as a rule that of the training images.",
    )

    def steps(self, lens: Lens, image: Tensor, node: str) -> Iterator[Occluded]:
        from engine.inspection.explaining.covering import Covering, occluded

        covering = Covering.of(image, patch=self.patch, stride=self.stride)
        yield from occluded(lens, image, covering, of=self.target, against=self.against, fill=self.fill)
