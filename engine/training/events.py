"""What a training says of itself, as frozen values; needs no torch.

``to_json`` gives the line that ``--json`` prints and ``metrics.jsonl`` keeps.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter

from engine.json_values import json_value
from engine.recipe.metrics import Measured
from engine.training.version_1 import version_1_changes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_MOST = 2**53  # beyond, a float would not tell two counts apart

Count = Annotated[int, Field(ge=0, le=_MOST)]
"""How many there are."""

Ordinal = Annotated[int, Field(ge=1, le=_MOST)]
"""What counts from 1."""

Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""Seconds, or images a second."""

Share = Annotated[float, Field(ge=0, le=1)]
"""A part of a whole."""

Figure = Annotated[float, BeforeValidator(lambda value: math.nan if value is None else value)]
"""What was measured; a null, as JSON has it, is NaN."""

Metrics = Mapping[str, Figure]
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
    first_epoch: Ordinal
    epochs: Ordinal
    steps_per_epoch: Ordinal
    train_images: Count
    validation_images: Count
    notes: tuple[str, ...] = ()  # sentences for people: "The final softmax is left out: the loss applies it."
    metrics: tuple[Measured, ...] = ()
    watched: str = ""
    class_images: tuple[Count, ...] = ()  # training images of each class; () where there are no classes


@dataclass(frozen=True, slots=True)
class StepDone:
    """One optimiser update; ``step`` counts from 1 over the run, ``batch`` from 1 within the epoch."""

    epoch: Ordinal
    batch: Ordinal
    step: Ordinal
    loss: Figure
    learning_rate: Figure
    images_per_second: Amount


@dataclass(frozen=True, slots=True)
class RateChanged:
    """From ``step`` on, which comes next, the schedule goes by another ``learning_rate`` than the one that was set."""

    epoch: Ordinal
    step: Ordinal
    learning_rate: Figure


@dataclass(frozen=True, slots=True)
class SlowSteps:
    """What takes longest in the making of a batch: an augmentation step, or several that move pixels together.

    They stand by their names; none stands for reading the images from files.
    """

    steps: tuple[str, ...]
    seconds: Amount


@dataclass(frozen=True, slots=True)
class EpochDone:
    """One pass over the training images and one over the validation images."""

    epoch: Ordinal
    train: Metrics
    validation: Metrics | None
    seconds: Amount
    best: bool  # the best so far by the watched metric; its weights are kept
    unread: Count = 0  # images of both that could not be read, and were left out
    waited: Share | None = None  # of the seconds, in which training waited for its batches; None if not measured
    slowest: SlowSteps | None = None  # why, where it waited long


@dataclass(frozen=True, slots=True)
class Probed:
    """The output of one node for the watched image: ``maps`` is (C, H, W), or (N,) for a vector, float32."""

    node: str
    epoch: int
    maps: NDArray[np.float32]


SILENT = 128
"""Images in a row for which a ReLU map that is alive fires at least once."""


@dataclass(frozen=True, slots=True)
class Health:
    """How one node's parameters learn in one step; None where it has none, or no ReLU.

    ``gradient_norm`` is ‖∇W‖, ``update_ratio`` ‖ΔW‖/‖W‖, ``dead`` the fraction of its ``maps`` that a ReLU left at 0
    for all of the last `SILENT` images or more that were measured; ``seen`` were measured so far, 0 where none counted.
    """

    gradient_norm: float | None = None
    update_ratio: float | None = None
    dead: float | None = None
    maps: int = 1
    seen: int = 0


def share_of_dead(parts: Iterable[Health]) -> float | None:
    """The fraction of the ReLU maps of several nodes that stayed 0; None where there is no ReLU."""
    found = [(part.dead, part.maps) for part in parts if part.dead is not None]
    maps = sum(count for _, count in found)
    return sum(dead * count for dead, count in found) / maps if maps else None


@dataclass(frozen=True, slots=True)
class HealthMeasured:
    """The health of every node that has any, by node name."""

    epoch: Ordinal
    step: Ordinal
    nodes: dict[str, Health]


@dataclass(frozen=True, slots=True)
class Finished:
    """Training ended as it should, or was stopped; the last checkpoint is kept either way.

    ``early`` says that it ended before its last epoch, as none was better for long (see ``patience``).
    """

    epochs: Count
    stopped: bool
    best_epoch: Ordinal | None
    seconds: Amount
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
    changes: Mapping[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = field(default_factory=dict)


Event = Preparing | Started | StepDone | RateChanged | EpochDone | Probed | HealthMeasured | Finished | Failed

_NAMES = {
    Preparing: "preparing",
    Started: "started",
    StepDone: "step_done",
    RateChanged: "rate_changed",
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
    return {"event": _NAMES[type(event)], **json_value(event)}


def from_json(values: object) -> Event | None:
    """The event that `to_json` gave; None for one whose values are not kept (maps) or that is unknown here.

    Raises ``ValueError`` for what no training says.
    """
    match values:
        case {"event": str(name), **told}:
            kind = _KINDS.get(name)
        case _:
            raise ValueError("is no event")
    if kind is None:
        return None
    if kind is Failed and "changes" not in told:
        told["changes"] = version_1_changes(str(told.get("hint", "")))
    event: Event = _reader(kind).validate_python(told)
    return event


@cache
def _reader(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
