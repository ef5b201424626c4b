"""Which images train, validate and test, by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.layout import same_text
from engine.data.split import Division

Name = str | int
"""What a source calls one of its images: a path below its folder, written with /, or a number in a published set."""


class PartsError(ValueError):
    """Values that are no parts; the text is the end of a sentence that says why."""


def same_name(name: Name) -> Name:
    """A name in the form in which names of the same text are the same."""
    return same_text(name) if isinstance(name, str) else name


class Parts(NamedTuple):
    """The names of the images of each part, none of them twice."""

    train: tuple[Name, ...]
    validation: tuple[Name, ...] = ()
    test: tuple[Name, ...] = ()

    @classmethod
    def of(cls, names: Sequence[Name], division: Division) -> Parts:
        """The parts of a division of images that have these names."""
        return cls(*(tuple(names[index] for index in part) for part in division))

    @classmethod
    def from_json(cls, value: object) -> Parts:
        """The parts that JSON values stand for; raises `PartsError` for any others."""
        if not isinstance(value, dict) or set(value) != set(cls._fields):
            raise PartsError(f"an object with {', '.join(cls._fields)} and nothing else is needed")
        parts = cls(**{part: _checked(names, part) for part, names in value.items()})
        for name, times in Counter(chain(*parts)).most_common(1):
            if times > 1:
                raise PartsError(f"the image {name!r} stands there {times} times")
        return parts

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return self._asdict()

    @property
    def images(self) -> int:
        """How many there are in all."""
        return sum(map(len, self))

    def division(self, names: Sequence[Name], *, others: Container[int] = ()) -> Division:
        """Where the images of each part are in ``names``, in the order of the part; -1 for one that is not there.

        ``others`` are places of names that stand for another image now. Where a name itself is not there, one of the
        same text is, in whatever form a system keeps it, if it is no other image's. Files come and go, but numbers do
        not: raises `PartsError` for one that is none of ``names``, and for a path where those are numbers.
        """
        places = {name: index for index, name in enumerate(names) if index not in others}
        numbered = isinstance(next(iter(names), ""), int)
        for name in chain(*self):
            if (numbered or isinstance(name, int)) and name not in places:
                raise PartsError(f"there is no image {name!r} in the data of the run")
        own = set(chain(*self))
        alike = {same_name(name): index for name, index in places.items() if name not in own}
        return Division(*(_places(part, places, alike) for part in self))


def _checked(names: object, part: str) -> tuple[Name, ...]:
    if not isinstance(names, list) or any(type(name) not in (str, int) for name in names):
        raise PartsError(f"{part} is no list of names and numbers")
    return tuple(names)


def _places(part: Sequence[Name], places: Mapping[Name, int], alike: dict[Name, int]) -> NDArray[np.int64]:
    found = (places[name] if name in places else alike.pop(same_name(name), -1) for name in part)
    return np.fromiter(found, np.int64, len(part))
