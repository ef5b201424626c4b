"""How the learning rate goes over a run; one class a schedule."""

from __future__ import annotations

import math
from typing import ClassVar

from engine.choices import Choice, Registry


class Schedule(Choice):
    """The learning rate of every step, as plain arithmetic.

    ``depends_on_run`` says that it goes by the figures of the run, so that nobody knows it before.
    """

    depends_on_run: ClassVar[bool] = False

    def rate(self, learning_rate: float, step: int, steps: int) -> float:
        """The learning rate of ``step``, 1 to ``steps``, where ``learning_rate`` is the one that was set."""
        raise TypeError(f"{type(self).__name__} does not declare rate")


SCHEDULES: Registry[Schedule] = Registry("schedules", one="schedule")


@SCHEDULES.register
class Constant(Schedule):
    """The learning rate stays as it was set."""

    name: ClassVar = "constant"
    title: ClassVar = "Constant"

    def rate(self, learning_rate: float, step: int, steps: int) -> float:
        return learning_rate


@SCHEDULES.register
class Cosine(Schedule):
    """A rise in a straight line over the first twentieth of the steps, then a fall along half a cosine.

    The rise is Goyal et al. 2017, section 2.2; without it deep networks that have no batch norm start badly at the
    default rate. The fall is η/2·(1 + cos(π·t/T)), Loshchilov & Hutter 2017, eq. 5, without restarts.
    """

    name: ClassVar = "cosine"
    title: ClassVar = "Cosine"

    def rate(self, learning_rate: float, step: int, steps: int) -> float:
        rising = max(1, round(0.05 * steps))
        if step <= rising:
            return learning_rate * (step / rising)
        return learning_rate / 2 * (1 + math.cos(math.pi * (step - rising) / (steps - rising + 1)))
