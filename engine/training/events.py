"""What a training says of itself, as frozen values; needs no torch.

``to_json`` gives the line that ``--json`` prints and ``metrics.jsonl`` keeps.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.recipe.metrics import Measured
from engine.training.version_1 import version_1_changes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


Metrics = Mapping[str, float]
"""Figures over some images, by the name of their metric."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """Before training: ``done`` of ``total`` ``unit`` of a ``task`` are done (total 0: it is not known yet)."""

    task: str
    done: int
    total: int
    unit: str


@dataclass(frozen=True, slots=True)
class Started:
    """Training begins on ``device`` ("cpu", "cuda:0"), at ``first_epoch`` (1 unless resumed).

    ``metrics`` are measured after every epoch; the one called ``watched`` decides which epoch is the best.
    """

    device: str
    precision: str
    first_epoch: int
    epochs: int
    steps_per_epoch: int
    train_images: int
    validation_images: int
    notes: tuple[str, ...] = ()  # sentences for people: "The final softmax is left out: the loss applies it."
    metrics: tuple[Measured, ...] = ()
    watched: str = ""


@dataclass(frozen=True, slots=True)
class StepDone:
    """One optimiser update; ``step`` counts from 1 over the run, ``batch`` from 1 within the epoch."""

    epoch: int
    batch: int
    step: int
    loss: float
    learning_rate: float
    images_per_second: float


@dataclass(frozen=True, slots=True)
class EpochDone:
    """One pass over the training images and one over the validation images."""

    epoch: int
    train: Metrics
    validation: Metrics | None
    seconds: float
    best: bool  # the best so far by the watched metric; its weights are kept


@dataclass(frozen=True, slots=True)
class Probed:
    """The output of one node for the watched image: ``maps`` is (C, H, W), or (N,) for a vector, float32."""

    node: str
    epoch: int
    maps: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Health:
    """How one node's parameters learn in one step; None where it has none, or no ReLU.

    ``gradient_norm`` is ‖∇W‖, ``update_ratio`` ‖ΔW‖/‖W‖, ``dead`` the fraction of ReLU maps that stayed 0
    for the whole batch.
    """

    gradient_norm: float | None = None
    update_ratio: float | None = None
    dead: float | None = None


@dataclass(frozen=True, slots=True)
class HealthMeasured:
    """The health of every node that has any, by node name."""

    epoch: int
    step: int
    nodes: dict[str, Health]


@dataclass(frozen=True, slots=True)
class Finished:
    """Training ended as it should, or was stopped; the last checkpoint is kept either way.

    ``early`` says that it ended before its last epoch, as none was better for long (see ``patience``).
    """

    epochs: int
    stopped: bool
    best_epoch: int | None
    seconds: float
    early: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Training ended early: ``message`` says what, where and what to do; ``code`` is stable.

    Codes: "out_of_memory", "not_finite" (``node`` says which layer first), "data", "disk",
    "removed" (its folder is gone), "crashed". ``changes`` are values of the recipe that may help in a new run.
    """

    code: str
    message: str
    hint: str = ""
    node: str = ""
    changes: Mapping[str, float] = field(default_factory=dict)


Event = Preparing | Started | StepDone | EpochDone | Probed | HealthMeasured | Finished | Failed

_NAMES = {
    Preparing: "preparing",
    Started: "started",
    StepDone: "step_done",
    EpochDone: "epoch_done",
    Probed: "probed",
    HealthMeasured: "health_measured",
    Finished: "finished",
    Failed: "failed",
}

_KINDS: dict[str, Any] = {name: kind for kind, name in _NAMES.items() if kind is not Probed}


def to_json(event: Event) -> dict[str, Any]:
    """The event as a JSON object: ``{"event": "epoch_done", "epoch": 3, "train": {…}, …}``.

    Maps become shapes; a figure that is NaN or infinite becomes null, as JSON knows no such number.
    """
    if isinstance(event, Probed):
        return {"event": "probed", "node": event.node, "epoch": event.epoch, "maps": list(event.maps.shape)}
    values: dict[str, Any] = _plain(dataclasses.asdict(event))
    return {"event": _NAMES[type(event)], **values}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def from_json(values: Mapping[str, Any]) -> Event | None:
    """The event that `to_json` gave; None for one whose values are not kept (maps) or that is unknown here."""
    values = dict(values)
    kind = _KINDS.get(values.pop("event", ""))
    if kind is None:
        return None
    try:
        event: Event = kind(**_READERS.get(kind, dict)(values))
    except (TypeError, KeyError, AttributeError):
        return None
    return event


def _read_started(values: dict[str, Any]) -> dict[str, Any]:
    metrics = tuple(Measured(**{**one, "limits": tuple(one["limits"])}) for one in values.get("metrics", ()))
    return {**values, "notes": tuple(values["notes"]), "metrics": metrics}


def _read_failed(values: dict[str, Any]) -> dict[str, Any]:
    return values if "changes" in values else {**values, "changes": version_1_changes(values.get("hint", ""))}


def _read_epoch(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, **{part: _metrics(values[part]) for part in ("train", "validation")}}


def _read_health(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "nodes": {name: Health(**health) for name, health in values["nodes"].items()}}


def _metrics(values: Mapping[str, Any] | None) -> Metrics | None:
    if values is None:
        return None
    return {key: math.nan if value is None else float(value) for key, value in values.items()}


_READERS: dict[Any, Callable[[dict[str, Any]], dict[str, Any]]] = {
    Started: _read_started,
    Failed: _read_failed,
    EpochDone: _read_epoch,
    HealthMeasured: _read_health,
}
