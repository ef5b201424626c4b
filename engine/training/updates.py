"""One update of the weights: gradients of a batch, in parts where it is large, and what the optimiser makes of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.data.split import steps_in_pass
from engine.layers.shape import Shape
from engine.machine.devices import half_precision
from engine.recipe.losses import LOSSES, Loss
from engine.recipe.optimisation import decaying, learning, make_optimiser, moments_of, restore, set_rates
from engine.recipe.recipe import Recipe
from engine.tasks.heads import Heads
from engine.training.averages import Averages
from engine.training.events import Health
from engine.training.health import HealthMeter
from engine.training.keeping import Checkpoint
from engine.training.position import Position
from engine.training.running import compiled, runnable

Answers = list[tuple[Tensor, Tensor]]
"""Outputs of a batch, or of a part of one, with their targets."""


@dataclass(slots=True)
class Update:
    """What one update was: the value minimised (not finite: there was none) and the loss, both 0 until they are read.

    ``unread`` are what each part of the batch counts in both, and its figures; ``answers`` are what the main output
    gave for each part, with the targets.
    """

    minimised: float = 0.0
    loss: float = 0.0
    unread: list[tuple[float, list[Tensor]]] = field(default_factory=list)
    answers: Answers = field(default_factory=list)
    health: dict[str, Health] = field(default_factory=dict)

    def add(self, share: float, figures: Sequence[float]) -> None:
        """A part is read: what it minimised, and its loss where that is another; nothing counts after a bad part."""
        if math.isfinite(self.minimised):
            self.minimised += share * figures[0]
            self.loss += share * figures[-1]


class _Part(NamedTuple):
    """Some images of a batch, and the share of it that they count."""

    images: Tensor
    targets: Tensor
    share: float


class Updater:
    """Makes the updates of a training of ``model``, which is on its ``device``."""

    def __init__(
        self,
        model: nn.Module,
        recipe: Recipe,
        *,
        device: torch.device,
        heads: Heads,
        loss: Loss,
        waits: bool = True,
    ) -> None:
        """``loss`` is the one that is minimised, as it is fitted to the data.

        Unless it ``waits`` for the device in every update, figures stay unread where the optimiser can leave weights
        as they are from the first loss on that is not finite.
        """
        self._recipe, self._model, self._device = recipe, model, device
        self.running = runnable(model, recipe, device)
        self._forward = self.running
        self._heads, self._loss = heads, loss
        self.optimiser = make_optimiser(model, recipe)
        self._decaying = decaying(model, recipe)
        self._learning = learning(model)
        self._averages = Averages(model, recipe.average) if recipe.average else None
        self.averaged = self._averages.model if self._averages else model
        self.answering = runnable(self.averaged, recipe, device) if self._averages else self.running
        self._scaler = torch.amp.GradScaler(device.type) if half_precision(recipe) is torch.float16 else None
        self._bad = None if waits else self._voiding(torch.zeros((), device=device))

    @property
    def waits(self) -> bool:
        """Whether each update is read before it is made."""
        return self._bad is None

    def _voiding(self, bad: Tensor) -> Tensor | None:
        """``bad``, with which updates come to nothing once it is 1, as torch's fused optimisers take it.

        None where they do not, or where a scaler of gradients gives them one of its own.
        """
        if self._scaler or not getattr(self.optimiser, "_step_supports_amp_scaling", False):
            return None
        vars(self.optimiser)["found_inf"] = bad
        return bad

    def compile(self, shape: Shape) -> tuple[str, ...]:
        """Let the network be compiled for images of ``shape`` where the recipe says so; why not, if it cannot be."""
        if not self._recipe.compile:
            return ()
        self._forward, why = compiled(self.running, shape, self._recipe, self._device)
        return (why,) if why else ()

    def train(self) -> None:
        """Let the network be as it trains: with dropout, and with the statistics of each batch."""
        self._model.train()

    def update(
        self,
        images: Tensor,
        targets: Tensor,
        *,
        step: int,
        rate: float,
        momentum: float | None,
        meter: HealthMeter | None,
    ) -> Update:
        """Learn from a batch at a learning rate; ``meter`` measures the health of it."""
        with meter.forward() if meter else nullcontext():
            done = self._gradients(images, targets, waits=self.waits)
        if not math.isfinite(done.minimised):
            return done
        self._prepare_gradients()
        set_rates(self.optimiser, rate, momentum=momentum)
        if meter:
            done.health = meter.update(self._step)
        else:
            self._step()
        if self._averages:
            self._averages.update(step)
        return done

    def run_again(self, images: Tensor, targets: Tensor) -> None:
        """Run over a batch that came to nothing, so that running averages are not finite where it spoils them.

        Batches after it may have spoilt others.
        """
        for average in self._model.buffers():
            average.nan_to_num_()
        self._gradients(images, targets, waits=True)

    def _gradients(self, images: Tensor, targets: Tensor, *, waits: bool) -> Update:
        """Those of the mean loss over a batch, part by part; who waits ends with a part whose loss is not finite."""
        for parameter in self._learning:  # sooner done than zero_grad
            parameter.grad = None
        done = Update()
        for some, theirs, share in self._parts(images, targets):
            outputs = self._forward(some)
            total, main = self._heads.losses(outputs, theirs, self._loss)
            figures = [total] if main is total else [total, main]
            done.answers.append((self._heads.main_of(outputs).detach(), theirs))
            if waits or self._bad is None:
                done.add(share, numbers(figures))
            else:
                done.unread.append((share, [figure.detach() for figure in figures]))
                self._bad.logical_or_(total.isfinite().logical_not())
            if not math.isfinite(done.minimised):
                break
            scaled = self._scaler.scale(total) if self._scaler else total
            torch.autograd.backward(scaled * share if share < 1 else scaled)
        return done

    def _parts(self, images: Tensor, targets: Tensor) -> list[_Part]:
        """A batch in parts of the size that fits the memory."""
        count = steps_in_pass(targets.shape[0], self._recipe.batch_size)
        if count == 1:
            return [_Part(images, targets, 1.0)]
        split = list(zip(images.tensor_split(count), targets.tensor_split(count), strict=True))
        with LOSSES.blaming(self._loss):
            weights = [self._loss.weight_of(theirs) for _, theirs in split]
        whole = sum(weights)
        return [_Part(*part, weight / whole) for part, weight in zip(split, weights, strict=True)]

    def _prepare_gradients(self) -> None:
        """Add what keeps weights small, then cut gradients that are too long."""
        if self._scaler:
            self._scaler.unscale_(self.optimiser)
        if self._recipe.l1 or self._recipe.l2:
            self._add_penalties(self._recipe.l1, self._recipe.l2)
        if self._recipe.clip_norm:
            nn.utils.clip_grad_norm_(self._learning, self._recipe.clip_norm)

    @torch.no_grad()
    def _add_penalties(self, l1: float, l2: float) -> None:
        for weight in self._decaying:
            if weight.grad is not None:
                weight.grad.add_(weight.sign(), alpha=l1).add_(weight, alpha=l2)

    def _step(self) -> None:
        if self._scaler:
            self._scaler.step(self.optimiser)
            self._scaler.update()
        else:
            self.optimiser.step()

    def checkpoint(self, position: Position) -> Checkpoint:
        """All that is needed to go on from ``position``; its tensors are those that go on changing."""
        position.scaling = _kept_of(self._scaler) if self._scaler else {}
        averages = self.averaged.state_dict() if self._averages else {}
        return Checkpoint(self._model.state_dict(), moments_of(self.optimiser, self._model), position, averages)

    def go_on_from(self, checkpoint: Checkpoint) -> None:
        """Take up weights, optimiser state and averages of an earlier training; averages begin where it had none."""
        self._model.load_state_dict(checkpoint.weights)
        restore(self.optimiser, self._model, checkpoint.moments)
        if self._averages:
            self.averaged.load_state_dict(checkpoint.averages or checkpoint.weights)
        if self._scaler and checkpoint.position.scaling:
            kept = {"scale": checkpoint.position.scaling["scale"]}
            kept["_growth_tracker"] = int(checkpoint.position.scaling["steps"])
            self._scaler.load_state_dict(self._scaler.state_dict() | kept)


def numbers(figures: Sequence[Tensor]) -> list[float]:
    """Scalars as numbers; a GPU is waited for once."""
    if figures[0].device.type == "cpu":
        return [figure.item() for figure in figures]
    read: list[float] = torch.stack(list(figures)).tolist()
    return read


def _kept_of(scaler: torch.amp.GradScaler) -> dict[str, float]:
    """What decides how a scaler of gradients goes on: the scale, and steps since it changed."""
    state = scaler.state_dict()
    return {"scale": state["scale"], "steps": state["_growth_tracker"]}
