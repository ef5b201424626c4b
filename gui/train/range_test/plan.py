"""What the chart of a range test shows: its curves, its axes, and what is marked, whether it goes on or is done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.training.range_result import FIRST, LAST, Floats, RangeResult, smoothed
from engine.words import counted, power_text
from gui.train.range_test.range_test import Going

_ROOM = 1.06  # above the highest value
_LEAST = 2  # losses that make a curve


@dataclass(frozen=True, slots=True)
class Plan:
    """Rates and losses ``(N,)``, axes from ``first`` to ``last`` and from ``low`` to ``high``; ``now`` is what is set.

    ``found`` has what is marked; it is ``faint`` where it was found for other settings.
    """

    rates: Floats
    losses: Floats
    smooth: Floats
    first: float
    last: float
    low: float
    high: float
    now: float
    found: RangeResult | None = None
    faint: bool = False

    @property
    def decades(self) -> list[float]:
        """The powers of ten along the axis."""
        return [10.0**power for power in range(round(math.log10(self.first)), round(math.log10(self.last)) + 1)]

    @property
    def summary(self) -> str:
        """What it shows, as it is spoken."""
        return self.found.words if self.found is not None else f"{counted(len(self.rates), 'batch', 'batches')} done."

    def loss_at(self, rate: float) -> float:
        """The smoothed loss at a learning rate; NaN beyond those that were reached."""
        return float(np.interp(math.log(rate), np.log(self.rates), self.smooth, left=math.nan, right=math.nan))

    def words_at(self, place: int) -> str:
        """One batch in words: "Batch 96, rate 1.2e-3: loss 1.93, smoothed 1.87"."""
        rate, loss, smooth = self.rates[place], self.losses[place], self.smooth[place]
        return f"Batch {place + 1}, rate {power_text(rate, 2)}: loss {loss:.3g}, smoothed {smooth:.3g}"


def plan_of(found: RangeResult, *, now: float, faint: bool) -> Plan:
    """The chart of a test that is done, to the end of the last power of ten that it reached or diverged at."""
    end = max(found.rates[-1], found.diverges or 0.0)
    last = max(10.0 ** math.ceil(math.log10(end) - 1e-9), 10 * found.rates[0])
    return _plan(found.rates, found.losses, np.array(found.smoothed), last=last, now=now, found=found, faint=faint)


def plan_so_far(going: Going | None, *, now: float) -> Plan:
    """The chart of a test that goes on, or before there is one."""
    done = min(len(going.rates), len(going.losses)) if going else 0  # its thread adds to one after the other
    if going is None or done < _LEAST:
        return _plan([], [], np.empty(0), last=LAST, now=now)
    losses = going.losses[:done]
    return _plan(going.rates[:done], losses, smoothed(losses, going.batches), last=LAST, now=now)


def _plan(
    rates: Sequence[float],
    losses: Sequence[float],
    smooth: Floats,
    *,
    last: float,
    now: float,
    found: RangeResult | None = None,
    faint: bool = False,
) -> Plan:
    guess = found.guess if found is not None and found.guess is not None else 0.0
    high = _ROOM * max(float(smooth.max(initial=0.0)), guess) or 1.0
    low = min(0.0, float(smooth.min(initial=0.0)))
    return Plan(np.array(rates), np.array(losses), smooth, FIRST, last, low, high, now, found, faint)
