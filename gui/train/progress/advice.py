"""What to do about a run's layers as a whole: one piece of advice, about its cause, that the next epoch bears out."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from gui.train.progress.health import RATIO_RANGE, Cause, Finding, Row

_FAR_ABOVE = 10  # times the usual learning rate: whatever is wrong then, it comes first


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong, what helps, and the learning rate to try in a new run, if another may help."""

    what: str
    remedy: str
    learning_rate: float | None = None


class Adviser:
    """Gives advice on one run; what it has once said of the learning rate it does not take back."""

    def __init__(self, rate: float, usual: float) -> None:
        self._rate = rate
        self._usual = usual
        self._lower: float | None = None  # the lowest learning rate it has advised

    def on(self, rows: Sequence[Row]) -> Advice | None:
        """Advice on layers as they are now, or None if there is none to give."""
        findings = sorted((finding for row in rows for finding in row.findings), key=lambda found: found.severity)
        if not findings:
            return None
        worst = findings[0]
        if self._rate > _FAR_ABOVE * self._usual:
            what = f"The learning rate {self._rate:g} is far above {self._usual:g}, which is usual."
            return Advice(what, "Lower it first: what else is wrong may come of it.", self._lowered(self._usual))
        if worst.factor < 1:
            return Advice(worst.what, worst.remedy, self._lowered(below(self._rate * worst.factor)))
        if worst.cause is Cause.SMALL_UPDATES:
            return self._raise(rows, worst) if self._lower is None else None
        return Advice(worst.what, worst.remedy)

    def _lowered(self, rate: float) -> float:
        self._lower = rate if self._lower is None else min(rate, self._lower)
        return self._lower

    def _raise(self, rows: Sequence[Row], worst: Finding) -> Advice | None:
        """A higher rate, if most layers hardly move and none would then move too much."""
        ratios = [row.ratio for row in rows if row.ratio]
        slow = sum(any(finding.cause is Cause.SMALL_UPDATES for finding in row.findings) for row in rows)
        if 2 * slow <= len(ratios) or not ratios:
            return None
        middle = math.sqrt(RATIO_RANGE[0] * RATIO_RANGE[1])
        factor = min(middle / statistics.median(ratios), RATIO_RANGE[1] / max(ratios))
        rate = min(below(self._rate * factor), _FAR_ABOVE * self._usual)
        return Advice(worst.what, worst.remedy, rate) if rate > self._rate else None


def below(rate: float) -> float:
    """The largest of 0.01, 0.03, 0.1, 0.3, 1, 3 … that is not above ``rate``."""
    power = math.floor(math.log10(rate * (1 + 1e-9)))
    three = float(f"3e{power}")
    return three if three <= rate * (1 + 1e-9) else float(f"1e{power}")
