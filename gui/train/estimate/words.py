"""What the panel says of an estimate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.network import Analysis
from engine.recipe.recipe import Precision, Recipe
from engine.words import brief, counted, memory, si, thousands
from gui.train.estimate.estimating import Otherwise
from gui.train.runs.words import NOTHING

if TYPE_CHECKING:
    from engine.training.estimate import Estimate

_KEPT_FREE = "10 % kept free"


@dataclass(frozen=True, slots=True)
class Card:
    """A figure with what it is called and a note."""

    caption: str
    figure: str
    note: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """Settings that make a training fit, and what a button calls them."""

    label: str
    changes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Length:
    """Seconds that training takes, by measured steps or only calculated."""

    seconds: float
    measured: bool

    @classmethod
    def of(cls, found: Estimate, runs: int = 1) -> Length | None:
        """That of so many runs one after another; None where it is not known of how many images."""
        return cls(runs * found.times.run, bool(found.pace.steps)) if found.times else None

    @property
    def words(self) -> str:
        """As people say it: "26 min 20 s", "about 26 min"."""
        return f"{'' if self.measured else 'about '}{brief(sure(self.seconds, measured=self.measured))}"


def sure(figure: float, *, measured: bool) -> float:
    """As much of a figure as is known: two digits of what is only calculated."""
    return figure if measured else float(f"{figure:.2g}")


def network_words(name: str, analysis: Analysis) -> str:
    """What the estimate is of: "VGG-16, 134 M parameters, 15.5 GMACs an image"."""
    figure, _, prefix = si(analysis.multiply_adds).partition(" ")
    return f"{name}, {si(analysis.parameters)} parameters, {figure} {prefix}MACs an image"


def of_words(found: Estimate) -> str:
    """What the memory is part of: "of 12.0 GB on CUDA 0"."""
    if found.capacity is None:
        return f"on {place(found)}"
    return f"of {memory(found.capacity)} {'in' if found.device == 'cpu' else 'on'} {place(found)}"


def free_words(found: Estimate) -> str:
    """How much is left: "3.0 GB free", "2.1 GB too much"; "" where it is not known of how much."""
    if found.capacity is None:
        return ""
    left = found.capacity - found.bytes
    return f"{memory(left)} free" if found.fits else f"{memory(-left)} too much"


def cards(found: Estimate, recipe: Recipe) -> tuple[Card, Card, Card, Card]:
    """Step, epoch, run, largest batch; calculated times are "about", and no more exact than that."""
    measured, times = bool(found.pace.steps), found.times
    about = "" if measured else ", about"

    def known(figure: float) -> float:
        return sure(figure, measured=measured)

    if times is None:
        unknown = "how many images is not known"
        epoch, run, speed = (Card("Epoch", NOTHING, unknown), Card("Run", NOTHING, unknown), "")
    else:
        validates = " and validation" if times.validates else ""
        epoch = Card(f"Epoch{about}", brief(known(times.epoch)), f"{counted(times.steps, 'step')}{validates}")
        most = "at most " if recipe.patience else ""
        run = Card(f"Run{about}", brief(known(times.run)), f"{most}{counted(recipe.epochs, 'epoch')}")
        a_second = known(times.images_a_second)
        speed = f"{thousands(round(a_second)) if a_second >= 10 else f'{a_second:.2g}'} images/s"
    return Card(f"Step{about}", brief(known(found.pace.step)), speed), epoch, run, _largest(found)


def _largest(found: Estimate) -> Card:
    largest = found.largest_batch
    if largest is None:
        return Card("Largest batch", NOTHING, "the system does not say")
    note = "all training images" if found.holds_all else _KEPT_FREE if largest else "not even one image fits"
    return Card("Largest batch", thousands(largest), note)


def basis_words(found: Estimate, run: str) -> str:
    """Where the times are from."""
    if run:
        return f"Times as in run {run}, {counted(found.pace.steps, 'step')}."
    if found.pace.steps:
        return f"Times by {counted(found.pace.steps, 'measured step')}, with the wait for their images."
    return "Times are calculated, to within a factor of 2, without reading and changing images."


def otherwise_words(other: Otherwise, found: Estimate, slower: float) -> tuple[str, str]:
    """What another setting would take: "bfloat16: 9.0 GB, epoch about 31 s", and what is wrong, if anything is.

    Steps are ``slower`` than calculated, as ``found`` shows, if they reckon in the same number format.
    """
    times, same = other.found.times, other.found.precision == found.precision
    known = times is not None and (same or slower == 1)
    epoch = f", epoch about {brief(sure(slower * times.epoch, measured=False))}" if times and known else ""
    return f"{other.label}: {memory(other.found.bytes)}{epoch}", "" if other.found.fits else "does not fit"


def too_large(found: Estimate) -> str:
    """That the memory is too small, with both numbers; "" if it is not."""
    if found.fits or found.capacity is None:
        return ""
    batch = f"{found.precision} at batch {thousands(found.batch_size)}"
    return f"{batch} needs {memory(found.bytes)}, {place(found)} has {memory(found.capacity)}."


def remedy(found: Estimate, others: tuple[Otherwise, ...]) -> Remedy | None:
    """What makes it fit: half the number format, or else the largest batch; None where nothing does."""
    if any(other.label == Precision.BFLOAT16 and other.found.fits for other in others):
        return Remedy("bfloat16", {"precision": Precision.BFLOAT16})
    if found.largest_batch:
        return Remedy(f"Batch {thousands(found.largest_batch)}", {"batch_size": found.largest_batch})
    return None


def place(found: Estimate, *, cpu: str = "this computer") -> str:
    """A device as people call it: "CUDA 0", "this computer"."""
    kind, _, number = found.device.partition(":")
    return {"cpu": cpu, "mps": "the Apple GPU"}.get(kind, f"{kind.upper()} {number}".strip())
