"""How a list of steps differs from a preset, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.data.augmentation.presets import PRESETS, Preset
from engine.data.augmentation.step import Step
from gui.widgets.range_words import end_text, range_text
from gui.widgets.values import Editor, Kind, kinds_of, label_of, to_text

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Likeness:
    """The preset that steps are most like, and how they differ; None where they are like none."""

    preset: type[Preset] | None
    changes: tuple[str, ...] = ()

    def sentence(self) -> str:
        """It in words: "Photos with 2 changes: area kept from 8 %, hue ±30°"."""
        if self.preset is None:
            return "Steps of your own"
        if not self.changes:
            return self.preset.help()
        count = f"{len(self.changes)} change{'s' if len(self.changes) > 1 else ''}"
        rest = len(self.changes) - _MOST_NAMED
        named = ", ".join(self.changes[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
        return f"{self.preset.title} with {count}: {named}"


def likeness(steps: Sequence[Step]) -> Likeness:
    """The preset with the fewest changes among those that share a step with ``steps``."""
    found = [
        Likeness(preset, tuple(_changes(steps, preset.steps)))
        for preset in PRESETS.values()
        if _shares(steps, preset.steps) or not (steps or preset.steps)
    ]
    return min(found, key=lambda one: len(one.changes), default=Likeness(None))


def _shares(steps: Sequence[Step], others: Sequence[Step]) -> bool:
    return bool({type(step) for step in steps} & {type(step) for step in others})


def _changes(steps: Sequence[Step], preset: Sequence[Step]) -> Iterator[str]:
    """What is other than in a preset; steps that are off and not in it change nothing."""
    left = list(steps)
    order = []
    for wanted in preset:
        found = next((step for step in left if type(step) is type(wanted)), None)
        if found is None:
            yield f"no {wanted.title.lower()}"
            continue
        left.remove(found)
        order.append(next(place for place, step in enumerate(steps) if step is found))
        if found.on:
            yield from _settings(found, wanted)
        else:
            yield f"{found.title.lower()} off"
    yield from (f"{step.title.lower()} added" for step in left if step.on)
    if order != sorted(order):
        yield "another order"


def _settings(step: Step, wanted: Step) -> Iterator[str]:
    for kind in kinds_of(type(step)):
        now, before = getattr(step, kind.name), getattr(wanted, kind.name)
        if now != before:
            yield _words(step, kind, now, before)


def _words(step: Step, kind: Kind, now: object, before: object) -> str:
    title = kind.title.lower()
    if kind.editor is Editor.RANGE and isinstance(now, tuple) and isinstance(before, tuple):
        return f"{title} {_range(kind, now, before)}"
    if kind.name in step.head and isinstance(now, float):
        return f"{step.title.lower()} {end_text(now, '%')}"
    if kind.editor is Editor.CHOICE:
        return f"{title} {dict(zip(kind.words, kind.labels, strict=True)).get(now, label_of(now)).lower()}"
    return f"{title} {to_text(kind, now)}{kind.unit}"


def _range(kind: Kind, now: tuple[float, float], before: tuple[float, float]) -> str:
    if now[1] == before[1]:
        return f"from {end_text(now[0], kind.unit, signed=kind.signed)}"
    if now[0] == before[0]:
        return f"to {end_text(now[1], kind.unit, signed=kind.signed)}"
    if kind.neutral == 0 and now[0] == -now[1]:
        return f"±{end_text(now[1], kind.unit)}"
    return range_text(now, kind.unit, signed=kind.signed)
