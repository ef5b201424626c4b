"""How the learning rate of a recipe will go, as far as that is known before the run."""

from __future__ import annotations

from dataclasses import dataclass

from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES
from engine.words import counted, rate_text, thousands

_POINTS = 300


@dataclass(frozen=True, slots=True)
class Course:
    """The learning rate at some of the ``steps``, counted from 1; the highest and the last are among them."""

    steps: int
    steps_per_epoch: int
    rates: dict[int, float]
    peak: int

    @property
    def rises(self) -> bool:
        """Whether the highest rate is not the first one."""
        return self.rates[self.peak] > self.rates[1]

    def near(self, step: float) -> int:
        """The nearest step whose rate is known."""
        return min(self.rates, key=lambda known: abs(known - step))

    def words(self) -> str:
        """In a sentence: "4e-5 → 1e-3 in 1 692 steps, then → 4e-9 in 3 948."."""
        first, highest, last = (rate_text(self.rates[step]) for step in (1, self.peak, self.steps))
        if len(set(self.rates.values())) == 1:
            return f"{first} for {counted(self.steps, 'step')}."
        if not self.rises:
            return f"{first} → {last} in {counted(self.steps, 'step')}."
        rise = f"{first} → {highest} in {counted(self.peak, 'step')}"
        return (
            f"{rise}, then → {last} in {thousands(self.steps - self.peak)}." if self.peak < self.steps else f"{rise}."
        )


def course_of(recipe: Recipe, steps_per_epoch: int) -> Course | None:
    """The course over all epochs; None for a schedule that depends on the run.

    Raises `ChoiceFailedError` for a schedule that fails.
    """
    if recipe.schedule.depends_on_run:
        return None
    steps = recipe.epochs * steps_per_epoch
    with SCHEDULES.blaming(recipe.schedule):
        rates = {step: recipe.rate(step, steps) for step in _spread(1, steps)}
        peak = max(rates, key=rates.__getitem__)
        low, high = 1, steps
        while high - low > 2:  # the highest rate of all lies beside the highest of those that are known
            known = sorted(rates)
            place = known.index(peak)
            low, high = known[max(0, place - 1)], known[min(len(known) - 1, place + 1)]
            rates |= {step: recipe.rate(step, steps) for step in _spread(low, high)}
            peak = max(sorted(rates), key=rates.__getitem__)
    return Course(steps, steps_per_epoch, dict(sorted(rates.items())), peak)


def _spread(first: int, last: int) -> set[int]:
    """So many steps, evenly from the first to the last."""
    return {first + place * (last - first) // (_POINTS - 1) for place in range(_POINTS)}
