"""How a network is trained, as a value; needs no torch."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationError

from engine.errors import LayerloomError
from engine.reasons import reason
from engine.settings import Settings


class Optimiser(StrEnum):
    """What turns gradients into steps."""

    SGD = "sgd"
    ADAMW = "adamw"


class Schedule(StrEnum):
    """How the learning rate goes over a run; cosine starts with a short warm-up."""

    CONSTANT = "constant"
    COSINE = "cosine"


class Precision(StrEnum):
    """Number format of the forward and backward pass; auto is mixed on CUDA and float32 elsewhere."""

    AUTO = "auto"
    FLOAT32 = "float32"
    MIXED = "mixed"


class Device(StrEnum):
    """Where training runs; auto takes CUDA, then MPS, then the CPU."""

    AUTO = "auto"
    CUDA = "cuda"
    MPS = "mps"
    CPU = "cpu"


class TrainingSettings(Settings):
    """Everything that decides a run besides network and data; the same settings give the same curve on the CPU."""

    epochs: Annotated[int, Field(ge=1, le=100_000, title="Epochs")] = 5
    batch_size: Annotated[int, Field(ge=1, le=65_536, title="Batch size")] = 16
    optimiser: Annotated[Optimiser, Field(title="Optimiser")] = Optimiser.ADAMW
    learning_rate: Annotated[float, Field(gt=0, le=100, title="Learning rate")] = 0.003
    momentum: Annotated[float, Field(ge=0, lt=1, title="Momentum")] = 0.9
    weight_decay: Annotated[float, Field(ge=0, le=10, title="Weight decay")] = 0.0
    schedule: Annotated[Schedule, Field(title="Schedule")] = Schedule.COSINE
    patience: Annotated[
        int,
        Field(
            ge=0,
            le=100_000,
            title="Early stopping",
            description="Ends training after so many epochs in a row that are no better on the validation images; "
            "0 never does. The weights of the best epoch are kept.",
            json_schema_extra={"unit": "epochs"},
        ),
    ] = 0
    device: Annotated[Device, Field(title="Device")] = Device.AUTO
    precision: Annotated[Precision, Field(title="Precision")] = Precision.AUTO
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, title="Seed")] = 0


def with_texts(settings: TrainingSettings, texts: Mapping[str, str]) -> TrainingSettings:
    """The settings with some changed to what a person typed; raises `LayerloomError` for a value that cannot be."""
    try:
        return TrainingSettings.model_validate({**settings.model_dump(), **texts})
    except ValidationError as error:
        raise LayerloomError(reason(error, TrainingSettings)) from error
