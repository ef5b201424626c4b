"""How a network is trained, as a value; needs no torch."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from engine.recipe.device import Device as Device
from engine.recipe.initialisations import INITIALISATIONS, Initialisation, LayersOwn
from engine.recipe.losses import LOSSES, CrossEntropy, Loss
from engine.recipe.metrics import METRICS, Metric
from engine.recipe.optimisers import OPTIMISERS, AdamW, Optimiser
from engine.recipe.schedules import SCHEDULES, Cosine, Moment, Schedule, State
from engine.recipe.sections import Section
from engine.settings import Settings, setting
from engine.words import counted

LARGEST_SEED = 2**32 - 1
HIGHEST_RATE = 100
LARGEST_BATCH = 65_536
LARGEST_ENSEMBLE = 100


class Precision(StrEnum):
    """Number format of the forward and backward pass; weights, losses and averages are float32 whatever it is.

    Mixed takes the half of float32 that the device is good at; auto is mixed on CUDA and float32 elsewhere.
    """

    AUTO = "auto"
    FLOAT32 = "float32"
    MIXED = "mixed"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"

    @property
    def label(self) -> str:
        """What people call it."""
        words = {Precision.AUTO: "Automatic", Precision.MIXED: "Mixed"}
        halves = {Precision.BFLOAT16: "Mixed, bfloat16", Precision.FLOAT16: "Mixed, float16"}
        return (words | halves).get(self, self.value)


class LeftOut(StrEnum):
    """What weight decay and penalties leave out."""

    BIASES_AND_NORMS = "biases_and_norms"
    NOTHING = "nothing"


class Recipe(Settings):
    """Everything that decides a run besides network and data; the same recipe gives the same curve on the CPU."""

    epochs: Annotated[int, Field(ge=1, le=100_000)] = setting(
        5, "Epochs", section=Section.SCHEDULE, row="Epochs, warm-up"
    )
    batch_size: Annotated[int, Field(ge=1, le=LARGEST_BATCH)] = setting(
        16, "Batch size", section=Section.BATCHES, row="Batch, times"
    )
    accumulate: Annotated[int, Field(ge=1, le=10_000)] = setting(
        1,
        "Accumulate",
        unit="batches",
        help="Gradients of so many batches are added up for one update, as of one batch so much larger that needs no "
        "more memory.",
        section=Section.BATCHES,
        row="Batch, times",
    )
    optimiser: Annotated[Optimiser, OPTIMISERS] = setting(AdamW(), "Optimiser", section=Section.OPTIMISER, row="Method")
    learning_rate: Annotated[float, Field(gt=0, le=HIGHEST_RATE)] = setting(
        0.003, "Learning rate", section=Section.OPTIMISER
    )
    rate_changes: Annotated[tuple[Annotated[tuple[float, ...], Field(min_length=2, max_length=2)], ...], Field()] = (
        setting(
            (),
            "Rate changes",
            help="Steps from which another learning rate holds in place of the one above, such as 200, 0.001; 400, "
            "0.0001. What is changed while a run trains is noted here, so that it can be repeated.",
            advanced=True,
            section=Section.SCHEDULE,
        )
    )
    metrics: tuple[Annotated[Metric, METRICS], ...] = setting(
        (),
        "Also measure",
        help="Figures beside the loss and what the task is usually judged by, after every epoch.",
        advanced=True,
        section=Section.SCHEDULE,
    )
    weight_decay: Annotated[float, Field(ge=0, le=10)] = setting(0.0, "Weight decay", section=Section.REGULARISATION)
    decay_leaves_out: Annotated[LeftOut, Field()] = setting(
        LeftOut.BIASES_AND_NORMS,
        "Decay leaves out",
        help="Weight decay, L1 and L2 are for weights; pulling biases and the scales of norms to 0 helps nobody.",
        section=Section.REGULARISATION,
    )
    l1: Annotated[float, Field(ge=0, le=10)] = setting(
        0.0,
        "L1",
        help="Adds λ·Σ|w| to what is minimised, which makes weights 0; the losses shown are without.",
        section=Section.REGULARISATION,
        row="L1, L2 in loss",
    )
    l2: Annotated[float, Field(ge=0, le=10)] = setting(
        0.0,
        "L2",
        help="Adds λ/2·Σw² to what is minimised, which under plain SGD is weight decay; the losses shown are without.",
        section=Section.REGULARISATION,
        row="L1, L2 in loss",
    )
    clip_norm: Annotated[float, Field(ge=0, le=1e6)] = setting(
        0.0,
        "Clip gradients",
        help="Gradients of all weights together are cut to this length; 0 never does.",
        section=Section.BATCHES,
        unit="norm",
        when_on=1.0,
    )
    average: Annotated[float, Field(ge=0, lt=1)] = setting(
        0.0,
        "Average weights",
        help="How much of a moving average of the weights stays with each step, such as 0.999. The averages are what "
        "validates and is kept; 0 takes the weights of the last step.",
        section=Section.OPTIMISER,
        unit="decay",
        when_on=0.999,
    )
    schedule: Annotated[Schedule, SCHEDULES] = setting(Cosine(), "Schedule", section=Section.SCHEDULE, row="Shape")
    warm_up: Annotated[float, Field(ge=0, le=100_000)] = setting(
        0.0,
        "Warm-up",
        unit="epochs",
        help="The learning rate first rises in a straight line for so long.",
        section=Section.SCHEDULE,
        row="Epochs, warm-up",
    )
    loss: Annotated[Loss, LOSSES] = setting(CrossEntropy(), "Loss", section=Section.LOSS, row="Function")
    initialisation: Annotated[Initialisation, INITIALISATIONS] = setting(
        LayersOwn(),
        "Initial weights",
        help="What convolutions and fully connected layers start as; by the seed.",
        section=Section.INITIAL_WEIGHTS,
        row="Method",
    )
    watch: Annotated[Metric, METRICS] | None = setting(
        None,
        "Best epoch by",
        help="Which figure of the validation images decides the best epoch and early stopping; automatic is what the "
        "task is usually judged by.",
        section=Section.REGULARISATION,
    )
    patience: Annotated[int, Field(ge=0, le=100_000)] = setting(
        0,
        "Early stopping",
        unit="epochs",
        help="Ends training after so many epochs in a row that are no better on the validation images; "
        "0 never does. The weights of the best epoch are kept.",
        section=Section.REGULARISATION,
        when_on=6,
    )
    device: Annotated[Device, Field()] = setting(Device.AUTO, "Device", section=Section.PRECISION)
    precision: Annotated[Precision, Field()] = setting(Precision.AUTO, "Precision", section=Section.PRECISION)
    channels_last: bool = setting(
        False,
        "Channels last",
        help="Keeps the channels of a pixel side by side in memory, which GPUs convolve faster in mixed precision.",
        advanced=True,
        section=Section.PRECISION,
    )
    compile: bool = setting(
        False,
        "Compile",
        help="Lets torch.compile write code for this network: a minute at the start, and faster steps from then on.",
        advanced=True,
        section=Section.PRECISION,
    )
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = setting(0, "Seed", section=Section.REPEATS)
    ensemble: Annotated[int, Field(ge=1, le=LARGEST_ENSEMBLE)] = setting(
        1,
        "Ensemble of",
        unit="runs",
        help="So many runs one after another on the same parts: each has its own seed for weights and order, one more "
        "than the run before it. Their probabilities are averaged when they are evaluated together.",
        section=Section.REPEATS,
    )

    @field_validator("metrics")
    @classmethod
    def _once_each(cls, metrics: tuple[Metric, ...]) -> tuple[Metric, ...]:
        return tuple(metric for at, metric in enumerate(metrics) if metric not in metrics[:at])

    @model_validator(mode="after")
    def _check_seeds(self) -> Self:
        if self.seed + self.ensemble - 1 > LARGEST_SEED:
            raise ValueError(
                f"{counted(self.ensemble, 'run')} from seed {self.seed} on would need seeds above {LARGEST_SEED}."
            )
        return self

    def members(self) -> tuple[Recipe, ...]:
        """The recipe of each run of the ensemble, which is that of a run alone; of one run it is the recipe itself."""
        if self.ensemble == 1:
            return (self,)
        return tuple(
            self.model_copy(update={"seed": self.seed + number, "ensemble": 1}) for number in range(self.ensemble)
        )

    @field_validator("rate_changes", mode="before")
    @classmethod
    def _one_change(cls, changes: object) -> object:
        """A step and a rate alone, as somebody types them who changes the rate once, are one change."""
        if isinstance(changes, list | tuple) and changes and not isinstance(changes[0], list | tuple):
            return (changes,)
        return changes

    @model_validator(mode="after")
    def _check_rate_changes(self) -> Self:
        steps = [step for step, _ in self.rate_changes]
        if steps != sorted(set(steps)) or any(step < 1 or step != int(step) for step in steps):
            raise ValueError(
                "The steps of the rate changes are whole numbers from 1 up, each larger than the one before."
            )
        if not all(0 < rate <= HIGHEST_RATE for _, rate in self.rate_changes):
            raise ValueError(f"The rates of the rate changes are above 0 and at most {HIGHEST_RATE}.")
        return self

    def with_rate(self, step: int, rate: float) -> Recipe:
        """The same with another learning rate from ``step`` on, in place of all changes that were to come after it."""
        if (step, rate) in self.rate_changes:
            return self
        before = [change for change in self.rate_changes if change[0] < step]
        return Recipe.model_validate(self.model_dump() | {"rate_changes": (*before, (step, rate))})

    def learning_rate_at(self, step: int) -> float:
        """The learning rate that was set, or that it was changed to by ``step``."""
        return next((rate for first, rate in reversed(self.rate_changes) if first <= step), self.learning_rate)

    @property
    def images_per_step(self) -> int:
        """Images that an update is made from."""
        return self.batch_size * self.accumulate

    @property
    def usual_rate(self) -> float:
        """The learning rate that its optimiser usually works with."""
        return self.optimiser.usual_rate_for(self.images_per_step)

    def rate(self, step: int, steps: int, state: State | None = None) -> float:
        """The learning rate of ``step``, 1 to ``steps``; ``state`` is what the schedule remembers."""
        rising = self._rising(steps)
        schedule = self.schedule.warmed_up() if rising else self.schedule
        reached = max(step, rising + 1)
        moment = Moment(reached - rising, steps - rising, (reached - 1) * self.epochs // steps + 1, state or {})
        return schedule.rate_at(self.learning_rate_at(step), moment) * min(1.0, step / (rising + 1))

    def momentum(self, step: int, steps: int) -> float | None:
        """What the schedule makes of the optimiser's momentum at ``step``; None leaves it as it was set."""
        rising = self._rising(steps)
        return self.schedule.momentum(max(1, step - rising), steps - rising)

    def _rising(self, steps: int) -> int:
        """The number of steps that warm up."""
        return min(round(self.warm_up * steps / self.epochs), steps - 1)
