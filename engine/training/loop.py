"""Training: a generator that reads in the order things happen.

Nothing random is carried over from step to step: the order of the images follows from seed and epoch, what dropout
drops from seed and step. So pausing, watching and resuming cannot change a curve.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from contextlib import suppress

import torch
from torch import Tensor, nn

from engine.data.draws import Pass, seed_of
from engine.data.loaded import LoadedData, TrainingBatch
from engine.machine.devices import precision_of, seed_generators, torch_device
from engine.recipe.losses import fitted_loss
from engine.recipe.metrics import LossValue
from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES
from engine.tasks import Classification, Task
from engine.tasks.heads import Heads
from engine.training.control import Control, Next
from engine.training.diagnosis import NotFinite, explain_not_finite, first_bad_weight
from engine.training.events import (
    EpochDone,
    Event,
    Failed,
    Finished,
    HealthMeasured,
    Metrics,
    Probed,
    RateChanged,
    Started,
    StepDone,
)
from engine.training.failures import failure_of, not_read
from engine.training.health import HealthMeter
from engine.training.keeping import Checkpoint, Keeper, keeping
from engine.training.planned import Planned
from engine.training.position import Position
from engine.training.probe import can_probe, probe
from engine.training.speed import Speedometer
from engine.training.unread import STEPS_UNREAD, Unread
from engine.training.updates import Update, Updater
from engine.training.validation import Validation, measure
from engine.training.waiting import Waiting


def train(
    model: nn.Module,
    data: LoadedData,
    recipe: Recipe,
    *,
    task: Task | None = None,
    heads: Heads | None = None,
    control: Control | None = None,
    run: Keeper | None = None,
    resume: Checkpoint | None = None,
    notes: tuple[str, ...] = (),
) -> Iterator[Event]:
    """Train ``model`` and say what happens; where the loss takes scores, it gives them before any softmax.

    ``task`` is classification if left out; ``heads`` weighs several outputs; ``control`` lets another thread steer;
    ``run`` keeps events and weights; ``resume`` is what to go on from, as it fits ``model``; ``notes`` go into
    `Started`. The last event is `Finished` or `Failed`. Raises `LayerloomError` when the device is missing.
    """
    device = torch_device(recipe)
    task, heads, control = task or Classification(), heads or Heads(), control or Control()
    try:
        training = _Training(model, data, recipe, device=device, task=task, heads=heads, control=control, run=run)
        if resume is not None:
            training.go_on_from(resume)
        for event in training.events(notes):
            training.keep(event)
            yield event
    except Exception as error:  # noqa: BLE001 - whatever happens, a run says how it ended
        failed = failure_of(error, device=device, batch_size=recipe.batch_size)
        if run is not None:
            with suppress(OSError):  # a full disk may have no room for this either
                run.log(failed)
        yield failed


class _Training:
    """One training: what it works on, and how far it is."""

    def __init__(
        self,
        model: nn.Module,
        data: LoadedData,
        recipe: Recipe,
        *,
        device: torch.device,
        task: Task,
        heads: Heads,
        control: Control,
        run: Keeper | None,
    ) -> None:
        self.data, self.recipe, self.device, self.task, self.heads = data, recipe, device, task, heads
        self.control, self.run = control, run
        self.measured = task.measured(recipe)
        self.metrics = tuple(metric for metric in self.measured if not metric.of_all)
        self.watched = task.watched(recipe).measured()
        self.model = model.to(device)
        loss = fitted_loss(recipe.loss, data.train.targets.counts)
        self.updater = Updater(
            model, recipe, device=device, heads=heads, loss=loss, waits=device.type not in STEPS_UNREAD
        )
        self.unread = Unread(self.metrics, recipe.loss, device)
        self.position = Position()
        self.health = HealthMeter(model)
        self.speed = Speedometer()
        self.waiting = Waiting(device)
        self.last_batch: tuple[Tensor, Tensor] | None = None
        self.steps_per_epoch = data.train.steps(recipe.images_per_step)
        self.planned = self._planned()

    def go_on_from(self, checkpoint: Checkpoint) -> None:
        """Take up weights, optimiser state and position of an earlier training."""
        self.position = checkpoint.position
        self.updater.go_on_from(checkpoint)
        if checkpoint.ended and self._is_out_of_patience():  # who asks for more has patience again
            self.position.patient_since = self.position.epoch - 1

    def keep(self, event: Event) -> None:
        """Keep an event, and then how far the training is: a crash between the two repeats an epoch, and loses none."""
        if self.run is not None:
            with keeping(self.run):
                self.run.log(event)
        if isinstance(event, Started | EpochDone):
            self._save_position()

    def events(self, notes: tuple[str, ...]) -> Iterator[Event]:
        """The whole training."""
        yield self._started((*notes, *self.updater.compile(self.data.shape)))
        while self.position.epoch <= self.recipe.epochs and not self._is_out_of_patience():
            going = yield from self._train_epoch()
            if not going:
                return
            if failed := self._spoilt_weights():
                yield failed
                return
            validation = self._validate()
            if self.control.stopped:
                yield self._stop()
                return
            if failed := self._nothing_read(validation) or self._spoilt_figures(validation.metrics):
                yield failed
                return
            done = self._finish_epoch(validation)
            yield done
            yield from self._probe(done.epoch)
        yield self._finished(stopped=False)

    def _train_epoch(self) -> Generator[Event, None, bool]:
        """What is left of the epoch; answers whether to go on after it."""
        position = self.position
        self.updater.train()
        self.speed.start()
        self.planned = self._planned()
        number, batch = position.step, position.batch
        for images, targets, passed in self.waiting.for_each(self._batches()):
            self.speed.count()
            if self.control.interrupts and not (yield from self._read()):
                return False
            if (following := self.control.next()) is not Next.GO and not (yield from self._steered(following)):
                return False
            number, batch, wanted = number + 1, batch + 1, self.control.take_learning_rate()
            if (wanted is not None or number in self.planned.changes) and not (
                yield from self._change_rate(number, wanted)
            ):
                return False
            self.speed.start()
            done = self._step(number, images, targets, passed)
            self.last_batch = images, targets
            self.speed.count(targets.shape[0])
            last = batch == self.steps_per_epoch
            due = self.speed.is_due() or last
            wait = last or bool(done.health) or not math.isfinite(done.minimised)
            if (due or wait or self.unread.is_full) and not (yield from self._read(wait=wait, report=due)):
                return False
        return (yield from self._read())

    def _batches(self) -> Iterator[TrainingBatch]:
        """Those of this epoch after the images that have had their turn."""
        return self.data.train.training_batches(
            self.recipe.images_per_step,
            device=self.device,
            drawn_in=Pass(self.recipe.seed, self.position.epoch),
            passed=self.position.passed,
        )

    def _steered(self, following: Next) -> Generator[Event, None, bool]:
        """Do what another thread wants before the next batch; answers whether to go on."""
        while following is not Next.GO:
            if not (yield from self._read()):
                return False
            if following is Next.STOP:
                yield self._stop()
                return False
            yield from self._probe(self.position.epoch)
            following = self.control.next()
        return True

    def _step(self, number: int, images: Tensor, targets: Tensor, passed: int) -> Update:
        """One update, which is added to those that are unread."""
        seed_generators(seed_of(self.recipe.seed, number, purpose=2), self.device)
        rate, momentum = self.planned.of(number)
        meter = self.health if self.health.is_due() else None
        done = self.updater.update(images, targets, step=number, rate=rate, momentum=momentum, meter=meter)
        self.unread.add(done, rate, images=targets.shape[0], passed=passed)
        return done

    def _planned(self) -> Planned:
        return Planned(self.recipe, self.steps_per_epoch, self.position.schedule)

    def _read(self, *, wait: bool = True, report: bool = False) -> Generator[Event, None, bool]:
        """Count the steps that are unread, without ``wait`` as many as are there; answers whether to go on."""
        position, steps = self.position, self.unread.take(wait=wait)
        nothing = {metric.name: 0.0 for metric in self.metrics if not metric.minimised}
        for done, _, images, passed, sums in steps:
            position.batch += 1
            position.step += 1
            if not math.isfinite(done.minimised):
                yield self._spoilt_loss(done.minimised)
                return False
            position.passed = passed
            position.add({LossValue.name: done.loss * images, **nothing, **sums}, images=images)
        if report and steps:
            speed, rate = self.speed.images_per_second, steps[-1].rate
            yield StepDone(position.epoch, position.batch, position.step, done.loss, rate, speed)
        if steps and done.health:
            yield HealthMeasured(position.epoch, position.step, done.health)
        return True

    def _change_rate(self, step: int, wanted: float | None) -> Generator[Event, None, bool]:
        """Take up another learning rate for ``step``: what somebody wants, or did when this run was made.

        Answers whether to go on.
        """
        if not (yield from self._read()):
            return False
        if wanted is not None:
            self.recipe = self.recipe.with_rate(step, wanted)
            self.planned = self._planned()
        yield RateChanged(self.position.epoch, step, self.planned.changes[step])
        return True

    def _validate(self) -> Validation:
        """The figures of the validation images."""
        found = measure(
            self.updater.answering,
            self.data.validation,
            task=self.task,
            heads=self.heads,
            loss=self.recipe.loss,
            metrics=self.measured,
            batch_size=4 * self.recipe.batch_size,  # nothing is kept for a backward pass
            device=self.device,
            seed=self.recipe.seed,
            control=self.control,
        )
        self.speed.count_other()
        return found

    def _started(self, notes: tuple[str, ...]) -> Started:
        return Started(
            device=str(self.device),
            precision=precision_of(self.recipe),
            first_epoch=self.position.epoch,
            epochs=self.recipe.epochs,
            steps_per_epoch=self.steps_per_epoch,
            train_images=len(self.data.train),
            validation_images=len(self.data.validation),
            notes=notes,
            metrics=tuple(metric.measured() for metric in self.measured),
            watched=self.watched.name,
            class_images=self.data.train.targets.counts,
        )

    def _finish_epoch(self, validation: Validation) -> EpochDone:
        """Keep the weights and turn to the next epoch."""
        position = self.position
        train = {
            metric.name: metric.figure(position.sums.get(metric.name, 0.0), position.images) for metric in self.metrics
        }
        measured = validation.metrics or train
        best = position.is_best(measured, self.watched)
        position.schedule = self._remembered(measured)
        seconds = self.speed.take_seconds()
        position.epoch_seconds += seconds
        unread, waited = self._unread(validation), self.waiting.take_share(seconds)
        slowest = self.waiting.reason(waited, self.data.train, batch_size=self.recipe.images_per_step)
        figures = train, validation.metrics, position.epoch_seconds
        done = EpochDone(position.epoch, *figures, best, unread, waited, slowest)
        if self.run is not None:
            with keeping(self.run):
                self.run.save_epoch(self.updater.averaged, position.epoch, best=best)
        position.next_epoch()
        return done

    def _remembered(self, figures: Metrics) -> dict[str, float]:
        """What the schedule remembers after an epoch with these figures."""
        schedule, name = self.recipe.schedule, self.watched.name
        with SCHEDULES.blaming(schedule):
            before, better = self.position.schedule, self.watched.higher_is_better
            return dict(schedule.after(before, figures[name], higher_is_better=better))

    def _stop(self) -> Finished | Failed:
        if failed := self._spoilt_weights():
            return failed
        self.position.epoch_seconds += self.speed.take_seconds()
        self._save_position()
        return self._finished(stopped=True)

    def _finished(self, *, stopped: bool) -> Finished:
        position = self.position
        seconds = position.seconds + position.epoch_seconds
        early = not stopped and position.epoch <= self.recipe.epochs
        return Finished(position.epoch - 1, stopped, position.best_epoch, seconds, early)

    def _is_out_of_patience(self) -> bool:
        """Whether no epoch was better for as long as early stopping waits."""
        return 0 < self.recipe.patience <= self.position.without_gain

    def _unread(self, validation: Validation) -> int:
        """How many images of an epoch could not be read; 0 where a resumed one began with more than there are now."""
        return max(0, len(self.data.train) - self.position.images) + len(self.data.validation) - validation.images

    def _nothing_read(self, validation: Validation) -> Failed | None:
        """Why an epoch counts for nothing, as no image of a part could be read; None where some could."""
        if not self.position.images:
            return not_read("Fewer than two of the training images")
        if not validation.images and len(self.data.validation):
            return not_read("None of the validation images")
        return None

    def _spoilt_loss(self, loss: float) -> Failed:
        position = self.position
        where = f"at epoch {position.epoch}, batch {position.batch}"
        found = NotFinite("Loss", loss, where, updates=position.step - 1)
        images, running = self._spoiling(), self.updater.running
        return explain_not_finite(self.model, images, found=found, recipe=self.recipe, running=running)

    def _spoiling(self) -> Tensor | None:
        """The batch whose loss was not finite, with the network as it ran over it; None if it is not there any more.

        Where others came after it, it is made again from the order of the epoch.
        """
        if self.updater.waits:
            return self.last_batch and self.last_batch[0]
        if (batch := next(self._batches(), None)) is None:
            return None
        seed_generators(seed_of(self.recipe.seed, self.position.step, purpose=2), self.device)
        self.updater.run_again(batch.pixels, batch.targets)
        return batch.pixels

    def _spoilt_weights(self) -> Failed | None:
        """Why training cannot go on after the last update; None while all weights are finite."""
        if not first_bad_weight(self.model):
            return None
        where = f"in the last update, epoch {self.position.epoch}, batch {self.position.batch}"
        found = NotFinite("A weight", math.nan, where, updates=self.position.step)
        return explain_not_finite(self.model, None, found=found, recipe=self.recipe)

    def _spoilt_figures(self, validation: Metrics | None) -> Failed | None:
        """Why the network is of no use after an epoch; None while its loss is finite."""
        loss = self._loss_after_update() if validation is None else validation[LossValue.name]
        if math.isfinite(loss):
            return None
        what = "Loss" if validation is None else "The validation loss"
        found = NotFinite(what, loss, f"after epoch {self.position.epoch}", self.position.step)
        return explain_not_finite(self.model, None, found=found, recipe=self.recipe)

    @torch.no_grad()
    def _loss_after_update(self) -> float:
        """The loss on the last batch once more: where nothing validates, no other figure tells what the update did."""
        if self.last_batch is None:
            return 0.0
        images, targets = self.last_batch
        return self.recipe.loss.of(self.heads.main_of(self.updater.answering(images)), targets).item()

    def _probe(self, epoch: int) -> Iterator[Probed]:
        watched = self.control.watched
        if watched is not None and can_probe(self.model, watched, self.data.shape):
            yield probe(self.model, watched, normalisation=self.data.normalisation, epoch=epoch)

    def _save_position(self) -> None:
        if self.run is not None:
            with keeping(self.run):
                self.run.save_position(self.updater.checkpoint(self.position))
