"""Steps one after the other, those that move pixels together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby
from typing import TYPE_CHECKING

from engine.data.augmentation.geometry import GeometricStep
from engine.data.augmentation.mixing import MixingStep
from engine.data.augmentation.step import AUGMENTATION, Covariance, Step
from engine.errors import LayerloomError
from engine.layers.shape import Shape

if TYPE_CHECKING:
    from torch import Tensor

    from engine.data.draws import Draws


def fitted(steps: Sequence[Step], colours: Callable[[], Covariance]) -> tuple[Step, ...]:
    """The steps, those that are on with what they learn of the training images; see `Step.fitted`."""
    found = []
    for step in steps:
        with AUGMENTATION.blaming(step):
            found.append(step.fitted(colours) if step.on else step)
    return tuple(found)


def storage_shape(steps: Sequence[Step], shape: Shape) -> Shape:
    """The shape at which images are kept, so that ``steps`` can bring them to ``shape``."""
    return shapes_before(steps, shape)[0]


def _checked(step: Step, stored: Shape, shape: Shape) -> Shape:
    """The shape that a step wants to give images of ``shape``, if there are such images."""
    if why := step.refusal(shape):
        raise LayerloomError(why)
    if not (isinstance(stored, Shape) and stored.is_map and stored.channels in (1, 3) and min(stored) > 0):
        raise LayerloomError(f"The augmentation step {step.title} wants images of {stored} to give such of {shape}.")
    return stored


def shapes_before(steps: Sequence[Step], shape: Shape) -> list[Shape]:
    """The shapes that images have before each step and after the last, so that they come to be ``shape``."""
    shapes = [shape]
    for step in reversed(steps):
        with AUGMENTATION.blaming(step):
            shapes.insert(0, _checked(step, step.storage(shapes[0]), shapes[0]) if step.on else shapes[0])
    return shapes


def augmented(
    steps: Sequence[Step], pixels: Tensor, targets: Tensor, random: Draws, *, shape: Shape
) -> tuple[Tensor, Tensor]:
    """Images ``(N, C, H, W)``, float32 from 0 to 255, and their targets after ``steps``, which bring them to ``shape``.

    Steps in a row that move pixels take samples of the images once, together. Those that mix images are left out: they
    come last, see `mixed`.
    """
    made = after_each(steps, pixels, targets, random, shape=shape, alone=False)
    return reduce(lambda _, now: now, made, (pixels, targets))


def after_each(
    steps: Sequence[Step], pixels: Tensor, targets: Tensor, random: Draws, *, shape: Shape, alone: bool = True
) -> Iterator[tuple[Tensor, Tensor]]:
    """What `augmented` has made of images after each of its steps; unless ``alone``, after those that move them as one.

    What comes last is, bit for bit, the same.
    """
    every = zip(steps, purposes(steps), shapes_before(steps, shape)[1:], strict=True)
    acting = [one for one in every if one[0].on and not isinstance(one[0], MixingStep)]
    for moves, group in groupby(acting, lambda one: isinstance(one[0], GeometricStep)):
        row = list(group)
        if moves:
            before = pixels
            for count in range(1 if alone else len(row), len(row) + 1):
                pixels = _moved([(step, random.for_(purpose), after) for step, purpose, after in row[:count]], before)
                yield pixels, targets
        else:
            for step, purpose, _ in row:
                with AUGMENTATION.blaming(step):
                    pixels, targets = _after(step, pixels, targets, random.for_(purpose))
                yield pixels, targets


def purposes(steps: Sequence[Step]) -> list[str]:
    """What the draws of each step are for: its name, so that other steps coming or going change nothing.

    Steps of one name are numbered, those that are switched off too.
    """
    names = [step.name for step in steps]
    return [f"{name} {names[:place].count(name)}" for place, name in enumerate(names)]


def _moved(row: Sequence[tuple[Step, Draws, Shape]], pixels: Tensor) -> Tensor:
    from engine.data.augmentation.resampling import Move, moved

    moves: list[Move] = []
    size = (pixels.shape[2], pixels.shape[3])
    for step, drawn, after in row:
        assert isinstance(step, GeometricStep)
        with AUGMENTATION.blaming(step):
            takes_part = drawn.uniform() < step.probability
            _require_all(step, changes_size=after[1:] != size)
            size = (after.height, after.width)
            moves.append(Move(step, step.draw(drawn), takes_part, size))
    if len(moves) == 1:
        return moves[0].step.alone(pixels, moves[0].values, moves[0].takes_part, size)
    return moved(pixels, moves)


def _require_all(step: Step, *, changes_size: bool) -> None:
    if changes_size and step.probability < 1:
        raise LayerloomError(f"{step.title} changes the size of images: its probability must be 1.")


def values_of(step: Step, drawn: Draws, pixels: Tensor) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Which images take part ``(N,)``, and what a step draws for each, where the pixels are."""
    import torch

    takes_part = torch.from_numpy(drawn.uniform() < step.probability).to(pixels.device)
    return takes_part, {name: torch.from_numpy(value).to(pixels) for name, value in step.draw(drawn).items()}


def _after(step: Step, pixels: Tensor, targets: Tensor, drawn: Draws) -> tuple[Tensor, Tensor]:
    takes_part, values = values_of(step, drawn, pixels)
    changed, changed_targets = step.apply(pixels, targets, values)
    _require_images(step, changed, pixels)
    if _sizes(changed_targets)[:1] != _sizes(targets)[:1]:
        given, taken = _sizes(changed_targets), _sizes(targets)
        raise LayerloomError(f"The augmentation step {step.title} made targets {given} of {taken}.")
    if step.probability == 1:
        return changed, changed_targets
    _require_all(step, changes_size=changed.shape != pixels.shape)
    return chosen(takes_part, changed, pixels), chosen(takes_part, changed_targets, targets)


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


def chosen(takes_part: Tensor, changed: Tensor, before: Tensor) -> Tensor:
    """The entries ``(N, …)`` of those that take part as they were changed, the others as they were before."""
    if changed is before:
        return before
    return changed.where(takes_part.view(-1, *[1] * (changed.ndim - 1)), before)
