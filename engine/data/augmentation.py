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
        with AUGMENTATION.blaming(step):
            shape = _checked(step, step.storage(shape), shape)
    return shape


def _checked(step: Step, stored: Shape, shape: Shape) -> Shape:
    """The shape that a step wants to give images of ``shape``, if there are such images."""
    if not (isinstance(stored, Shape) and stored.is_map and stored.channels in (1, 3) and min(stored) > 0):
        raise LayerloomError(f"The augmentation step {step.title} wants images of {stored} to give such of {shape}.")
    return stored


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
    _require_images(step, changed, pixels)
    if _sizes(changed_targets)[:1] != _sizes(targets)[:1]:
        given, taken = _sizes(changed_targets), _sizes(targets)
        raise LayerloomError(f"The augmentation step {step.title} made targets {given} of {taken}.")
    if step.probability == 1:
        return changed, changed_targets
    if changed.shape != pixels.shape:
        raise LayerloomError(f"{step.title} changes the size of images: its probability must be 1.")
    return _where(takes_part, changed, pixels), _where(takes_part, changed_targets, targets)


def _require_images(step: Step, changed: Tensor, pixels: Tensor) -> None:
    sizes, before = _sizes(changed), _sizes(pixels)
    whole = len(sizes) == len(before) and sizes[0] == before[0] and sizes[1] in (1, 3) and all(sizes)
    if not (whole and changed.is_floating_point()):
        kind = getattr(changed, "dtype", type(changed).__name__)
        raise LayerloomError(
            f"The augmentation step {step.title} made {kind} {sizes} of {pixels.dtype} {before}: "
            "as many floating-point images with 1 or 3 channels are needed."
        )


def _sizes(tensor: Tensor) -> tuple[int, ...]:
    import torch

    return tuple(tensor.shape) if isinstance(tensor, torch.Tensor) else ()


def _where(chosen: Tensor, changed: Tensor, before: Tensor) -> Tensor:
    if changed is before:
        return before
    return changed.where(chosen.view(-1, *[1] * (changed.ndim - 1)), before)
