"""What a learning-rate range test found: how the loss went as the rate rose, and which rates that speaks for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.words import power_text

FIRST, LAST = 1e-6, 10.0
"""The rates that a test begins and ends with."""
BATCHES = 200
DIVERGED = 1.8
"""How many times the first loss ends a test."""
COUNTS = (
    "batch_size",
    "accumulate",
    "optimiser",
    "weight_decay",
    "decay_leaves_out",
    "l1",
    "l2",
    "clip_norm",
    "loss",
    "initialisation",
    "precision",
    "channels_last",
    "seed",
)
"""The settings of a recipe that decide how a test goes; it is not about the others."""
_FAST = 1 / 3  # of the steepest fall is still usable
_SIGMA = 40  # a fortieth of the batches is the width of the smoothing
_SURE = 6  # standard errors between the first loss and the lowest, so that chance is no fall

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RangeResult:
    """One loss a batch, at learning rates that rise by the same factor; ``batches`` were asked for.

    ``suggested`` is where the smoothed loss falls fastest over the logarithm of the rate (the rule of fastai, after
    Smith 2017, section 3.3), to one digit; ``usable`` are the rates around it where it falls at least a third as
    fast, to half of ``lowest``, where it is least. All three are None where it never fell. Above ``diverges`` half
    of what it had fallen is lost, and stays so; None where that did not happen. ``guess`` is the loss of a guess
    among ``classes``, None where there are none. ``spoilt`` says that the test ended as the loss was not finite.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]
    batches: int
    spoilt: bool
    suggested: float | None
    usable: tuple[float, float] | None
    lowest: float | None
    diverges: float | None
    guess: float | None = None
    classes: int = 0
    seconds: float = 0.0

    @property
    def words(self) -> str:
        """What it comes to, in one or two sentences."""
        if self.suggested is None:
            return (
                f"The loss never fell between {power_text(self.rates[0])} and {power_text(self.rates[-1])}: "
                "no learning rate is suggested."
            )
        end = "" if self.diverges else f" It never diverged up to {power_text(self.rates[-1])}."
        return f"{power_text(self.suggested)} is suggested: the loss falls fastest there.{end}"

    @property
    def stopped_early(self) -> bool:
        """Whether the loss ended the test before the last batch."""
        return len(self.losses) < self.batches


def rates_of(batches: int, first: float = FIRST, last: float = LAST) -> list[float]:
    """The learning rate of each batch, from ``first`` to ``last`` by equal factors."""
    return [float(rate) for rate in np.geomspace(first, last, batches)]


def read(
    rates: Sequence[float],
    losses: Sequence[float],
    *,
    batches: int,
    spoilt: bool = False,
    guess: float | None = None,
    classes: int = 0,
    seconds: float = 0.0,
) -> RangeResult:
    """What losses say, all of them finite, at least two; ``spoilt`` if the next was not."""
    smooth = smoothed(losses, batches)
    lowest = int(smooth.argmin())
    fell = _fell(np.asarray(losses), smooth, lowest, batches)
    logs, at = np.log(rates), [float(rate) for rate in rates]
    suggested, usable = _fastest(logs, smooth, lowest, batches) if fell else (None, None)
    return RangeResult(
        tuple(at),
        tuple(losses),
        tuple(smooth.tolist()),
        batches,
        spoilt,
        suggested,
        usable,
        at[lowest] if fell else None,
        _diverges(at, smooth, _level(losses, smooth, lowest, fell=fell), batches=batches, spoilt=spoilt),
        guess,
        classes,
        seconds,
    )


def smoothed(losses: Sequence[float], batches: int) -> Floats:
    """Losses averaged over their neighbours by a Gaussian, which moves nothing along the axis as a running mean would.

    What is above twice the first loss counts as that: one batch that explodes says nothing of those before it.
    """
    return _averaged(np.minimum(np.asarray(losses, dtype=np.float64), _limit(losses, 2)), batches)


def _averaged(values: Floats, batches: int) -> Floats:
    places = np.arange(len(values))
    weights = np.exp(-0.5 * ((places[:, None] - places) / _width(batches)) ** 2)
    return np.asarray((weights @ values) / weights.sum(axis=1))


def has_diverged(losses: Sequence[float]) -> bool:
    """Whether the last losses, one in ten new in a running mean, are 1.8 times the first."""
    mean, count = 0.0, 0.0
    for loss in losses[-60:]:  # what is older weighs nothing
        mean, count = 0.9 * mean + 0.1 * loss, 0.9 * count + 0.1
    return len(losses) > _FEW and mean / count > _limit(losses, DIVERGED)


_FEW = 5  # batches that the first loss is the mean of


def _limit(losses: Sequence[float], times: float) -> float:
    """So many times the first loss; where a loss of one's own is below 0, as far above it."""
    first = float(np.mean(losses[:_FEW]))
    return first + (times - 1) * abs(first)


def _width(batches: int) -> float:
    return max(2.0, batches / _SIGMA)


def _fell(losses: Floats, smooth: Floats, lowest: int, batches: int) -> bool:
    """Whether the lowest loss is so far below the first that chance among batches does not explain it."""
    noise = 1.48 * float(np.median(np.abs(losses - smooth)[: lowest + 1]))  # a few that jump do not count
    counted = 2 * math.sqrt(math.pi) * _width(batches)  # batches that one smoothed value stands for
    return float(smooth[0] - smooth[lowest]) > max(_SURE * noise / math.sqrt(counted), 0.01 * abs(float(smooth[0])))


def _fastest(logs: Floats, smooth: Floats, lowest: int, batches: int) -> tuple[float, tuple[float, float]]:
    """Where the loss falls fastest before it is lowest, and the rates around that where it falls fast."""
    falls = _averaged(-np.gradient(smooth, logs), batches)[: lowest + 1]
    place = int(falls.argmax())
    slow = np.flatnonzero(falls < _FAST * falls[place])
    low = max(slow[slow < place], default=-1) + 1
    high = min(slow[slow > place], default=lowest + 1) - 1
    suggested = float(f"{math.exp(logs[place]):.0e}")
    top = max(suggested, min(math.exp(logs[high]), math.exp(logs[lowest]) / 2))
    return suggested, (min(suggested, math.exp(logs[low])), top)


def _level(losses: Sequence[float], smooth: Floats, lowest: int, *, fell: bool) -> float:
    """The loss from which on it has diverged: half of what it had fallen is lost, or where it never fell, much more."""
    if fell:
        return float((smooth[0] + smooth[lowest]) / 2)
    return (float(smooth[0]) + _limit(losses, DIVERGED)) / 2 if has_diverged(losses) else math.inf


def _diverges(rates: list[float], smooth: Floats, level: float, *, batches: int, spoilt: bool) -> float | None:
    """The first rate from which on the loss stays above ``level``, or is not finite any more."""
    below = np.flatnonzero(smooth < level)
    place = int(below[-1]) + 1 if len(below) else 0
    if place < len(rates):
        return rates[place]
    return rates_of(batches)[len(rates)] if spoilt else None
