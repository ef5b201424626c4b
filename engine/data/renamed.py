"""Names of images that all stand in other folders now: one around them was renamed, put there or taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from engine.data.parts import Name, same_name


def names_now(before: Sequence[Name], now: Sequence[Name]) -> dict[Name, Name]:
    """What images are called ``now`` by their names ``before``; {} where any has kept its name, or none is found."""
    there = {same_name(name) for name in now}
    if not there or any(same_name(name) in there for name in before):
        return {}
    were, are = _around(before), _around(now)
    tries = [
        {name: _moved(name, less=less, into=are[:more]) for name in before}
        for less, more in product(range(len(were) + 1), range(len(are) + 1))
    ]
    best = max(tries, key=lambda names: _found(names.values(), there))
    return best if _found(best.values(), there) else {}


def _around(names: Sequence[Name]) -> tuple[str, ...]:
    """The folders that all images are in, from the top down."""
    paths = [name for name in names if isinstance(name, str)]
    if len(paths) < len(names) or not paths:
        return ()
    first, last = (path.split("/")[:-1] for path in (min(paths), max(paths)))
    apart = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return tuple(first[: next(apart, min(len(first), len(last)))])


def _moved(name: Name, *, less: int, into: Iterable[str]) -> Name:
    return "/".join((*into, *name.split("/")[less:])) if isinstance(name, str) else name


def _found(names: Iterable[Name], there: set[Name]) -> int:
    return sum(same_name(name) in there for name in names)
