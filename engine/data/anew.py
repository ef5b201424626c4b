"""A folder of images that is other than when it was looked through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.data.data_words import listed
from engine.words import counted, thousands

if TYPE_CHECKING:
    from engine.data.folder import ImageFolder
    from engine.data.listing import Listing


@dataclass(frozen=True, slots=True)
class Anew:
    """All images as they are now, and how many are ``gone``, ``new`` or ``changed`` since they were listed."""

    listing: Listing
    gone: int
    new: int
    changed: int

    @classmethod
    def between(cls, before: ImageFolder, kept: ImageFolder, now: ImageFolder, listing: Listing) -> Anew:
        """What is other ``now``, which ``listing`` is of; ``kept`` is what could be read of the folder ``before``."""
        old, new = ({image.path: image.state for image in folder.images} for folder in (before, now))
        changed = sum(old[path] != new[path] for path in old.keys() & new.keys())
        gone = sum(file not in new for file in kept.files)
        return cls(listing, gone, len(new.keys() - old.keys()), changed)

    def sentence(self) -> str:
        """What is other now: "3 images are gone, 2 are new and 1 has changed."."""
        verbs = (("is gone", "are gone"), ("is new", "are new"), ("has changed", "have changed"))
        counts = (self.gone, self.new, self.changed)
        found = [(count, verb[count > 1]) for count, verb in zip(counts, verbs, strict=True) if count]
        words = [
            f"{thousands(count) if place else counted(count, 'image')} {verb}"
            for place, (count, verb) in enumerate(found)
        ]
        return f"{listed(words)}." if words else "Other files are left out than before."
