"""How the learning rate goes over a run; one class a schedule.

Settings have the names that torch gives them. Nothing is carried over from step to step but what `Schedule.after`
gives, which the checkpoint keeps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from engine.choices import Choice, Registry
from engine.settings import setting

State = Mapping[str, float]
"""What a schedule remembers of the epochs before."""


class Moment(NamedTuple):
    """A step of a run, 1 to ``steps``, in ``epoch``, which counts from 1; what warms up counts to the epochs alone."""

    step: int
    steps: int
    epoch: int
    state: State


class Schedule(Choice):
    """The learning rate of every step, as plain arithmetic.

    ``depends_on_run`` says that it goes by the figures of the run, so that nobody knows it before. ``formula`` is the
    rate η as one writes it, with the settings of `rate` as letters.
    """

    depends_on_run: ClassVar[bool] = False

    @property
    def formula(self) -> str:
        return ""

    def rate(self, learning_rate: float, step: int, steps: int) -> float:
        """The learning rate of ``step``, 1 to ``steps``, where ``learning_rate`` is the one that was set."""
        raise TypeError(f"{type(self).__name__} does not declare rate")

    def rate_at(self, learning_rate: float, moment: Moment) -> float:
        """The same for one that goes by epochs, or by what it remembers."""
        return self.rate(learning_rate, moment.step, moment.steps)

    def momentum(self, step: int, steps: int) -> float | None:
        """What takes the place of the optimiser's momentum, or first beta; None leaves it as it was set."""
        return None

    def warmed_up(self) -> Schedule:
        """What follows where the recipe has the rate rise first."""
        return self

    def without_figures(self, state: State) -> State:
        """What it still remembers where another figure is watched from now on."""
        return state

    def after(self, state: State, figure: float, *, higher_is_better: bool) -> State:
        """What is remembered after an epoch whose watched figure is ``figure``."""
        return {}


SCHEDULES: Registry[Schedule] = Registry("schedules", one="schedule")

Factor = Annotated[float, Field(gt=0, le=1)]
Epochs = Annotated[int, Field(ge=1, le=100_000)]
Rate = Annotated[float, Field(ge=0, le=100)]


@SCHEDULES.register
class Constant(Schedule):
    """The learning rate stays as it was set."""

    name: ClassVar = "constant"
    title: ClassVar = "Constant"

    @property
    def formula(self) -> str:
        return "η = η₀"

    def rate(self, learning_rate: float, step: int, steps: int) -> float:
        return learning_rate


@SCHEDULES.register
class Step(Schedule):
    """The learning rate falls by a factor every few epochs, or after those that are named."""

    name: ClassVar = "step"
    title: ClassVar = "Step"

    gamma: Factor = setting(0.1, "Factor", help="What the rate is multiplied by each time.")
    step_size: Epochs = setting(10, "Every", unit="epochs")
    milestones: Annotated[tuple[Epochs, ...], Field(max_length=100)] = setting(
        (), "After epochs", help="Where some are named, such as 30, 60, the rate falls after these instead."
    )

    @property
    def formula(self) -> str:
        return f"η = η₀·{self.gamma:g}^falls"

    def summary(self) -> str:
        when = f"after {', '.join(map(str, self.milestones))}" if self.milestones else f"every {self.step_size} epochs"
        return f"Step, ×{self.gamma:g} {when}"

    def rate_at(self, learning_rate: float, moment: Moment) -> float:
        done = moment.epoch - 1
        falls = sum(done >= one for one in self.milestones) if self.milestones else done // self.step_size
        return learning_rate * self.gamma**falls


@SCHEDULES.register
class Exponential(Schedule):
    """The learning rate falls by the same factor after every epoch."""

    name: ClassVar = "exponential"
    title: ClassVar = "Exponential"

    gamma: Factor = setting(0.95, "Factor", help="What the rate is multiplied by after each epoch.")

    @property
    def formula(self) -> str:
        return f"η = η₀·{self.gamma:g}^epochs"

    def summary(self) -> str:
        return f"Exponential, ×{self.gamma:g}"

    def rate_at(self, learning_rate: float, moment: Moment) -> float:
        return float(learning_rate * self.gamma ** (moment.epoch - 1))


@SCHEDULES.register
class Cosine(Schedule):
    """A rise in a straight line over the first twentieth of the steps, then a fall along half a cosine.

    The rise is Goyal et al. 2017, section 2.2; without it deep networks that have no batch norm start badly at the
    default rate. The fall is η/2·(1 + cos(π·t/T)), Loshchilov & Hutter 2017, eq. 5, without restarts.
    """

    name: ClassVar = "cosine"
    title: ClassVar = "Cosine"

    rise: Annotated[float, Field(ge=0, lt=1)] = setting(
        0.05,
        "Rise",
        unit="of the steps",
        help="The share of the steps in which the rate rises; none where the recipe has a warm-up.",
    )
    eta_min: Rate = setting(0.0, "Lowest rate", help="What the rate falls to.", advanced=True)

    @property
    def formula(self) -> str:
        return "η = b + (η₀ − b)·(1 + cos πp) / 2"

    def rate(self, learning_rate: float, step: int, steps: int) -> float:
        rising = max(1, round(self.rise * steps))
        if step <= rising:
            return learning_rate * (step / rising)
        lowest = min(self.eta_min, learning_rate)
        share = 1 + math.cos(math.pi * (step - rising) / (steps - rising + 1))
        return lowest + (learning_rate - lowest) / 2 * share

    def warmed_up(self) -> Schedule:
        return self.model_copy(update={"rise": 0.0})


