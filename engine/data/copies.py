"""Files that are the same, byte for byte, and a mark by which to know one again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from engine.data.beginnings import look
from engine.data.progress import Listener, Progress, tell
from engine.data.split import Division, Indices

_MARK = 12  # bytes of a mark
_REPORT_EVERY = 64  # files

Copies = tuple[tuple[int, ...], ...]
"""Groups of two or more places of files that are the same."""


def fingerprints(files: Sequence[Path], *, progress: Listener | None = None) -> tuple[str, ...]:
    """A mark of all that each file holds, by which a run knows it again; "" for one that cannot be read."""
    return _marks(files, _hash_of_all, progress)


def copies_of(files: Sequence[Path], *, marks: Sequence[str] = (), progress: Listener | None = None) -> Copies:
    """The files that are byte for byte the same; all is read only of those of one size, beginning and end.

    ``marks`` are those of the ends of the files, where they are known.
    """
    marks = marks if len(marks) == len(files) else _marks(files, lambda file: look(file).mark, progress)
    alike = _groups(range(len(files)), dict(enumerate(marks)))
    suspected = [place for group in alike for place in group]
    hashes = {}
    for done, place in enumerate(suspected):
        if done % _REPORT_EVERY == 0:
            tell(progress, Progress("Comparing copies", done, len(suspected), "files"))
        hashes[place] = _hash_of_all(files[place])
    return tuple(group for some in alike for group in _groups(some, hashes))


def same_marks(marks: Sequence[str]) -> Copies:
    """The files that have the same fingerprint."""
    return tuple(_groups(range(len(marks)), dict(enumerate(marks))))


def across(copies: Copies, parts: Iterable[Indices], count: int) -> Copies:
    """Those groups of copies, of ``count`` files in all, that are in more than one of the parts."""
    part_of = np.full(count, -1)
    for number, part in enumerate(parts):
        part_of[part] = number
    used = (tuple(place for place in group if part_of[place] >= 0) for group in copies)
    return tuple(group for group in used if len({int(part_of[place]) for place in group}) > 1)


def together(division: Division, copies: Copies) -> Division:
    """The same division with all copies of an image in the first part that has one of them: training before others."""
    part_of = {place: number for number, part in enumerate(division) for place in part.tolist()}
    for group in copies:
        there = [place for place in group if place in part_of]
        part_of |= dict.fromkeys(there, min((part_of[place] for place in there), default=0))
    found = [sorted(place for place, part in part_of.items() if part == number) for number in range(len(division))]
    return Division(*(np.array(places, dtype=np.int64) for places in found))


def of_training(copies: Copies, division: Division) -> dict[str, int]:
    """How many images of each other part are copies of training images."""
    trained = set(division.train.tolist())
    copied = {place for group in copies if not trained.isdisjoint(group) for place in group}
    parts = division._asdict().items()
    return {name: len(copied.intersection(part.tolist())) for name, part in parts if part is not division.train}


def _groups(places: Iterable[int], marks: Mapping[int, str]) -> list[tuple[int, ...]]:
    """Two or more places of one mark; those without are alone."""
    found = defaultdict(list)
    for place in places:
        found[marks[place]].append(place)
    return [tuple(group) for mark, group in found.items() if mark and len(group) > 1]


def _marks(files: Sequence[Path], mark: Callable[[Path], str], progress: Listener | None) -> tuple[str, ...]:
    found = []
    for done, file in enumerate(files):
        if done % _REPORT_EVERY == 0:
            tell(progress, Progress("Telling files apart", done, len(files), "files"))
        found.append(mark(file))
    return tuple(found)


def _hash_of_all(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, lambda: hashlib.blake2b(digest_size=_MARK)).hexdigest()
    except OSError:
        return ""
