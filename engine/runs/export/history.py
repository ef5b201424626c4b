"""What a run's events tell, as figures over its steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from engine.runs.run_folder import RunFolder
from engine.training.events import EpochDone, HealthMeasured, Metrics, Started, StepDone

_OfStep = StepDone | HealthMeasured


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch: the update it ended with, the training time in s until then, its figures by part, the rate in use."""

    epoch: int
    step: int
    seconds: float
    figures: dict[str, Metrics]
    learning_rate: float | None
    best: bool


@dataclass(frozen=True, slots=True)
class Scalar:
    """One figure by its ``tag`` ("loss/validation", "gradient_norm/conv1") after ``step``, ``seconds`` into the run."""

    tag: str
    step: int
    value: float
    seconds: float


@dataclass
class History:
    """The epochs of a run, and all its figures, in order; ``began`` is a Unix time in s."""

    name: str
    began: float
    epochs: list[Epoch] = field(default_factory=list)
    scalars: list[Scalar] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The training time of all epochs."""
        return self.epochs[-1].seconds if self.epochs else 0.0

    def seconds_before(self, epoch: int) -> float:
        """The training time of the epochs before one."""
        return next((one.seconds for one in reversed(self.epochs) if one.epoch < epoch), 0.0)

    def forget(self, event: _OfStep) -> None:
        """Forget the epochs from that of ``event`` on, which are made once more, and their figures."""
        if self.epochs and self.epochs[-1].epoch >= event.epoch:
            self.epochs = [epoch for epoch in self.epochs if epoch.epoch < event.epoch]
            self.scalars = [scalar for scalar in self.scalars if scalar.step < event.step]

    def add_epoch(self, event: EpochDone, *, step: int, seconds: float, learning_rate: float | None) -> None:
        """Take in an epoch that ended with ``step``."""
        figures = {"train": event.train, "validation": event.validation or {}}
        self.epochs.append(Epoch(event.epoch, step, seconds, figures, learning_rate, event.best))
        self.scalars += [
            Scalar(f"{name}/{part}", step, value, seconds)
            for part, measured in figures.items()
            for name, value in measured.items()
        ]

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of what was measured after an epoch."""
        return tuple(dict.fromkeys(name for epoch in self.epochs for part in epoch.figures.values() for name in part))


def histories_of(runs: Iterable[RunFolder]) -> list[History]:
    """What each run tells, under names that differ: those of their folders, with the folder around where two agree."""
    found = list(runs)
    names = Counter(run.path.absolute().name for run in found)
    histories = []
    for run in found:
        history, path = history_of(run), run.path.absolute()
        history.name = path.name if names[path.name] == 1 else f"{path.parent.name}-{path.name}"
        histories.append(history)
    return histories


def history_of(run: RunFolder) -> History:
    """What a run tells; raises `LayerloomError` if it cannot be read. One that still trains gives what there is.

    Of what a run that was killed made twice, the second time counts.
    """
    history = History(run.path.name, _unix_time(run.record.started))
    steps_per_epoch, each = 1, 0.0
    coming: list[_OfStep] = []  # the steps of the epoch in progress
    for event in run.events():
        match event:
            case Started():
                steps_per_epoch = event.steps_per_epoch
            case StepDone() | HealthMeasured():
                while coming and _order(coming[-1]) >= _order(event):
                    coming.pop()
                coming.append(event)
                if isinstance(event, StepDone):  # the last health may be told after its epoch
                    history.forget(coming[0])
            case EpochDone():
                each = event.seconds / steps_per_epoch
                seconds = history.seconds + event.seconds
                history.scalars += _scalars(coming, history, each=each, steps=steps_per_epoch)
                rates = [one.learning_rate for one in coming if isinstance(one, StepDone)]
                rate = rates[-1] if rates else None
                history.add_epoch(event, step=event.epoch * steps_per_epoch, seconds=seconds, learning_rate=rate)
                coming = []
    history.scalars += _scalars(coming, history, each=each, steps=steps_per_epoch)
    return history


def _order(event: _OfStep) -> tuple[int, bool]:
    """By step; its health is told after its loss."""
    return event.step, isinstance(event, HealthMeasured)


def _scalars(events: Iterable[_OfStep], history: History, *, each: float, steps: int) -> Iterator[Scalar]:
    """The figures of steps of an epoch that takes so many seconds for ``each`` of its ``steps``."""
    for event in events:
        seconds = history.seconds_before(event.epoch) + each * (event.step - (event.epoch - 1) * steps)
        for tag, value in _figures(event):
            yield Scalar(tag, event.step, value, seconds)


def _figures(event: _OfStep) -> Iterator[tuple[str, float]]:
    if isinstance(event, StepDone):
        yield "loss/step", event.loss
        yield "learning_rate", event.learning_rate
        return
    for node, health in event.nodes.items():
        figures = {"gradient_norm": health.gradient_norm, "update_ratio": health.update_ratio, "dead": health.dead}
        yield from ((f"{name}/{node}", value) for name, value in figures.items() if value is not None)


def _unix_time(started: str) -> float:
    try:
        return datetime.fromisoformat(started).timestamp()
    except ValueError:  # a record that somebody edited
        return 0.0
