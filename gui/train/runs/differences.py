"""How the settings of a run differ from those of another."""

from __future__ import annotations

from collections.abc import Sequence

from engine.data.augmentation.presets import preset_of, spoken
from engine.data.augmentation.step import Step
from engine.data.settings import DataSettings
from engine.network.sameness import changes_since
from engine.recipe.changes import Change, Words, changes, number_said
from engine.words import thousands
from gui.train.runs.run import Run

NO_MATTER = ("workers",)
"""Settings that change no figure."""
WORDS: Words = {"steps": lambda steps: steps_words(steps), "rate_changes": lambda changes: _changes(changes)}
"""How the values of settings are said, where not as any others of their type."""


def data_facts(data: DataSettings) -> list[tuple[str, str]]:
    """What becomes of the images of a run, as names and values."""
    return [
        ("Augmentation", spoken(data.steps)),
        ("Sampling", data.sampling.summary()),
        ("Normalisation", data.normalise.summary()),
        ("Test time", _draws(data.test_time)),
    ]


def steps_words(steps: Sequence[Step]) -> str:
    """Steps by their preset, or each that is on by its title and the settings that are not its usual ones."""
    return preset_of(steps) or "; ".join(_step_words(step) for step in steps if step.on) or spoken(steps)


def _step_words(step: Step) -> str:
    set_here = ", ".join(f"{one.title.lower()} {one.after}" for one in changes(type(step)(), step))
    return f"{step.title} ({set_here})" if set_here else step.title


def unlike_words(run: Run, runs: Sequence[Run]) -> str:
    """What is other than in the run before it: "Unlike run 6: seed 3, not 0."; "" for the first, or for the same."""
    earlier = [other for other in runs if other.number < run.number]
    if not earlier:
        return ""
    before = max(earlier, key=lambda other: other.number)
    pairs = ((before.settings, run.settings), (before.project.data, run.project.data))
    settings = (change for pair in pairs for change in changes(*pair, words=WORDS) if change.path not in NO_MATTER)
    network = changes_since(before.project.network, run.project.network)
    found = [*filter(None, [network]), *map(_unlike, settings)]
    return f"Unlike run {before.number}: {'; '.join(found)}." if found else ""


def _unlike(change: Change) -> str:
    differ = change.before != change.after
    return f"{change.title.lower()} {change.after}" + (f", not {change.before}" if differ else " with other settings")


def _changes(changes: Sequence[tuple[int, float]]) -> str:
    return ", ".join(f"{number_said(value)} from step {thousands(step)}" for step, value in changes) or "none"


def _draws(count: int) -> str:
    return f"mean of {thousands(count)} draws" if count > 1 else "as they are"