@SCHEDULES.register
class OneCycle(Schedule):
    """The rate rises to the one that was set and falls to almost nothing, while momentum goes the other way.

    Smith & Topin 2018, in the form that torch gives it; ``div_factor`` is of the first rate.
    """

    name: ClassVar = "one_cycle"
    title: ClassVar = "One cycle"

    pct_start: Annotated[float, Field(gt=0, lt=1)] = setting(
        0.3, "Rise", unit="of the steps", help="The share of the steps that rise."
    )
    anneal_strategy: Literal["cos", "linear"] = setting(
        "cos", "Course", labels={"cos": "Half cosines", "linear": "Straight lines"}, advanced=True
    )
    div_factor: Annotated[float, Field(ge=1, le=1e9)] = setting(
        25.0,
        "First divisor",
        help="The first rate is the one that was set, divided by this.",
        row="Start, end",
    )
    final_div_factor: Annotated[float, Field(ge=1, le=1e12)] = setting(
        1e4, "Last divisor", help="The last rate is the first one, divided by this.", row="Start, end"
    )
    three_phase: bool = setting(
        False, "Three phases", help="Falls to the first rate as it rose, and from there on to the last.", advanced=True
    )
    cycle_momentum: bool = setting(
        True, "Momentum too", help="Momentum, or the first beta, falls and rises.", advanced=True
    )
    base_momentum: Annotated[float, Field(ge=0, lt=1)] = setting(0.85, "Lowest momentum", advanced=True)
    max_momentum: Annotated[float, Field(ge=0, lt=1)] = setting(0.95, "Highest momentum", advanced=True)

    @property
    def formula(self) -> str:
        course = {"cos": "(1 + cos πp) / 2", "linear": "(1 − p)"}
        return f"η = b + (a − b)·{course[self.anneal_strategy]}"

    @model_validator(mode="after")
    def _check_momentum(self) -> Self:
        if self.base_momentum > self.max_momentum:
            raise ValueError("The lowest momentum is above the highest.")
        return self

    def rate(self, learning_rate: float, step: int, steps: int) -> float:
        first = learning_rate / self.div_factor
        last = first / self.final_div_factor
        return self._between(step, steps, (first, learning_rate, first, last))

    def momentum(self, step: int, steps: int) -> float | None:
        if not self.cycle_momentum:
            return None
        return self._between(step, steps, (self.max_momentum, self.base_momentum, self.max_momentum, self.max_momentum))

    def _between(self, step: int, steps: int, values: tuple[float, float, float, float]) -> float:
        """Where a course through ``values`` is: the first, that at the peak, that after the fall, the last."""
        peak, end = self.pct_start * steps - 1, steps - 1.0
        ends = [peak, 2 * peak, end] if self.three_phase else [peak, end]
        levels = values if self.three_phase else (values[0], values[1], values[3])
        place, began = step - 1, 0.0
        for index, until in enumerate(ends):
            if place <= until or index == len(ends) - 1:
                break
            began = until
        share = (place - began) / (until - began) if until > began else 1.0
        return self._course(levels[index], levels[index + 1], share)

    def _course(self, start: float, end: float, share: float) -> float:
        if self.anneal_strategy == "linear":
            return start + (end - start) * share
        return end + (start - end) / 2 * (1 + math.cos(math.pi * share))


@SCHEDULES.register
class Plateau(Schedule):
    """The rate falls by a factor when the watched figure has been no better for some epochs.

    The figure is that of the validation images by which the best epoch is chosen, or where none validate that of the
    training images.
    """

    name: ClassVar = "plateau"
    title: ClassVar = "Reduce on plateau"
    aliases: ClassVar = ("reduce_on_plateau",)
    depends_on_run: ClassVar = True

    factor: Annotated[float, Field(gt=0, lt=1)] = setting(0.1, "Factor", help="What the rate is multiplied by.")
    patience: Annotated[int, Field(ge=0, le=100_000)] = setting(
        5, "Patience", unit="epochs", help="How many epochs may be no better before the rate falls."
    )
    threshold: Annotated[float, Field(ge=0, lt=1)] = setting(
        1e-4, "Threshold", help="By which share of the best a figure must be better to count.", advanced=True
    )
    cooldown: Annotated[int, Field(ge=0, le=100_000)] = setting(
        0, "Cooldown", unit="epochs", help="Epochs after a fall that do not count.", advanced=True
    )
    min_lr: Rate = setting(0.0, "Lowest rate", advanced=True)

    @property
    def formula(self) -> str:
        return f"η = η₀·{self.factor:g}^falls"

    def summary(self) -> str:
        return f"Reduce on plateau, ×{self.factor:g} after {self.patience}"

    def rate_at(self, learning_rate: float, moment: Moment) -> float:
        falls = int(moment.state.get("falls", 0))
        return max(learning_rate * self.factor**falls, min(self.min_lr, learning_rate))

    def without_figures(self, state: State) -> State:
        return {name: value for name, value in state.items() if name in ("falls", "cooling")}

    def after(self, state: State, figure: float, *, higher_is_better: bool) -> State:
        worst = -math.inf if higher_is_better else math.inf
        best, waited, cooling = state.get("best", worst), state.get("waited", 0), state.get("cooling", 0)
        falls = state.get("falls", 0)
        least = best * (1 + self.threshold if higher_is_better else 1 - self.threshold)
        if figure > least if higher_is_better else figure < least:
            best, waited = figure, 0
        else:
            waited += 1
        if cooling:
            cooling, waited = cooling - 1, 0
        if waited > self.patience:
            falls, waited, cooling = falls + 1, 0, self.cooldown
        return {"best": best, "waited": waited, "cooling": cooling, "falls": falls}
