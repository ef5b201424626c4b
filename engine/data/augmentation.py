"""What may be done to training images before the network gets them; one class a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from engine.choices import Choice, Registry
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from engine.settings import setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.draws import Draws

Probability = Annotated[float, Field(ge=0, le=1)]


class Step(Choice):
    """One change of the images of a batch, with values of its own for each image.

    A ``probability`` setting below 1 leaves some images as they are; a step with one keeps the shape.
    """

    probability: Probability = setting(1.0, "Probability")

    def storage(self, shape: Shape) -> Shape:
        """The shape of images that it needs to give such of ``shape``."""
        return shape

    def draw(self, random: Draws) -> Mapping[str, NDArray[np.generic]]:
        """The values that it takes for each image ``(N,)``, by name."""
        return {}

    def apply(self, pixels: Tensor, targets: Tensor, values: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Images ``(N, C, H, W)``, float32 from 0 to 255, and their targets, changed by what was drawn for them."""
        raise TypeError(f"{type(self).__name__} does not declare apply")


AUGMENTATION: Registry[Step] = Registry("augmentation", one="augmentation step")


def storage_shape(steps: Sequence[Step], shape: Shape) -> Shape:
    """The shape at which images are kept, so that ``steps`` can bring them to ``shape``."""
    for step in reversed(steps):
        shape = step.storage(shape)
    return shape


def augmented(steps: Sequence[Step], pixels: Tensor, targets: Tensor, random: Draws) -> tuple[Tensor, Tensor]:
    """Images ``(N, C, H, W)``, float32 from 0 to 255, and their targets after all ``steps``."""
    for place, step in enumerate(steps):
        before = sum(other.name == step.name for other in steps[:place])
        drawn = random.for_(f"{step.name} {before}")  # by name, so that other steps coming or going change nothing
        with AUGMENTATION.blaming(step):
            pixels, targets = _after(step, pixels, targets, drawn)
    return pixels, targets


def _after(step: Step, pixels: Tensor, targets: Tensor, drawn: Draws) -> tuple[Tensor, Tensor]:
    import torch

    takes_part = torch.from_numpy(drawn.uniform() < step.probability).to(pixels.device)
    values = {name: torch.from_numpy(value).to(pixels) for name, value in step.draw(drawn).items()}
    changed, changed_targets = step.apply(pixels, targets, values)
    if step.probability == 1:
        return changed, changed_targets
    if changed.shape != pixels.shape:
        raise LayerloomError(f"{step.title} changes the size of images: its probability must be 1.")
    return _where(takes_part, changed, pixels), _where(takes_part, changed_targets, targets)


def _where(chosen: Tensor, changed: Tensor, before: Tensor) -> Tensor:
    if changed is before:
        return before
    return changed.where(chosen.view(-1, *[1] * (changed.ndim - 1)), before)
