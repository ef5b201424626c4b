"""Classes that are letters or digits, and what becomes of these when they are mirrored or turned around."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.files import readable

_WORDS = {word: str(digit) for digit, word in enumerate("zero one two three four five six seven eight nine".split())}
_KINDS = {"digit", "number", "letter", "character", "char", "class", "label", "sign"}
UPSIDE_DOWN = (("6", "9"), ("b", "p"), ("d", "q"), ("n", "u"), ("m", "w"), ("M", "W"))
"""Characters that change places when up and down do."""
LEFT_RIGHT = (("b", "d"), ("p", "q"))
"""Characters that change places when left and right do."""
TURNED = (("6", "9"), ("b", "q"), ("d", "p"), ("n", "u"), ("m", "w"), ("M", "W"))
"""Characters that change places when they are turned by 180°."""
SAME_UPSIDE_DOWN = "0138BCDEHIKOXclox"
SAME_LEFT_RIGHT = "018AHIMOTUVWXYilmnouvwx"


def character_of(name: str) -> str:
    """The digit or letter that a class is: 6 for "6", "six", "digit 6" and "6 - six"; "" for a class that is none."""
    words = [word for word in re.split(r"[\W_]+", name) if word and word.lower() not in _KINDS]
    found = {_WORDS.get(word.lower(), word) for word in words}
    one = found.pop() if len(found) == 1 else ""
    return one if len(one) == 1 and one.isascii() and one.isalnum() else ""


def pairs_among(classes: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The names of the classes that are the characters of a pair, of all pairs of which both are there."""
    named = {character_of(name): readable(name) for name in classes}
    return [(named[one], named[other]) for one, other in pairs if one in named and other in named]


def becoming(classes: Sequence[str], pairs: Sequence[tuple[str, str]]) -> str:
    """What pairs do to the classes: "6 into 9: classes 6 and 9."; "" where none are there."""
    found = pairs_among(classes, pairs)
    turned = " and ".join(f"{character_of(one)} into {character_of(other)}" for one, other in found)
    return f"{turned}: classes {', '.join(' and '.join(pair) for pair in found)}." if found else ""


def changed_among(classes: Sequence[str], same: str) -> list[str]:
    """The names of the classes but for the ``same``, which look as before; none where not all are characters."""
    characters = [character_of(name) for name in classes]
    if not all(characters):
        return []
    return [readable(name) for name, one in zip(classes, characters, strict=True) if one not in same]
