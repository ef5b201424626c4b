"""How often each training image comes in a pass; one class a way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from engine.choices import Choice, Registry
from engine.files import readable
from engine.words import thousands

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.data.draws import Pass

Indices: TypeAlias = "NDArray[np.int64]"

IMBALANCED = 5.0
"""How many times as large as the smallest class the largest may be before something should be done about it."""


class Sampling(Choice):
    """Decides which training images make up a pass: as many as there are."""

    balances: ClassVar[bool] = False
    """Whether classes of unlike sizes come equally often."""

    def of(self, strata: Indices, drawn_in: Pass) -> Indices:
        """Positions ``(N,)``, in any order, of images of which ``strata`` ``(N,)`` are the classes.

        A class of -1 is that of an image which is not there any more since the training began.
        """
        raise TypeError(f"{type(self).__name__} does not declare of")


SAMPLING: Registry[Sampling] = Registry("sampling", one="sampling")


@SAMPLING.register
class Plain(Sampling):
    """Every image comes once."""

    name: ClassVar = "plain"
    title: ClassVar = "Plain"

    def summary(self) -> str:
        return "every image once"

    def of(self, strata: Indices, drawn_in: Pass) -> Indices:
        import numpy as np

        return np.arange(len(strata))


@SAMPLING.register
class Weighted(Sampling):
    """Every class comes equally often: images of small ones several times, of large ones others in each epoch.

    Numbers differ by one where they do not divide; which class or image has one more is drawn in each epoch.
    """

    name: ClassVar = "weighted"
    title: ClassVar = "Weighted"
    balances: ClassVar = True

    def summary(self) -> str:
        return "every class equally often"

    def of(self, strata: Indices, drawn_in: Pass) -> Indices:
        import numpy as np

        random = np.random.default_rng(drawn_in.order_seed)
        members = [np.flatnonzero(strata == label) for label in np.unique(strata) if label >= 0]
        if not members:
            return np.arange(0)
        counts = _shared_out(len(strata), len(members), random)
        found = [
            some.repeat(_shared_out(count, len(some), random)) for some, count in zip(members, counts, strict=True)
        ]
        return np.concatenate(found)


def _shared_out(count: int, among: int, random: np.random.Generator) -> Indices:
    """Whole numbers ``(among,)`` that add up to ``count`` and differ by one at most, at random."""
    import numpy as np

    each, more = divmod(int(count), among)
    shares = np.full(among, each)
    shares[random.permutation(among)[:more]] += 1
    return shares


@dataclass(frozen=True, slots=True)
class Imbalance:
    """The largest and the smallest class of the training images, with how many each has."""

    largest: str
    most: int
    smallest: str
    least: int

    @property
    def ratio(self) -> float:
        """How many times as large the largest is."""
        return self.most / self.least

    @property
    def matters(self) -> bool:
        """Whether something should be done about it."""
        return self.ratio > IMBALANCED

    def sentence(self) -> str:
        """It in words: "healthy has 13 times the training images of scorch: 992 against 74."."""
        times = f"{self.ratio:.1f}" if self.ratio < 10 else thousands(round(self.ratio))
        times = times.removesuffix(".0")
        one, other = readable(self.largest), readable(self.smallest)
        counts = f"{thousands(self.most)} against {thousands(self.least)}"
        return f"{one} has {times} times the training images of {other}: {counts}."


def imbalance(classes: Sequence[str], counts: Sequence[int]) -> Imbalance | None:
    """The largest and smallest of the classes, of which the training part has so many images; None below two classes.

    Classes without training images do not count.
    """
    there = [(count, name) for count, name in zip(counts, classes, strict=False) if count]
    if len(there) < 2:
        return None
    (most, largest), (least, smallest) = max(there, key=_size), min(there, key=_size)
    return Imbalance(largest, most, smallest, least)


def _size(there: tuple[int, str]) -> int:
    return there[0]
