"""What a step may do to images that people should know of, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.layers.shape import Shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.data.augmentation.step import Step

LEAST_KEPT = 0.2
"""The part of a picture below which what it shows may be lost."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a data set, as far as it is; a figure a class, where there are any.

    ``images`` are all that it has, ``training`` those that train, ``hues`` its mean hue in degrees, None where it has
    none. ``shape`` is what the network takes. ``copied`` says how many images of other parts are copies of training
    images, by part.
    """

    classes: tuple[str, ...] = ()
    images: tuple[int, ...] = ()
    training: tuple[int, ...] = ()
    hues: tuple[float | None, ...] = ()
    shape: Shape | None = None
    copied: Mapping[str, int] = field(default_factory=dict)


class StepFix(NamedTuple):
    """The words of a button, and the step as it would be then."""

    label: str
    step: Step


@dataclass(frozen=True, slots=True)
class StepWarning:
    """Something that a step may do to images; ``code`` is stable.

    ``limits`` say by the names of drawn values how far from 0 each does not.
    """

    code: str
    message: str
    fixes: tuple[StepFix, ...] = field(default=(), compare=False)
    limits: Mapping[str, float] = field(default_factory=dict, compare=False)


Values = Mapping[str, "NDArray[Any]"]
"""What was drawn for the images that are shown ``(N, …)``, by name; empty where none are."""


def lost(how: str) -> str:
    """That what matters may be lost, and how: "Shifted by up to 40 % what is shown may be lost"."""
    return f"{how} what is shown may be lost"


def within(ends: tuple[float, float], most: float) -> tuple[float, float]:
    """A range cut to what lies from −``most`` to ``most``."""
    low, high = (min(max(end, -most), most) for end in ends)
    return low, high


def reach(ends: tuple[float, float]) -> float:
    """How far a range goes from 0."""
    return max(map(abs, ends))


def ends_text(ends: tuple[float, float], unit: str) -> str:
    """A range in words: "±30°", "−5° to 30°"."""
    low, high = (f"{end:g}{unit}".replace("-", "−") for end in ends)
    return f"±{high}" if ends[0] == -ends[1] and ends[1] else f"{low} to {high}"


def percent(share: float) -> str:
    """A share in whole per cent, or to the first digit below 1: "8 %", "0.4 %", "less than 0.1 %"."""
    if 0 < share < 0.0005:
        return "less than 0.1 %"
    return f"{100 * share:.{0 if share >= 0.01 else 1}f} %"
