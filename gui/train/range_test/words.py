"""What the window says of a range test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.training.range_result import BATCHES, RangeResult
from engine.words import counted, duration, power_text, thousands
from gui.train.estimate.words import Length, place

if TYPE_CHECKING:
    from engine.training.estimate import Estimate

_EQUAL = 1.05  # times, within which two rates are the same


def head_words(found: RangeResult) -> str:
    """How it went: "178 of 200 batches, 52 s; stopped at loss 3.7"."""
    done = len(found.losses)
    if not found.stopped_early:
        return f"{counted(done, 'batch', 'batches')}, {duration(found.seconds)}"
    end = "as the loss was not finite" if found.spoilt else f"at loss {found.losses[-1]:.3g}"
    of_all = f"{thousands(done)} of {counted(found.batches, 'batch', 'batches')}"
    return f"{of_all}, {duration(found.seconds)}; stopped {end}"


def first_words(found: Estimate | None) -> str:
    """That there was no test yet, how long one takes if that is known, and what it does."""
    length = Length(BATCHES * found.pace.step, measured=False) if found else None
    time = f": {length.words} on {place(found, cpu='CPU')}" if found and length else ""
    return f"Not run yet{time}. It trains {BATCHES} batches on a copy of the weights."


def advice(found: RangeResult, now: float) -> str:
    """What the suggestion is beside the lowest point and the rate that is set; else why there is none."""
    suggested, lowest = found.suggested, found.lowest
    if suggested is None or lowest is None:
        return found.words
    below = times(lowest / suggested)
    place = f"{below} below the lowest point" if below else "at the lowest point"
    if suggested == now:
        return f"{power_text(suggested)} is {place}, and set already.{_end(found)}"
    above, under = times(suggested / now), times(now / suggested)
    beside = f"{above} the present setting" if above else f"{under} below the present setting" if under else ""
    return f"{power_text(suggested)} is {place} and {beside or 'close to the present setting'}.{_end(found)}"


def times(factor: float) -> str:
    """A factor above 1 in words: "8 times"; "" for less."""
    if factor < _EQUAL:
        return ""
    return f"{factor:.1f} times".replace(".0 ", " ") if factor < 9.95 else f"{thousands(round(factor))} times"


def _end(found: RangeResult) -> str:
    return "" if found.diverges else f" The loss never diverged up to {power_text(found.rates[-1])}."
