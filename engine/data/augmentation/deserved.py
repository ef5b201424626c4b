"""The warnings that several steps may deserve, each from a range of theirs."""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.data.augmentation.characters import (
    LEFT_RIGHT,
    SAME_LEFT_RIGHT,
    SAME_UPSIDE_DOWN,
    TURNED,
    UPSIDE_DOWN,
    becoming,
    changed_among,
)
from engine.data.augmentation.step import Step
from engine.data.augmentation.warning import (
    LEAST_KEPT,
    Seen,
    StepFix,
    StepWarning,
    ends_text,
    lost,
    percent,
    reach,
    within,
)
from engine.files import readable

_HALF_AROUND = 150  # degrees from which on a character looks as if turned by 180
_SMALL_TURN = 15
MOST_SHIFT = 0.25
_LARGEST_FACTOR = 2.2  # keeps a fifth of the picture


def changed(step: Step, label: str, **settings: object) -> StepFix:
    """A button that gives a step other settings."""
    return StepFix(label, step.model_copy(update=settings))


def switched_off(step: Step) -> StepFix:
    """A button that switches a step off."""
    return StepFix(f"Switch {step.title} off", step.switched(on=False))


def turned_characters(step: Step, setting: str, seen: Seen) -> Iterator[StepWarning]:
    """That a turn of half a circle makes other characters of some."""
    angle: tuple[float, float] = getattr(step, setting)
    if (what := becoming(seen.classes, TURNED)) and reach(angle) >= _HALF_AROUND:
        fix = changed(step, f"Angle ±{_SMALL_TURN}°", **{setting: within(angle, _SMALL_TURN)})
        yield StepWarning("class_may_change", f"A rotation of {reach(angle):g}° turns {what}", (fix,))


def upside_down_characters(step: Step, fix: StepFix, seen: Seen) -> Iterator[StepWarning]:
    """That a vertical flip makes other characters of some, or what nobody writes."""
    if what := becoming(seen.classes, UPSIDE_DOWN):
        yield StepWarning("class_may_change", f"A vertical flip turns {what}", (fix, switched_off(step)))
    else:
        yield from _never_written(step, "upside down", changed_among(seen.classes, SAME_UPSIDE_DOWN))


def mirrored_characters(step: Step, seen: Seen) -> Iterator[StepWarning]:
    """That mirroring makes other characters of some, or what nobody writes."""
    if what := becoming(seen.classes, LEFT_RIGHT):
        yield StepWarning("class_may_change", f"A horizontal flip turns {what}", (switched_off(step),))
    else:
        yield from _never_written(step, "mirrored", changed_among(seen.classes, SAME_LEFT_RIGHT))


def _never_written(step: Step, how: str, names: list[str]) -> Iterator[StepWarning]:
    from engine.data.data_words import listed

    if names:
        classes = "classes" if len(names) > 1 else "class"
        message = f"Letters and digits are not written {how}: {classes} {listed(names)}."
        yield StepWarning("never_written", message, (switched_off(step),))


def _enlarged(kept: float, fix: StepFix) -> Iterator[StepWarning]:
    """That no more than a part of the picture is kept."""
    if kept < LEAST_KEPT:
        yield StepWarning("object_may_be_lost", f"{lost(f'Where {percent(kept)} of the picture is kept')}.", (fix,))


def largest_factor(step: Step, *settings: str) -> Iterator[StepWarning]:
    """That content grows so much that little of it is kept; two settings are width and height."""
    ranges: dict[str, tuple[float, float]] = {name: getattr(step, name) for name in settings}
    sides = [high for _, high in ranges.values()] * (3 - len(ranges))
    smaller = {name: (min(low, _LARGEST_FACTOR), min(high, _LARGEST_FACTOR)) for name, (low, high) in ranges.items()}
    kept = math.prod(1 / max(1.0, side) for side in sides)
    yield from _enlarged(kept, changed(step, f"At most ×{_LARGEST_FACTOR}", **smaller))


def shifted(step: Step) -> Iterator[StepWarning]:
    """That the image moves so far that what it shows is not in it any more."""
    ranges: dict[str, tuple[float, float]] = {name: getattr(step, name) for name in ("horizontal", "vertical")}
    farthest = max(map(reach, ranges.values()))
    if farthest > MOST_SHIFT:
        nearer = {name: within(ends, MOST_SHIFT) for name, ends in ranges.items()}
        fix = changed(step, f"Shift ±{percent(MOST_SHIFT)}", **nearer)
        yield StepWarning("object_may_be_lost", f"{lost(f'Shifted by up to {percent(farthest)}')}.", (fix,))


def hue_of_another_class(step: Step, setting: str, seen: Seen) -> Iterator[StepWarning]:
    """That the hue turns farther than the mean hues of two classes are apart."""
    ends: tuple[float, float] = getattr(step, setting)
    around = sorted((hue, place) for place, hue in enumerate(seen.hues) if hue is not None)
    if len(around) < len(("one", "other")) or (seen.shape and seen.shape.channels == 1):
        return
    neighbours = zip(around, (*around[1:], around[0]), strict=True)
    distance, places = min((_apart(one[0], other[0]), sorted((one[1], other[1]))) for one, other in neighbours)
    one, other = (readable(seen.classes[place]) for place in places)
    if reach(ends) > distance:
        to = _rounded_down(distance)
        nearer = within(ends, to)
        label = f"Hue {ends_text(nearer, '°')}" if to else "Leave the hue"
        between = f"the {distance:.{0 if distance >= 1 else 1}f}° between {one} and {other}"
        message = f"{ends_text(ends, '°')} of hue is wider than {between}: the class may change."
        fix = changed(step, label, **{setting: nearer})
        yield StepWarning("class_may_change", message, (fix,), {setting: distance})


def _apart(one: float, other: float) -> float:
    """Degrees between two hues, 0 to 180."""
    return abs((one - other + 180) % 360 - 180)


def _rounded_down(degrees: float) -> float:
    return math.floor(degrees / 5) * 5 if degrees >= 10 else math.floor(degrees)
