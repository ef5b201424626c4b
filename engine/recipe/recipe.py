"""How a network is trained, as a value; needs no torch."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from engine.recipe.initialisations import INITIALISATIONS, Initialisation, LayersOwn
from engine.recipe.losses import LOSSES, CrossEntropy, Loss
from engine.recipe.metrics import METRICS, Metric
from engine.recipe.optimisers import OPTIMISERS, AdamW, Optimiser
from engine.recipe.schedules import SCHEDULES, Cosine, Schedule
from engine.settings import Settings, setting

LARGEST_SEED = 2**32 - 1


class Precision(StrEnum):
    """Number format of the forward and backward pass; auto is mixed on CUDA and float32 elsewhere."""

    AUTO = "auto"
    FLOAT32 = "float32"
    MIXED = "mixed"

    @property
    def label(self) -> str:
        """What people call it."""
        return {Precision.AUTO: "Automatic", Precision.FLOAT32: "float32", Precision.MIXED: "Mixed"}[self]


class Device(StrEnum):
    """Where training runs; auto takes CUDA, then MPS, then the CPU."""

    AUTO = "auto"
    CUDA = "cuda"
    MPS = "mps"
    CPU = "cpu"

    @property
    def label(self) -> str:
        """What people call it."""
        return "Automatic" if self is Device.AUTO else self.value.upper()


class Recipe(Settings):
    """Everything that decides a run besides network and data; the same recipe gives the same curve on the CPU."""

    epochs: Annotated[int, Field(ge=1, le=100_000)] = setting(5, "Epochs")
    batch_size: Annotated[int, Field(ge=1, le=65_536)] = setting(16, "Batch size")
    optimiser: Annotated[Optimiser, OPTIMISERS] = setting(AdamW(), "Optimiser")
    learning_rate: Annotated[float, Field(gt=0, le=100)] = setting(0.003, "Learning rate")
    weight_decay: Annotated[float, Field(ge=0, le=10)] = setting(0.0, "Weight decay")
    schedule: Annotated[Schedule, SCHEDULES] = setting(Cosine(), "Schedule")
    loss: Annotated[Loss, LOSSES] = setting(CrossEntropy(), "Loss")
    initialisation: Annotated[Initialisation, INITIALISATIONS] = setting(
        LayersOwn(), "Initial weights", help="What convolutions and fully connected layers start as; by the seed."
    )
    watch: Annotated[Metric, METRICS] | None = setting(
        None,
        "Best epoch by",
        help="Which figure of the validation images decides the best epoch and early stopping; automatic is what the "
        "task is usually judged by.",
    )
    patience: Annotated[int, Field(ge=0, le=100_000)] = setting(
        0,
        "Early stopping",
        unit="epochs",
        help="Ends training after so many epochs in a row that are no better on the validation images; "
        "0 never does. The weights of the best epoch are kept.",
    )
    device: Annotated[Device, Field()] = setting(Device.AUTO, "Device")
    precision: Annotated[Precision, Field()] = setting(Precision.AUTO, "Precision")
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = setting(0, "Seed")

    def rate(self, step: int, steps: int) -> float:
        """The learning rate of ``step``, 1 to ``steps``."""
        return self.schedule.rate(self.learning_rate, step, steps)
