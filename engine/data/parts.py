"""Which images train, validate and test, by their names."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.layout import same_text
from engine.data.split import Division

Name = str | int
"""What a source calls one of its images: a path below its folder, written with /, or a number in a published set."""


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
        """The parts that JSON values stand for; raises ``ValueError`` for any others."""
        if not isinstance(value, dict) or set(value) != set(cls._fields):
            raise ValueError(f"the parts are {', '.join(cls._fields)}")
        listed = [name for part in value.values() for name in _checked(part)]
        if len(set(listed)) < len(listed):
            raise ValueError("an image stands there twice")
        return cls(**{part: tuple(names) for part, names in value.items()})

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return self._asdict()

    @property
    def images(self) -> int:
        """How many there are in all."""
        return sum(map(len, self))

    def division(self, names: Sequence[Name], *, others: Container[int] = ()) -> Division:
        """Where the images of each part are in ``names``; those that are not there any more are left out.

        ``others`` are places of names that stand for another image now. Names of the same text are the same, in
        whatever form a system keeps it.
        """
        places = {same_name(name): index for index, name in enumerate(names) if index not in others}
        return Division(*(_places(part, places) for part in self))


def _checked(part: object) -> list[Name]:
    if not isinstance(part, list) or any(type(name) not in (str, int) for name in part):
        raise ValueError("a part is a list of names and numbers")
    return part


def _places(part: Sequence[Name], places: Mapping[Name, int]) -> NDArray[np.int64]:
    return np.array([places[same] for name in part if (same := same_name(name)) in places], dtype=np.int64)
