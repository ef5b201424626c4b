"""What the queue says of its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.words import thousands


def for_words(runs: int) -> str:
    """What a time is for: "for all 4 runs", "for both runs", "for the run"."""
    return {1: "for the run", 2: "for both runs"}.get(runs, f"for all {thousands(runs)} runs")


def done_words(now: datetime, seconds: float) -> str:
    """When all is done: "Done at about 17:05.", "Done on 3 December at about 03:10."."""
    end = now + timedelta(seconds=min(seconds, timedelta(days=36_500).total_seconds()))
    days = (end.date() - now.date()).days
    day = {0: "", 1: " tomorrow"}.get(days, f" on {end.day} {end:%B}{'' if end.year == now.year else f' {end.year}'}")
    return f"Done{day} at about {end:%H:%M}."
