"""How the settings of a run differ from those of another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engine.choices import Choice
from engine.data.augmentation.presets import spoken
from engine.data.settings import DataSettings
from engine.settings import Settings
from engine.words import thousands
from gui.train.runs.run import Run
from gui.train.runs.words import rate

NO_MATTER = ("workers",)
"""Settings that change no figure."""
WORDS: dict[str, Callable[[Any], str]] = {"steps": spoken, "rate_changes": lambda changes: _changes(changes)}
"""How the value of a field is said, where not as any other of its type."""


def data_facts(data: DataSettings) -> list[tuple[str, str]]:
    """What becomes of the images of a run, as names and values."""
    return [
        ("Augmentation", spoken(data.steps)),
        ("Sampling", data.sampling.summary()),
        ("Normalisation", data.normalise.summary()),
        ("Test time", _draws(data.test_time)),
    ]


def unlike_words(run: Run, runs: Sequence[Run]) -> str:
    """What is other than in the run before it: "Unlike run 6: seed 3, not 0."; "" for the first, or for the same."""
    earlier = [other for other in runs if other.number < run.number]
    if not earlier:
        return ""
    before = max(earlier, key=lambda other: other.number)
    pairs = ((run.settings, before.settings), (run.project.data, before.project.data))
    found = [words for own, theirs in pairs for words in _unlike(own, theirs)]
    return f"Unlike run {before.number}: {'; '.join(found)}." if found else ""


def _unlike(own: Settings, theirs: Settings) -> Iterator[str]:
    for name, field in type(own).model_fields.items():
        value, other = getattr(own, name), getattr(theirs, name)
        if value == other or name in NO_MATTER:
            continue
        title, words = (field.title or name).lower(), WORDS.get(name, said)
        now, before = words(value), words(other)
        yield f"{title} {now}, not {before}" if now != before else f"{title} {now} with other settings"


def said(value: object) -> str:
    """The value of a setting in words."""
    if isinstance(value, Choice):
        return value.summary()
    if isinstance(value, Settings):
        return "of its own"
    if isinstance(value, bool) or value is None:
        return {True: "on", False: "off", None: "automatic"}[value]
    if isinstance(value, int):
        return thousands(value)
    return rate(value) if isinstance(value, float) else str(getattr(value, "label", value))


def _changes(changes: Sequence[tuple[int, float]]) -> str:
    return ", ".join(f"{rate(value)} from step {thousands(step)}" for step, value in changes) or "none"


def _draws(count: int) -> str:
    return f"mean of {thousands(count)} draws" if count > 1 else "as they are"
