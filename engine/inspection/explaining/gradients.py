"""Views that differentiate the score of a class by the pixels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from engine.inspection.explaining.evidence import Evidence
from engine.inspection.explaining.explanation import Explanation
from engine.inspection.views import VIEWS
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.lens import Lens


@VIEWS.register
class Saliency(Explanation):
    """How steeply the score of a class changes with each pixel: the largest absolute gradient over the channels."""

    name: ClassVar = "saliency"
    title: ClassVar = "Saliency"
    aliases: ClassVar = ("gradient",)
    needs_gradients: ClassVar = True
    source: ClassVar = "Simonyan et al., ICLR workshop 2014 · arXiv 1312.6034"
    formula: ClassVar = "max over c of |∂y/∂x_c|"

    def show(self, lens: Lens, image: Tensor, node: str) -> Evidence:
        from engine.inspection.explaining.slopes import slope, strongest_channel

        gradient, explained = slope(lens, image, of=self.target)
        return Evidence(abs(strongest_channel(gradient)), explained, trained=lens.trained)


@VIEWS.register
class GradientInput(Explanation):
    """The gradient of the score times the normalised pixel, added up over the channels: its part of a linear score."""

    name: ClassVar = "gradient_input"
    title: ClassVar = "Gradient × input"
    aliases: ClassVar = ("input_gradient", "gradient times input")
    needs_gradients: ClassVar = True
    source: ClassVar = "Shrikumar et al., 2016 · arXiv 1605.01713"
    formula: ClassVar = "Σ_c x_c · ∂y/∂x_c"

    def show(self, lens: Lens, image: Tensor, node: str) -> Evidence:
        from engine.inspection.explaining.scoring import array_of
        from engine.inspection.explaining.slopes import slope

        gradient, explained = slope(lens, image, of=self.target)
        products = (gradient * image.detach())[0].sum(dim=0)
        return Evidence(array_of(products), explained, by_size=False, trained=lens.trained)


@VIEWS.register
class SmoothGrad(Explanation):
    """Saliency of the mean gradient over copies of the image with noise, which leaves less of the gradient's own noise.

    The noise is normal; its deviation is a share of the normalised image's span. A seed draws the same again.
    """

    name: ClassVar = "smooth_grad"
    title: ClassVar = "SmoothGrad"
    aliases: ClassVar = ("smoothgrad",)
    needs_gradients: ClassVar = True
    source: ClassVar = "Smilkov et al., 2017 · arXiv 1706.03825"
    formula: ClassVar = "max over c of |1/n · Σ ∂y(x + ε)/∂x_c|,  ε ~ N(0, σ²)"

    samples: Annotated[int, Field(ge=1, le=1000)] = setting(25, "Copies")
    noise: Annotated[float, Field(ge=0, le=1)] = setting(
        0.15, "Noise", help="The deviation σ of the noise, as a share of the largest minus the smallest value."
    )
    seed: Annotated[int, Field(ge=0, lt=2**31)] = setting(0, "Seed", advanced=True)

    def steps(self, lens: Lens, image: Tensor, node: str) -> Iterator[Evidence]:
        from engine.inspection.explaining.slopes import mean_slopes, strongest_channel

        found = mean_slopes(lens, image, of=self.target, samples=self.samples, noise=self.noise, seed=self.seed)
        for gradient, explained, done in found:
            yield Evidence(abs(strongest_channel(gradient)), explained, trained=lens.trained, done=done)


@VIEWS.register
class GuidedBackprop(Explanation):
    """The gradient of the score by the pixels, with what a ReLU would pass back below 0 left out; it has a sign.

    It passes leaky and capped ReLUs in the same way, and other activations as the plain gradient does. It tells edges
    from the rest of the image more than classes from each other (Adebayo et al. 2018).
    """

    name: ClassVar = "guided_backprop"
    title: ClassVar = "Guided backprop"
    aliases: ClassVar = ("guided_backpropagation", "guided backpropagation")
    needs_gradients: ClassVar = True
    source: ClassVar = "Springenberg et al., ICLR workshop 2015 · arXiv 1412.6806"
    formula: ClassVar = "R = [x > 0] · [R′ > 0] · R′ at each ReLU"

    def show(self, lens: Lens, image: Tensor, node: str) -> Evidence:
        from engine.inspection.explaining.guiding import guided, notes
        from engine.inspection.explaining.scoring import array_of
        from engine.inspection.explaining.slopes import slope, strongest_channel

        gradient, explained = slope(guided(lens), image, of=self.target)
        return Evidence(
            strongest_channel(gradient),
            explained,
            channels=array_of(gradient[0]),
            notes=notes(lens),
            trained=lens.trained,
        )
