"""Everything of one kind that the window is made of, by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Generic, TypeVar, cast

from engine.errors import LayerloomError
from gui.style import icons

_NEVER_EMPTY = ("name", "text", "title")

T = TypeVar("T")
K = TypeVar("K")


def expect(thing: object, **kinds: type | UnionType) -> None:
    """Check attributes of what is declared by their types; raises ``ValueError``."""
    for attribute, kind in kinds.items():
        value = getattr(thing, attribute, None)
        if not isinstance(value, kind) or (attribute in _NEVER_EMPTY and not value):
            raise ValueError(f"{thing!r} cannot be registered: its {attribute} is {value!r}")


def expect_icon(name: str) -> None:
    """Check that there is an icon of that name; raises ``ValueError``."""
    if not icons.is_known(name):
        raise ValueError(f"there is no icon '{name}'")


class Register(Mapping[str, T], Generic[T]):
    """Things by name, in the order they were added."""

    def __init__(self, one: str, *, name_of: Callable[[T], str]) -> None:
        """``one`` is what people call one of them."""
        self.one = one
        self._name_of = name_of
        self._things: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        return self._things[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)

    def add(self, thing: T) -> None:
        """Add one; raises ``ValueError`` if its name is taken, or it cannot work."""
        self.check(thing)
        self._things[self._name_of(thing)] = thing

    def check(self, thing: T) -> None:
        """Raises ``ValueError`` if a name is taken, and in subclasses what else cannot work."""
        name = self._name_of(thing)
        if name in self._things:
            raise ValueError(f"{self.one} '{name}' is registered already")

    def register(self, kind: type[K]) -> type[K]:
        """Add one made of a class; raises ``ValueError`` if its name is taken, or it cannot work."""
        self.add(cast(T, kind()))
        return kind

    def remove(self, name: str) -> None:
        """Take one out again, as a test does with what it added."""
        del self._things[name]

    def find(self, name: str) -> T:
        """The one of that name; raises `LayerloomError` with the nearest name there is."""
        if name in self._things:
            return self._things[name]
        near = difflib.get_close_matches(name, self._things, n=1)
        raise LayerloomError(f"No {self.one} is called '{name}'." + (f" Did you mean '{near[0]}'?" if near else ""))
