"""The learning rate and momentum of the steps to come."""

from __future__ import annotations

from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES, State

_AT_ONCE = 64  # steps


class Planned:
    """Those of the steps of one epoch; several are worked out at once, which is done sooner than one at a time.

    ``state`` is what the schedule remembers. ``changes`` are the rates that the recipe changes to, by their steps.
    """

    def __init__(self, recipe: Recipe, steps_per_epoch: int, state: State) -> None:
        self._recipe, self._steps, self._state = recipe, recipe.epochs * steps_per_epoch, state
        self._known: dict[int, tuple[float, float | None]] = {}
        self.changes = {int(step): rate for step, rate in recipe.rate_changes}

    def of(self, step: int) -> tuple[float, float | None]:
        """The learning rate and momentum of a step, the latter None where it stays as it was set."""
        if step not in self._known:
            with SCHEDULES.blaming(self._recipe.schedule):
                for known in range(step, min(step + _AT_ONCE, max(step, self._steps) + 1)):
                    rate = self._recipe.rate(known, self._steps, self._state)
                    self._known[known] = rate, self._recipe.momentum(known, self._steps)
        return self._known[step]
