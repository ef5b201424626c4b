"""Which images the sheet shows, and in which order."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.data.listing import Listing, folded
from engine.data.part_words import PartName
from engine.data.split import Division

Places = NDArray[np.int64]

NO_MATCH = 2
NUMBER = "#"
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
        rank = ranks(listing, found, self.text)
        found, rank = found[rank < NO_MATCH], rank[rank < NO_MATCH]
        order = listing.shuffled(found, seed) if self.shuffled else np.argsort(listing.labels[found], kind="stable")
        return found[order[np.argsort(rank[order], kind="stable")]]


def ranks(listing: Listing, places: Places, text: str) -> NDArray[np.int64]:
    """How well images answer to ``text``: 0 where it is their label, 1 where it is in that or in their name.

    What stands below a tile finds it too: "rust 12", or its number alone, "#12". All others have `NO_MATCH`.
    """
    wanted = " ".join(folded(text).split())
    if not wanted:
        return np.zeros(len(places), np.int64)
    labels, numbers = listing.labels[places], listing.numbers[places]
    names = [folded(name) for name in listing.description.classes] or [""]
    label, _, number = wanted.rpartition(NUMBER if wanted.startswith(NUMBER) else " ")
    number = number.strip()
    own = np.array([name == wanted for name in names])[labels]
    words = listing.words
    named = np.array([wanted in words[place] for place in places.tolist()], bool)
    found = named | np.array([wanted in name for name in names])[labels]
    if number.isdecimal() and number != wanted:
        found |= np.array([label in ("", name) for name in names])[labels] & (numbers == int(number))
    return np.where(own, 0, np.where(found, 1, NO_MATCH))


def nearest(listing: Listing, text: str) -> str:
    """The class or name that is most like a text that none has; "" if none is."""
    stems = (str(name).rpartition("/")[2].partition(".")[0] for name in listing.names[:_MOST_GUESSED])
    known = {folded(word): word for word in (*stems, *listing.description.classes)}
    near = difflib.get_close_matches(folded(text), known, n=1)
    return known[near[0]] if near else ""


def first_of_classes(labels: NDArray[np.int64], places: Places, most: int) -> Places:
    """The first image of each class among ``places``, in their order, of ``most`` classes at most."""
    _, first = np.unique(labels[places], return_index=True)
    return places[np.sort(first)[:most]]


def moved(places: Sequence[int], before: Listing, now: Listing) -> tuple[int, ...]:
    """Where images of a listing stand in another one of the same data set, without those that are not in it."""
    if before is now:
        return tuple(places)
    names = dict.fromkeys(before.names[place] for place in places)
    found = {name: place for place, name in enumerate(now.names) if name in names}
    return tuple(found[name] for name in names if name in found)


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

    def keep_classes(self, before: Listing, now: Listing) -> None:
        """Show the same classes of a data set that was read again, or all where none of them is left."""
        known = {name: place for place, name in enumerate(now.description.classes)}
        names = [before.description.classes[place] for place in self.filter.classes]
        self.show_classes(known[name] for name in names if name in known)

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
