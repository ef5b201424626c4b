"""One update of the weights: gradients of a batch, in parts where it is large, and what the optimiser makes of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import nullcontext
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.data.split import steps_in_pass
from engine.layers.shape import Shape
from engine.machine.devices import half_precision
from engine.recipe.losses import LOSSES, Loss
from engine.recipe.metrics import Metric, total_of
from engine.recipe.optimisation import decaying, learning, make_optimiser, moments_of, restore, set_rates
from engine.recipe.recipe import Recipe
from engine.tasks.heads import Heads, Outputs
from engine.training.averages import Averages
from engine.training.events import Health
from engine.training.health import HealthMeter
from engine.training.keeping import Checkpoint
from engine.training.position import Position
from engine.training.running import compiled, runnable


class Update(NamedTuple):
    """What one update was: the value minimised (not finite: there was none), the loss, sums of the other metrics."""

    minimised: float
    loss: float
    sums: dict[str, float]
    health: dict[str, Health]


class _Part(NamedTuple):
    """Some images of a batch, and what they count in it."""

    images: Tensor
    targets: Tensor
    weight: float


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
        metrics: Sequence[Metric],
    ) -> None:
        """``loss`` is the one that is minimised, as it is fitted to the data."""
        self._recipe, self._model, self._device = recipe, model, device
        self.running = runnable(model, recipe, device)
        self._forward = self.running
        self._heads, self._loss = heads, loss
        self._metrics = [metric for metric in metrics if not metric.minimised]
        self.optimiser = make_optimiser(model, recipe)
        self._decaying = decaying(model, recipe)
        self._learning = learning(model)
        self._averages = Averages(model, recipe.average) if recipe.average else None
        self.averaged = self._averages.model if self._averages else model
        self.answering = runnable(self.averaged, recipe, device) if self._averages else self.running
        self._scaler = torch.amp.GradScaler(device.type) if half_precision(recipe) is torch.float16 else None

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
            done = self._gradients(images, targets)
        if not math.isfinite(done.minimised):
            return done
        self._prepare_gradients()
        set_rates(self.optimiser, rate, momentum=momentum)
        if meter:
            done = done._replace(health=meter.update(self._step))
        else:
            self._step()
        if self._averages:
            self._averages.update(step)
        return done

    def _gradients(self, images: Tensor, targets: Tensor) -> Update:
        """Those of the mean loss over a batch, part by part; ends with the first part whose loss is not finite."""
        for parameter in self._learning:  # sooner done than zero_grad
            parameter.grad = None
        minimised = loss = 0.0
        sums = dict.fromkeys((metric.name for metric in self._metrics), 0.0)
        parts = self._parts(images, targets)
        whole = sum(part.weight for part in parts)
        for some, theirs, weight in parts:
            share = weight / whole
            outputs = self._forward(some)
            total, main = self._heads.losses(outputs, theirs, self._loss)
            others = self._totals(outputs, theirs)
            figures = _read([total, *others] if main is total else [total, *others, main])
            minimised, loss = minimised + share * figures[0], loss + share * figures[0 if main is total else -1]
            if not math.isfinite(minimised):
                break
            for name, figure in zip(sums, figures[1:], strict=False):
                sums[name] += figure
            scaled = self._scaler.scale(total) if self._scaler else total
            torch.autograd.backward(scaled * share if share < 1 else scaled)
        return Update(minimised, loss, sums, {})

    def _parts(self, images: Tensor, targets: Tensor) -> list[_Part]:
        """A batch in parts of the size that fits the memory."""
        count = steps_in_pass(targets.shape[0], self._recipe.batch_size)
        if count == 1:
            return [_Part(images, targets, 1.0)]
        split = zip(images.tensor_split(count), targets.tensor_split(count), strict=True)
        with LOSSES.blaming(self._loss):
            return [_Part(some, theirs, self._loss.weight_of(theirs)) for some, theirs in split]

    def _totals(self, outputs: Outputs, targets: Tensor) -> list[Tensor]:
        """The sums over a batch of all metrics but the loss, which is worked out anyway."""
        main, loss = self._heads.main_of(outputs).detach(), self._recipe.loss
        return [total_of(metric, main, targets, loss) for metric in self._metrics]

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


def _read(figures: list[Tensor]) -> list[float]:
    """Scalars as numbers; a GPU is waited for once."""
    if figures[0].device.type == "cpu":
        return [figure.item() for figure in figures]
    read: list[float] = torch.stack([figure.detach() for figure in figures]).tolist()
    return read


def _kept_of(scaler: torch.amp.GradScaler) -> dict[str, float]:
    """What decides how a scaler of gradients goes on: the scale, and steps since it changed."""
    state = scaler.state_dict()
    return {"scale": state["scale"], "steps": state["_growth_tracker"]}
