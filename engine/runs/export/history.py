"""What a run's events tell, as figures over its steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from engine.runs.run_folder import RunFolder
from engine.training.events import EpochDone, HealthMeasured, Metrics, Started, StepDone


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
    """What a run tells; raises `LayerloomError` if it cannot be read. One that still trains gives what there is."""
    history = History(run.path.name, _unix_time(run.record.started))
    steps_per_epoch, seconds, each = 1, 0.0, 0.0
    rate: float | None = None
    for event in run.events():
        match event:
            case Started():
                steps_per_epoch = event.steps_per_epoch
            case StepDone(step=step):
                rate, now = event.learning_rate, seconds + each * (event.batch - 1)
                figures = {"loss/step": event.loss, "learning_rate": rate}
                history.scalars += [Scalar(tag, step, value, now) for tag, value in figures.items()]
            case HealthMeasured():
                history.scalars += _health(event, seconds)
            case EpochDone():
                seconds += event.seconds
                each = event.seconds / steps_per_epoch
                history.add_epoch(event, step=event.epoch * steps_per_epoch, seconds=seconds, learning_rate=rate)
    return history


def _health(event: HealthMeasured, seconds: float) -> Iterator[Scalar]:
    for node, health in event.nodes.items():
        figures = {"gradient_norm": health.gradient_norm, "update_ratio": health.update_ratio, "dead": health.dead}
        for name, value in figures.items():
            if value is not None:
                yield Scalar(f"{name}/{node}", event.step, value, seconds)


def _unix_time(started: str) -> float:
    try:
        return datetime.fromisoformat(started).timestamp()
    except ValueError:  # a record that somebody edited
        return 0.0
