"""Advice on a training, and what it goes by."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar

from engine.choices import Choice, Registry
from engine.data.sampling import Imbalance, imbalance
from engine.project import Project
from engine.recipe.recipe import Recipe
from engine.training.advice.cures import Cure, at_rate, below, open_gradients
from engine.training.events import Health
from engine.training.layer_health import Row, health_rows

_FALLS = 0.9  # times the loss of the first epoch, or less
_HALVED, _WELL = 0.5, 0.25  # times the loss of the start, or less
_FEWEST = 3  # steps whose health was measured


@dataclass(frozen=True)
class Course:
    """How a training goes: its project, and the latest health of its nodes.

    ``rate_share`` is the learning rate in use over the one that was set; ``classes`` and ``class_images`` are the
    classes and how many training images each has, ``losses`` those of training in each epoch done, ``first_loss`` that
    of the first steps that were told of. The health of so many steps was ``measured``; None where that is not known.
    An `Adviser` fills in ``lowest``: the lowest learning rate advised so far, if a lower one was.
    """

    project: Project
    health: Mapping[str, Health] = field(default_factory=dict)
    rate_share: float = 1.0
    classes: tuple[str, ...] = ()
    class_images: tuple[int, ...] = ()
    losses: tuple[float, ...] = ()
    first_loss: float = math.nan
    measured: int | None = None
    lowest: float | None = None

    @cached_property
    def rows(self) -> list[Row]:
        """The health of the layers, in the order values flow."""
        return health_rows(self.project.network, self.health, rate_share=self.rate_share)

    @property
    def recipe(self) -> Recipe:
        """The recipe that it trains with."""
        return self.project.training

    @property
    def rate(self) -> float:
        """The learning rate that was set, or that it was changed to."""
        return self.recipe.rate_changes[-1][1] if self.recipe.rate_changes else self.recipe.learning_rate

    @property
    def usual_rate(self) -> float:
        """A learning rate that its optimiser usually works with."""
        return self.recipe.usual_rate

    @property
    def start(self) -> float:
        """The loss of the first step, or of a guess among the classes if it was worse than that; NaN if unknown."""
        return min(self.first_loss, math.log(len(self.classes))) if len(self.classes) > 1 else self.first_loss

    @property
    def learns(self) -> bool | None:
        """Whether the loss falls, or has fallen far; None before two epochs tell."""
        if self.losses and self.losses[-1] < _HALVED * self.start:
            return True
        return self.losses[-1] < _FALLS * self.losses[0] if len(self.losses) > 1 else None

    @property
    def goes_well(self) -> bool:
        """Whether the loss has fallen so far that nothing can be very wrong with how the network learns."""
        return bool(self.losses) and self.losses[-1] < _WELL * self.start

    @property
    def stands_still(self) -> bool:
        """Whether the loss is about where it was at the start, or worse, after an epoch or more."""
        return bool(self.losses) and self.losses[-1] > _FALLS * self.start

    @property
    def never_began(self) -> bool:
        """Whether the loss has stayed where it was at the start, and no lower rate was advised meanwhile."""
        return self.learns is False and self.stands_still and self.lowest is None

    @property
    def tells_of_updates(self) -> bool:
        """Whether enough steps were measured to say how large updates are: the first ones are not like others."""
        return self.measured is None or self.measured >= _FEWEST

    @property
    def imbalance(self) -> Imbalance | None:
        """Classes of unlike sizes that nothing makes up for."""
        weighs = self.recipe.loss == self.recipe.loss.with_class_weights()
        made_up_for = weighs or self.project.data.sampling.balances
        return None if made_up_for else imbalance(self.classes, self.class_images)

    @property
    def opened(self) -> Cure | None:
        """A network through which gradients pass better; None where this one does what it can."""
        return open_gradients(self.project.network, batch=self.recipe.batch_size)

    def lowered(self, factor: float) -> Cure:
        """A learning rate so many times as high as now, rounded down; none above what was advised before."""
        rate = below(max(self.rate * factor, 1e-12))
        return at_rate(rate if self.lowest is None else min(rate, self.lowest))


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong and what helps, each a sentence; in which row it begins ("" where in none); a cure to try.

    ``sign`` is a word that marks the row: "vanishing"; "" without one.
    """

    what: str
    remedy: str
    where: str = ""
    cure: Cure | None = None
    sign: str = ""


class Cause(Choice):
    """One thing that keeps a network from learning well; those registered first hide what may come of them."""

    lowers_rate: ClassVar[bool] = False
    """Whether its cure is, or may be, a lower learning rate."""
    also_where_well: ClassVar[bool] = False
    """Whether it matters where the loss falls as it should, too."""

    def advice(self, course: Course) -> Advice | None:
        """What to do about it; None where a training does not suffer from it."""
        raise TypeError(f"{type(self).__name__} does not declare advice")


CAUSES: Registry[Cause] = Registry("causes", one="cause")


class Adviser:
    """Gives advice on one run; what it has once said of the learning rate it does not take back."""

    def __init__(self) -> None:
        self._lowest: float | None = None

    def on(self, course: Course) -> Advice | None:
        """Advice on the first cause there is, or None if there is none."""
        course = replace(course, lowest=self._lowest)
        for cause in CAUSES.values():
            if course.goes_well and not cause.also_where_well:
                continue
            if advice := cause().advice(course):
                if cause.lowers_rate and advice.cure and (rate := advice.cure.values.get("training.learning_rate")):
                    self._lowest = float(rate)
                return advice
        return None
