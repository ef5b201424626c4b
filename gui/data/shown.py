"""Which images the sheet shows, and in which order."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.data.listing import Listing
from engine.data.part_words import PartName
from engine.data.split import Division

Places = NDArray[np.int64]

_MOST_GUESSED = 2000  # names among which a near one is looked for: each takes some µs


@dataclass(frozen=True, slots=True)
class Filter:
    """A part, some of its classes (none stands for all), what is searched for, and whether images are shuffled."""

    part: PartName = "train"
    classes: frozenset[int] = frozenset()
    text: str = ""
    shuffled: bool = True

    def places(self, listing: Listing, division: Division, seed: int) -> Places:
        """The places in the listing of the images that are shown, in their order."""
        found: Places = division._asdict()[self.part]
        if self.classes:
            found = found[np.isin(listing.labels[found], list(self.classes))]
        if self.text:
            found = found[matches(listing, found, self.text)]
        if self.shuffled:
            return found[np.random.default_rng(seed).permutation(len(found))]
        return found[np.argsort(listing.labels[found], kind="stable")]


def matches(listing: Listing, places: Places, text: str) -> NDArray[np.bool_]:
    """Which images have ``text`` in their name or below their tile."""
    wanted = " ".join(text.casefold().split())
    words = listing.words
    return np.fromiter((wanted in words[place] for place in places.tolist()), bool, len(places))


def nearest(listing: Listing, text: str) -> str:
    """The class or name that is most like a text that none has; "" if none is."""
    stems = (str(name).rpartition("/")[2].partition(".")[0] for name in listing.names[:_MOST_GUESSED])
    known = {word.casefold(): word for word in (*stems, *listing.description.classes)}
    near = difflib.get_close_matches(text.casefold(), known, n=1)
    return known[near[0]] if near else ""


def first_of_classes(labels: NDArray[np.int64], places: Places, most: int) -> Places:
    """The first image of each class among ``places``, in their order, of ``most`` classes at most."""
    _, first = np.unique(labels[places], return_index=True)
    return places[np.sort(first)[:most]]


class Shown(QObject):
    """The filter in force; the list of classes and the sheet change it."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.filter = Filter()

    def show_part(self, part: PartName) -> None:
        """Show the images of a part."""
        self._take(replace(self.filter, part=part))

    def show_classes(self, classes: Iterable[int]) -> None:
        """Show images of these classes alone, or of all where there are none."""
        self._take(replace(self.filter, classes=frozenset(classes)))

    def search(self, text: str) -> None:
        """Show images alone that have a text in their name or label."""
        self._take(replace(self.filter, text=text.strip()))

    def shuffle(self, shuffled: bool) -> None:
        """Show images shuffled by the seed, or in the order of their classes."""
        self._take(replace(self.filter, shuffled=shuffled))

    def forget(self) -> None:
        """Show all of another data set."""
        self._take(Filter(shuffled=self.filter.shuffled))

    def words(self, classes: Sequence[str]) -> str:
        """What is shown, as the head of the sheet says it: "all classes", "rust", "2 classes"."""
        chosen = [place for place in sorted(self.filter.classes) if place < len(classes)]
        if not chosen:
            return "all classes" if classes else "all images"
        return classes[chosen[0]] if len(chosen) == 1 else f"{len(chosen)} classes"

    def _take(self, other: Filter) -> None:
        if other != self.filter:
            self.filter = other
            self.changed.emit()
