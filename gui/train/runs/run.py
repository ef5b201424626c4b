"""One training as the window sees it: what was asked for, what its events have told so far, how it ended."""

from __future__ import annotations

import math
from collections import deque
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.data.warnings import Waited
from engine.inspection.sight import Sight
from engine.network import Network, analyse
from engine.network.layout import Flow, tidy
from engine.project import Project, ViewSettings
from engine.recipe.metrics import LossValue, Measured
from engine.recipe.recipe import Device, Recipe
from engine.runs.record import Member, RunRecord
from engine.tasks import Reading
from engine.training.advice import Advice, Adviser, Course
from engine.training.events import (
    EpochDone,
    Event,
    Failed,
    Finished,
    Health,
    HealthMeasured,
    Preparing,
    Probed,
    RateChanged,
    SlowSteps,
    Started,
    StepDone,
)
from gui.train.runs.series import Series
from gui.train.runs.status import Preparation, RunStatus

ETA_AFTER = 20  # batches; before, the estimate would jump
HEAT_CELLS = 24  # batches whose gradient norms the canvas shows
DRAWN = ViewSettings(flow=Flow.ONE_COLUMN)  # how a run's network stands, whichever way the document's own flows


class Run:
    """A run's project as it was at the start, and all its events told; knows no screen and no thread.

    ``steps`` has a row for every update, ``epochs`` one for every epoch, ``measured`` one for every update whose health
    was measured: the norm of all gradients together, and the median of ‖ΔW‖/‖W‖ of the layers. ``position`` is in
    epochs (1.5 is the middle of the second), ``seconds`` is training time without pauses.
    """

    def __init__(self, number: int, folder: Path, project: Project, *, member: Member | None = None) -> None:
        self.number = number
        self.folder = folder
        self.project = project
        self.member = member  # of an ensemble
        self.name = self.note = ""
        self.turn = ""  # which of several that are trained one after another: "run 2 of 4 in the queue"
        self.record: RunRecord | None = None
        self.status = RunStatus.PREPARING
        self.started: Started | None = None
        self.preparing = Preparation("Starting PyTorch")
        self.failure: Failed | None = None
        self.images_per_second = 0.0
        self.steps = Series("position", "step", "seconds", "loss", "learning_rate")
        self.epochs = self._empty_epochs()
        self.measured = Series("position", "step", "seconds", "gradient", "ratio")  # of the health of all layers
        self.epoch_seconds: list[float] = []
        self.unread = 0  # images that the last epoch left out
        self.waited: Waited | None = None  # for its batches, in the last epoch
        self.best_epoch: int | None = None
        self.patient_since = 0  # the epoch from which early stopping counts
        self.ended = self.ended_early = False
        self.batch = 0
        self.epoch = 0
        self.health: dict[str, Health] = {}
        self.gradients: dict[str, deque[float]] = {}
        self.maps: dict[str, NDArray[np.float32]] = {}
        self.maps_epoch = 0
        self.sight: Sight | None = None
        self._adviser = Adviser()
        self._advised: tuple[object, int] = (None, 0)  # by which health, after how many epochs
        self._advice: Advice | None = None
        self._began = (0.0, 0.0)  # step and seconds at this start or resumption: what the estimate rests on

    # What follows from the above

    @property
    def title(self) -> str:
        """What the list calls it: "7 · resnet18"."""
        return f"{self.number} · {self.name or self.project.network.name}"

    @cached_property
    def drawing(self) -> Network:
        """The network as Train shows it: a copy in one column, whose blocks can be opened without touching the run."""
        network = self.project.network.copy()
        tidy(network, DRAWN.flow, analyse(network))
        return network

    @property
    def settings(self) -> Recipe:
        """The recipe this run was started with."""
        return self.project.training

    @property
    def metrics(self) -> tuple[Measured, ...]:
        """What is measured after every epoch."""
        if self.started and self.started.metrics:
            return self.started.metrics
        return tuple(metric.measured() for metric in self.project.task.measured(self.settings))

    @property
    def watched(self) -> Measured:
        """What decides the best epoch."""
        name = self.started.watched if self.started else ""
        fallback = self.project.task.watched(self.settings).measured()
        return next((metric for metric in self.metrics if metric.name == name), fallback)

    @property
    def judged_by(self) -> Measured:
        """The metric that stands beside the loss: the watched one, or where that is the loss the task's own."""
        others = [metric for metric in self.metrics if not metric.minimised]
        return next((metric for metric in others if metric == self.watched), (others or [self.watched])[0])

    def figures(self, part: str, metric: Measured) -> NDArray[np.float64]:
        """A metric on the "train" or "validation" images after every epoch; NaN where it was not measured."""
        column = f"{part}_{metric.name}"
        return self.epochs[column] if column in self.epochs.columns else np.full(len(self.epochs), np.nan)

    @property
    def total_epochs(self) -> int:
        """Epochs it is to train for."""
        return self.started.epochs if self.started else self.settings.epochs

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch; 1 until that is known."""
        return self.started.steps_per_epoch if self.started else 1

    @property
    def total_steps(self) -> int:
        """Updates it is to make."""
        return self.total_epochs * self.steps_per_epoch

    @property
    def seconds_per_batch(self) -> float:
        """Time of one update as the latest were; 0 before it is known."""
        return self._images_per_step / self.images_per_second if self.images_per_second else 0.0

    @property
    def step(self) -> int:
        """Updates made so far."""
        return int(self.steps["step"][-1]) if len(self.steps) else 0

    @property
    def position(self) -> float:
        """Epochs trained so far, with the fraction of the one in progress."""
        return float(self.steps["position"][-1]) if len(self.steps) else 0.0

    @property
    def seconds(self) -> float:
        """Training time so far, without pauses."""
        latest = [series["seconds"][-1] for series in (self.steps, self.epochs) if len(series)]
        return float(max(latest, default=0.0))

    @property
    def rate_share(self) -> float:
        """The learning rate in use over the one that was set, as its schedule has it now."""
        if not len(self.steps):
            return 1.0
        return float(self.steps["learning_rate"][-1]) / self.settings.learning_rate_at(self.step)

    @property
    def fraction(self) -> float:
        """How much of the run is done, 0 to 1."""
        return min(1.0, self.position / self.total_epochs)

    @property
    def seconds_left(self) -> float | None:
        """An estimate of the time to the end, or None before there is ground for one."""
        done = self.step - self._began[0]
        if done < ETA_AFTER or not self.status.active:
            return None
        return (self.total_steps - self.step) * (self.seconds - self._began[1]) / done

    def metric(self, column: str, epoch: int | None = None) -> float | None:
        """A column of ``epochs`` at an epoch, or at the last one; None where it was not measured."""
        positions = self.epochs["position"]
        rows = np.flatnonzero(positions == epoch) if epoch is not None else np.arange(len(positions))
        known = len(rows) and column in self.epochs.columns
        value = float(self.epochs[column][rows[-1]]) if known else np.nan
        return None if np.isnan(value) else value

    @property
    def best_score(self) -> float | None:
        """The watched metric on the validation images, of the epoch whose weights are kept as the best."""
        return self.metric(f"validation_{self.watched.name}", self.best_epoch) if self.best_epoch else None

    @property
    def score(self) -> float | None:
        """The figure that the run is known by: the watched metric on the validation images, its best one."""
        return self.best_score if self.best_epoch else self.metric(f"validation_{self.watched.name}")

    @property
    def lengthens(self) -> bool:
        """Whether it has done what it was to do, and can be given more epochs."""
        return self.status is RunStatus.FINISHED and bool(len(self.epochs))

    @property
    def resumable(self) -> bool:
        """Whether it can go on from its last checkpoint: stopped, ended early, or failed by no fault of its own."""
        if self.status is RunStatus.FAILED:
            return self.failure is not None and self.failure.code in ("data", "disk", "crashed") and self.step > 0
        return self.status is RunStatus.STOPPED or self.ended_early

    @property
    def without_gain(self) -> int:
        """Epochs done since the best one, or since early stopping began to count."""
        done = int(self.epochs["position"][-1]) if len(self.epochs) else 0
        return done - max(self.best_epoch, self.patient_since) if self.best_epoch else 0

    def best_of(self, metric: Measured) -> tuple[float, int] | None:
        """The best value of a metric on the validation images and its epoch; None where it was not measured.

        Of the watched metric it is that of the epoch whose weights are kept, also where another was as good.
        """
        if metric == self.watched and self.best_epoch and self.best_score is not None:
            return self.best_score, self.best_epoch
        values = self.figures("validation", metric)
        if not np.isfinite(values).any():
            return None
        row = int(np.nanargmax(values) if metric.higher_is_better else np.nanargmin(values))
        return float(values[row]), int(self.epochs["position"][row])

    @property
    def prediction(self) -> tuple[Reading, ...]:
        """What the network says of the sample under watch; empty before it was asked."""
        if self.sight is None or self.record is None:
            return ()
        return self.project.task.readings(self.sight.prediction, self.record.classes)

    @property
    def advice(self) -> Advice | None:
        """What to do about how it goes, as it was measured last; None where all is well or it failed, and says why."""
        advised = (self.health, len(self.epochs))
        if advised[0] is not self._advised[0] or advised[1] != self._advised[1]:
            self._advised, self._advice = advised, self._adviser.on(self.course)
        return None if self.failure else self._advice

    @property
    def course(self) -> Course:
        """How it goes, for advice."""
        classes = self.record.classes if self.record else ()
        images = self.started.class_images if self.started else ()
        losses = tuple(self.epochs["train_loss"].tolist())
        first = float(self.steps["loss"][0]) if len(self.steps) else math.nan
        return Course(
            self.project, self.health, self.rate_share, classes, images, losses, first, measured=len(self.measured)
        )

    # Events

    def take(self, event: Event) -> None:
        """Let an event become part of the run's state."""
        match event:
            case Preparing():
                self.preparing = Preparation.of(event)
            case Started():
                self._start(event)
            case StepDone():
                self._add_step(event)
            case EpochDone():
                self._add_epoch(event)
            case RateChanged(step=step, learning_rate=rate):
                self.project.training = self.settings.with_rate(step, rate)
            case HealthMeasured():
                self._add_health(event)
            case Probed(node, epoch, maps):
                self.maps[node] = maps
                self.maps_epoch = epoch
            case Finished(stopped=stopped, early=early):
                self.status = RunStatus.STOPPED if stopped else RunStatus.FINISHED
                self.ended, self.ended_early = True, early
            case Failed():
                self.status = RunStatus.FAILED
                self.ended, self.failure = True, event

    def _start(self, event: Started) -> None:
        if self.status is RunStatus.PREPARING:
            self.status = RunStatus.RUNNING
        self.started = event
        if len(self.epochs):  # resumed: what was measured before stays
            self.epochs.add_columns(*self._figure_columns())
        else:
            self.epochs = self._empty_epochs()
        if self.ended:
            self._renew_patience(event.first_epoch)
        self.failure = None
        self.ended = self.ended_early = False
        self._began = (self.step, self.seconds)

    def _add_step(self, event: StepDone) -> None:
        self.steps.keep(int(np.searchsorted(self.steps["step"], event.step)))  # a resumed run may repeat some
        images = (event.step - self.step) * self._images_per_step
        seconds = images / event.images_per_second if event.images_per_second else 0.0
        position = event.epoch - 1 + event.batch / self.steps_per_epoch
        self.steps.append(position, event.step, self.seconds + seconds, event.loss, event.learning_rate)
        self.epoch, self.batch = event.epoch, event.batch
        self.images_per_second = event.images_per_second

    def _add_epoch(self, event: EpochDone) -> None:
        self.epochs.keep(int(np.searchsorted(self.epochs["position"], event.epoch)))
        del self.epoch_seconds[len(self.epochs) :]
        self._renew_patience(event.epoch)
        before = float(self.epochs["seconds"][-1]) if len(self.epochs) else 0.0
        row = {"position": event.epoch, "step": event.epoch * self.steps_per_epoch, "seconds": before + event.seconds}
        row |= {f"train_{name}": figure for name, figure in event.train.items()}
        row |= {f"validation_{name}": figure for name, figure in (event.validation or {}).items()}
        self.epochs.append(*(row.get(column, np.nan) for column in self.epochs.columns))
        self.epoch_seconds.append(event.seconds)
        self.epoch, self.unread = event.epoch, event.unread
        self.waited = self._waited_in(event)
        if event.best:
            self.best_epoch = event.epoch

    def _waited_in(self, event: EpochDone) -> Waited | None:
        if event.waited is None:
            return None
        seconds = event.waited * event.seconds / self.steps_per_epoch
        on_cpu = self.started is None or self.started.device == Device.CPU
        slowest = event.slowest or SlowSteps((), 0.0)
        return Waited(self.project.data, event.waited, seconds, slowest.steps, slowest.seconds, on_cpu)

    def _renew_patience(self, epoch: int) -> None:
        """Have patience again from ``epoch`` on if it was used up: the run had ended so, and yet goes on."""
        if 0 < self.settings.patience <= self.without_gain:
            self.patient_since = epoch - 1

    def _empty_epochs(self) -> Series:
        return Series("position", "step", "seconds", *self._figure_columns())

    def _figure_columns(self) -> list[str]:
        names = dict.fromkeys((LossValue.name, *(metric.name for metric in self.metrics)))
        return [f"{part}_{name}" for part in ("train", "validation") for name in names]

    @property
    def _images_per_step(self) -> float:
        return self.started.train_images / self.steps_per_epoch if self.started else self.settings.batch_size

    def _add_health(self, event: HealthMeasured) -> None:
        self.health = event.nodes
        self.measured.keep(int(np.searchsorted(self.measured["step"], event.step)))
        gradients = [one.gradient_norm for one in event.nodes.values() if one.gradient_norm is not None]
        ratios = [one.update_ratio for one in event.nodes.values() if one.update_ratio is not None]
        middle = float(np.median(ratios)) if ratios else np.nan
        position = event.step / self.steps_per_epoch
        self.measured.append(position, event.step, self.seconds, math.hypot(*gradients), middle)
        for name, health in event.nodes.items():
            if health.gradient_norm is not None:
                self.gradients.setdefault(name, deque(maxlen=HEAT_CELLS)).append(health.gradient_norm)
