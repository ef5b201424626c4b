"""Receptive fields that each place has for itself: where values were laid out anew, or paths with gaps meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import sub

from engine.layers import Reads, Relaid
from engine.layers.reading import Plane
from engine.network.crossed_field import NO_FIRST, NO_LAST, AxisField, CrossedField, Pair, axis_field

Jump = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlacedField:
    """Planes of the first and last rows and columns of the image that the places of an output depend on."""

    tops: Plane
    bottoms: Plane
    lefts: Plane
    rights: Plane
    jump: Jump
    image: Pair

    @property
    def size(self) -> Pair:
        """Rows and columns of the largest field."""
        return _largest(self.tops, self.bottoms), _largest(self.lefts, self.rights)

    def at(self, row: int, column: int) -> tuple[Pair, Pair] | None:
        """First and last row, first and last column for one place; None if it depends on no pixel."""
        top, bottom, left, right = (plane[row][column] for plane in self.planes)
        return ((top, bottom), (left, right)) if top <= bottom else None

    @property
    def planes(self) -> tuple[Plane, Plane, Plane, Plane]:
        """Tops, bottoms, lefts, rights."""
        return self.tops, self.bottoms, self.lefts, self.rights

    def through(self, reads: Reads | Relaid) -> PlacedField:
        """What is seen by a layer that reads so."""
        tops, lefts = (reads.best(plane, min, NO_FIRST) for plane in (self.tops, self.lefts))
        bottoms, rights = (reads.best(plane, max, NO_LAST) for plane in (self.bottoms, self.rights))
        down, across = reads.steps
        return PlacedField(tops, bottoms, lefts, rights, (self.jump[0] * down, self.jump[1] * across), self.image)

    def simplest(self) -> PlacedField | CrossedField:
        """The same field by rows and columns, where those follow from the row of a place and these from its column."""
        tops, bottoms = (tuple(zip(*plane, strict=True)) for plane in (self.tops, self.bottoms))
        lines = tops, bottoms, self.lefts, self.rights
        if any(len(set(plane)) > 1 for plane in lines):
            return self
        (top,), (bottom,), (left,), (right,) = (plane[:1] for plane in lines)
        rows = axis_field(top, bottom, self.jump[0], self.image[0])
        return CrossedField(rows, axis_field(left, right, self.jump[1], self.image[1]))


def placed(field: CrossedField) -> PlacedField:
    """The same field, place by place."""
    rows, columns = field.rows, field.columns
    nothing = [[down or across for across in _gaps(columns)] for down in _gaps(rows)]

    def plane(values: Plane, none: int) -> Plane:
        return tuple(
            tuple(none if empty else value for value, empty in zip(line, gaps, strict=True))
            for line, gaps in zip(values, nothing, strict=True)
        )

    height, width = len(rows.firsts), len(columns.firsts)
    return PlacedField(
        plane(tuple((first,) * width for first in rows.firsts), NO_FIRST),
        plane(tuple((last,) * width for last in rows.lasts), NO_LAST),
        plane((columns.firsts,) * height, NO_FIRST),
        plane((columns.lasts,) * height, NO_LAST),
        field.jump,
        field.image,
    )


def together(fields: Sequence[PlacedField]) -> PlacedField:
    """Where paths meet, a place depends on all that any of them depends on."""
    tops, bottoms, lefts, rights = zip(*(field.planes for field in fields), strict=True)
    widest = max(fields, key=lambda field: field.size)
    return PlacedField(
        _joined(tops, NO_FIRST), _joined(bottoms, NO_LAST), _joined(lefts, NO_FIRST), _joined(rights, NO_LAST),
        widest.jump, widest.image,
    )  # fmt: skip


def _joined(planes: Sequence[Plane], none: int) -> Plane:
    best = min if none == NO_FIRST else max
    return tuple(tuple(map(best, (none,) * len(lines[0]), *lines)) for lines in zip(*planes, strict=True))


def _gaps(field: AxisField) -> list[bool]:
    return [first > last for first, last in zip(field.firsts, field.lasts, strict=True)]


def _largest(firsts: Plane, lasts: Plane) -> int:
    extents: Iterator[int] = map(sub, chain.from_iterable(lasts), chain.from_iterable(firsts))
    return max(0, max(extents) + 1)
