"""How long a training takes: a step, an epoch, all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean

from engine.data.settings import DataSettings
from engine.data.source import DataDescription
from engine.data.split import steps_in_pass
from engine.layers import Shape
from engine.recipe.recipe import Recipe
from engine.training.footprint import Footprint
from engine.training.rates import Rates
from engine.training.work import Work

_CALLS_A_STEP = 150  # as long as what the loop does: taking a batch, seeds, the loss, metrics, reading them
_A_PIXEL = 13  # bytes moved to bring one from a byte to what the network takes
_AT_ONCE = 4  # batches that validate at once


class Basis(StrEnum):
    """Where a pace is from."""

    CALCULATED = "calculated"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of a step (one update), of validating an image and of keeping what an epoch has come to.

    Measured are those of ``steps`` updates; what is calculated knows nothing of reading files and changing images.
    """

    step: float
    image: float
    keeping: float
    basis: Basis = Basis.CALCULATED
    steps: int = 0

    def measured(self, step: float, steps: int) -> Pace:
        """The same with the seconds of a step as they were found; an image that validates is as much off as a step."""
        return replace(self, step=step, image=self.image * step / self.step, basis=Basis.MEASURED, steps=steps)

    def measured_in_epochs(self, seconds: Sequence[float], steps: int, validation: int) -> Pace:
        """The same by the ``seconds`` of epochs, each of so many steps and images that validate."""
        as_steps = steps + validation * self.image / self.step
        return self.measured(fmean(seconds) / as_steps, steps * len(seconds))


@dataclass(frozen=True, slots=True)
class Images:
    """How many images train and validate."""

    train: int
    validation: int

    @classmethod
    def of(cls, data: DataSettings, found: DataDescription) -> Images:
        """Those of data that are described so; of an image or two of the validation it may be off."""
        own = found.validation + found.test
        cut = round((found.images - own) * data.split.validation)
        return cls(data.training_images(found), found.validation or cut)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of an epoch of so many ``steps``, which ``validates`` or not, and of a run at most."""

    images_a_second: float
    steps: int
    validates: bool
    epoch: float
    run: float


def times_of(pace: Pace, recipe: Recipe, images: Images) -> Times:
    """What comes of a pace, if no epoch is left out by early stopping."""
    steps = steps_in_pass(images.train, recipe.images_per_step)
    epoch = steps * pace.step + images.validation * pace.image
    a_second = images.train / steps / pace.step if steps else 0.0
    return Times(a_second, steps, images.validation > 0, epoch, recipe.epochs * (epoch + pace.keeping))


def as_divided(recipe: Recipe, images: Images) -> Recipe:
    """The recipe with the batches that come of so many images, which are shared out evenly: the largest of them."""
    if not images.train:
        return recipe
    update = -(-images.train // steps_in_pass(images.train, recipe.images_per_step))
    batches = steps_in_pass(update, recipe.batch_size)
    return recipe.model_copy(update={"batch_size": -(-update // batches), "accumulate": batches})


def calculated(found: Footprint, recipe: Recipe, shape: Shape, rates: Rates) -> Pace:
    """The pace of a training of what ``found`` is the footprint of, with images of ``shape``."""
    step = _batch(found, recipe.batch_size, shape)
    many = _AT_ONCE * recipe.batch_size
    validating = found.forward.at(many).plus(Work(0, _A_PIXEL * shape.elements * many, _CALLS_A_STEP))
    update = _update_bytes(found, recipe) / rates.in_place + _update_calls(found, recipe) * rates.call
    return Pace(
        step=recipe.accumulate * rates.seconds(step) + update,
        image=rates.seconds(validating) / many,
        keeping=_kept_bytes(found, recipe) / rates.disk + 2 * rates.file,
    )


def _batch(found: Footprint, batch: int, shape: Shape) -> Work:
    return found.both.at(batch).plus(Work(0, _A_PIXEL * shape.elements * batch, _CALLS_A_STEP))


def _update_bytes(found: Footprint, recipe: Recipe) -> int:
    """What an update reads and writes: weight, gradient and what the optimiser keeps of it, and what recipes add."""
    passes = 3 + 2 * recipe.optimiser.moments + 3 * bool(recipe.clip_norm) + 4 * bool(recipe.l1 or recipe.l2)
    return passes * found.gradients + 3 * bool(recipe.average) * found.weights


def _update_calls(found: Footprint, recipe: Recipe) -> float:
    """Calls of operations: one does it for all weights where there is such a one, else there are some for each."""
    each = 0.2 if recipe.optimiser.fused else 2 + 2 * recipe.optimiser.moments
    more = 2 * bool(recipe.clip_norm) + 2 * bool(recipe.l1 or recipe.l2) + bool(recipe.average)
    return found.tensors * (each + more)


def _kept_bytes(found: Footprint, recipe: Recipe) -> int:
    """The weights of the epoch, once more with all that is needed to go on, and what the optimiser keeps."""
    weights = 2 + bool(recipe.average)
    return weights * found.weights + recipe.optimiser.moments * found.gradients
