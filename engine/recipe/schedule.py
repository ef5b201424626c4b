"""How long the steps of a training are; needs no torch."""

from __future__ import annotations

import math

from engine.recipe.recipe import Schedule, TrainingSettings

_WARM_UP = 0.05  # of all steps; without it deep networks that have no batch norm start badly at the default rate


def learning_rate(settings: TrainingSettings, step: int, steps: int) -> float:
    """Learning rate of ``step``, 1 to ``steps``.

    Cosine rises in a straight line over the first twentieth of the steps (Goyal et al. 2017, section 2.2) and then
    falls as η/2·(1 + cos(π·t/T)) (Loshchilov & Hutter 2017, eq. 5, without restarts).
    """
    if settings.schedule is Schedule.CONSTANT:
        return settings.learning_rate
    rising = max(1, round(_WARM_UP * steps))
    if step <= rising:
        return settings.learning_rate * (step / rising)
    return settings.learning_rate / 2 * (1 + math.cos(math.pi * (step - rising) / (steps - rising + 1)))
