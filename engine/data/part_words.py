"""Which part of a data set the name of a folder speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

PartName = Literal["train", "validation", "test"]
SPOKEN: Mapping[str, str] = {"train": "training", "validation": "validation", "test": "test"}
"""The parts as sentences call them: "270 test images"."""

_TRAIN = {"train", "trains", "training", "trainval", "trn"}
_VALIDATION = {"val", "valid", "validate", "validating", "validation", "vld", "dev"}
_TEST = {"test", "tests", "testing", "tst", "holdout"}
_EVALUATION = {"eval", "evaluation"}  # the one of the two that is not there otherwise
_PARTS = _TRAIN | _VALIDATION | _TEST | _EVALUATION
_COMMON = {
    *("set", "sets", "data", "dataset", "datasets", "image", "images", "img", "imgs", "picture", "pictures", "photo"),
    *("photos", "daten", "sdaten", "sample", "samples", "split", "part", "folder", "dir", "files", "the"),
}
_CASES = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_HOLD_OUT = re.compile(r"(?<![a-z])hold[-_ ]out", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_JOINED = re.compile(f"({'|'.join(sorted(_PARTS, key=len, reverse=True))})(sets?|data|s?daten|images?|imgs?|dataset)")


@dataclass(frozen=True, slots=True)
class PartWords:
    """A folder's name as one that may stand for a part: what the part is, and the ``rest`` of the words."""

    folder: str
    part: PartName
    rest: frozenset[str]

    def goes_with(self, other: PartWords) -> bool:
        """Whether two names differ in nothing but the part: not "training shoe" and "test tube"."""
        return self.rest == other.rest or not self.rest or not other.rest


def words_of(name: str) -> frozenset[str]:
    """The words in a name, small, split where case, digits or signs change: "seg_train2" gives seg and train."""
    words = (word.lower() for word in _WORD.findall(_CASES.sub(" ", _HOLD_OUT.sub("holdout", name))))
    return frozenset(piece for word in words for piece in _pieces(word))


def part_words(names: Sequence[str]) -> tuple[PartWords, ...]:
    """Those of the names that speak of a part, in their order."""
    spoken = {name: words for name in names if (words := words_of(name)) & _PARTS}
    tested = any(words & _TEST and not words & _TRAIN for words in spoken.values())
    return tuple(
        PartWords(name, _part_of(words, tested=tested), words - _PARTS - _COMMON) for name, words in spoken.items()
    )


def speaks_of_parts_alone(name: str, *, like: str) -> bool:
    """Whether a folder's name says nothing but that it is a part of images, or what the name ``like`` says already."""
    words = words_of(name)
    return bool(words) and words <= words_of(like) | _PARTS | _COMMON


def _pieces(word: str) -> tuple[str, ...]:
    joined = _JOINED.fullmatch(word)
    return joined.groups() if joined else (word,)


def _part_of(words: frozenset[str], *, tested: bool) -> PartName:
    if words & _TRAIN:
        return "train"
    if words & _VALIDATION or (words & _EVALUATION and tested and not words & _TEST):
        return "validation"
    return "test"
