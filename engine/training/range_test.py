"""The learning-rate range test: a few batches at rates that rise, on a copy of the weights (Smith 2017)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.data.draws import Pass, seed_of
from engine.data.loaded import LoadedData, TrainingBatch
from engine.data.progress import CancelledError
from engine.machine.devices import seed_generators, torch_device
from engine.machine.generators import generators_kept
from engine.recipe.loss import LOSSES, Loss
from engine.recipe.losses import fitted_loss
from engine.recipe.recipe import Recipe
from engine.tasks.heads import Heads
from engine.tasks.refusal import NotTrainableError
from engine.training.diagnosis import NotFinite, explain_not_finite
from engine.training.events import Failed
from engine.training.failures import failure_of
from engine.training.range_result import BATCHES, RangeResult, has_diverged, rates_of, read
from engine.training.updates import Updater

_LEAST = 2  # batches that say something


@dataclass(frozen=True, slots=True)
class RangeStep:
    """One of ``batches`` batches is done, the first is 1: the loss at its learning rate, before the update."""

    batch: int
    batches: int
    rate: float
    loss: float


Heard = Callable[[RangeStep], bool | None]
"""Hears of every batch; answers False to call the test off."""


def range_test(
    model: nn.Module,
    data: LoadedData,
    recipe: Recipe,
    *,
    heads: Heads | None = None,
    batches: int = BATCHES,
    heard: Heard | None = None,
) -> RangeResult:
    """Learn as ``recipe`` says at a rate that rises from 1e-6 to 10 over so many batches, and see what happens.

    It ends when the loss is 1.8 times the first, or not finite. Where an epoch has fewer batches the images go round
    again. However it ends, ``model`` and all random generators are as they were before. Raises `CancelledError` where
    ``heard`` calls it off, `NotTrainableError` where the test cannot be made.
    """
    device = torch_device(recipe)
    plain = recipe.model_copy(update={"average": 0.0, "compile": False})  # neither changes the loss
    try:
        with generators_kept(device):
            return _Test(deepcopy(model), data, plain, heads or Heads(), device).result(batches, heard)
    except (CancelledError, NotTrainableError):
        raise
    except Exception as error:
        raise _refusal(failure_of(error, device=device, batch_size=recipe.batch_size)) from error


class _Test:
    """A copy of a network, and the same steps as a training makes."""

    def __init__(self, model: nn.Module, data: LoadedData, recipe: Recipe, heads: Heads, device: torch.device) -> None:
        self._model, self._data, self._recipe, self._device = model.to(device), data, recipe, device
        self._loss = fitted_loss(recipe.loss, data.train.targets.counts)
        self._updater = Updater(model, recipe, device=device, heads=heads, loss=self._loss)
        self._updater.train()

    def result(self, batches: int, heard: Heard | None) -> RangeResult:
        began = time.perf_counter()
        rates, spoilt = rates_of(batches), False
        losses: list[float] = []
        for step, (rate, batch) in enumerate(zip(rates, self._batches(), strict=False), 1):
            loss = self._learn(batch, step, rate)
            if spoilt := not math.isfinite(loss):
                self._require_some(losses, batch.pixels, step=step, loss=loss)
                break
            losses.append(loss)
            if heard is not None and heard(RangeStep(step, batches, rate, loss)) is False:
                raise CancelledError("The range test was cancelled.")
            if has_diverged(losses):
                break
        seconds, classes = time.perf_counter() - began, len(self._data.classes)
        guess = _guess(self._loss, classes)
        return read(
            rates[: len(losses)],
            losses,
            batches=batches,
            spoilt=spoilt,
            guess=guess,
            classes=classes if guess is not None else 0,
            seconds=seconds,
        )

    def _batches(self) -> Iterator[TrainingBatch]:
        """Those that a training gets, epoch after epoch."""
        epoch, read = 1, True
        while read:
            read = False
            drawn_in = Pass(self._recipe.seed, epoch)
            for batch in self._data.train.training_batches(
                self._recipe.images_per_step, device=self._device, drawn_in=drawn_in
            ):
                read = True
                yield batch
            epoch += 1
        raise NotTrainableError("Fewer than two of the training images can be read any more.", code="data")

    def _learn(self, batch: TrainingBatch, step: int, rate: float) -> float:
        """The loss of a batch, from which is learned; not finite where nothing can be learned from it."""
        seed_generators(seed_of(self._recipe.seed, step, purpose=2), self._device)
        done = self._updater.update(batch.pixels, batch.targets, step=step, rate=rate, momentum=None, meter=None)
        return done.loss if math.isfinite(done.minimised) else done.minimised

    def _require_some(self, losses: list[float], images: Tensor, *, step: int, loss: float) -> None:
        """Raise `NotTrainableError` where the loss was never finite, so that no rate is to blame."""
        if len(losses) < _LEAST:
            found = NotFinite("The loss", loss, f"at batch {step} of the range test", updates=0)
            raise _refusal(explain_not_finite(self._model, images, found=found, recipe=self._recipe))


def _refusal(failed: Failed) -> NotTrainableError:
    return NotTrainableError(failed.message, hint=failed.hint, code=failed.code, changes=failed.changes)


def _guess(loss: Loss, classes: int) -> float | None:
    """The loss of outputs that take all classes for equally likely, with as many images of each."""
    if loss.targets != "classes":
        return None
    outputs = torch.full((classes, classes), 0.0 if loss.takes_scores else 1 / classes)
    with LOSSES.blaming(loss):
        return loss.of(outputs, torch.arange(classes)).item()
