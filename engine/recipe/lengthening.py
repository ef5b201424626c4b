"""What becomes of the learning rate when a run gets more epochs."""

from __future__ import annotations

from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES

_COMPARED = 8  # steps at which the two courses are held against each other


def lengthening_words(before: Recipe, after: Recipe, *, step: int, steps_per_epoch: int) -> str:
    """A sentence on how the learning rate goes on after ``step`` as ``after``, where ``before`` has got that far.

    "" where nothing else happens than what the schedule does anyway, as with one that does not go by the number of
    epochs, or where it is another one now. Raises `ChoiceFailedError` for a schedule that fails.
    """
    ends = before.epochs * steps_per_epoch, after.epochs * steps_per_epoch
    if not step or (before.schedule, before.learning_rate) != (after.schedule, after.learning_rate):
        return ""
    with SCHEDULES.blaming(before.schedule):
        compared = {max(1, step * part // _COMPARED) for part in range(1, _COMPARED + 1)}
        if all(before.rate(one, ends[0]) == after.rate(one, ends[1]) for one in compared):
            return ""
        last, following = before.rate(step, ends[0]), after.rate(min(step + 1, ends[1]), ends[1])
    return (
        f"The schedule {before.schedule.title.lower()} goes by the number of epochs: the learning rate goes on at "
        f"{following:.3g}, as in a run of {after.epochs} epochs; it was {last:.3g} last. "
        f"The result is not that of {after.epochs} epochs at once."
    )
