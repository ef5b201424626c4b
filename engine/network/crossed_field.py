"""Receptive fields whose rows and columns go their own ways, line by line; a line is a row or a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import sub

from engine.layers import Reading, Reads
from engine.layers.reading import Lines

Pair = tuple[int, int]

NO_FIRST, NO_LAST = 2**62, -1  # of what depends on no pixel


@dataclass(frozen=True, slots=True)
class AxisField:
    """For each row, or each column, of an output the ``firsts`` and ``lasts`` of the image's that it depends on.

    ``jump`` is how far apart the fields of neighbours lie inside the image, which is ``image`` lines long; ``size``
    the largest extent; ``gaps`` says whether some line depends on none.
    """

    firsts: Lines
    lasts: Lines
    jump: float
    image: int
    size: int
    gaps: bool
    mark: int = field(default=0, compare=False)

    def __hash__(self) -> int:
        """Worked out once: fields are looked up at every edit."""
        return self.mark

    def span(self, line: int) -> Pair | None:
        """The first and the last line that ``line`` depends on; None if there are none."""
        first, last = self.firsts[line], self.lasts[line]
        return (first, last) if first <= last else None


@dataclass(frozen=True, slots=True)
class CrossedField:
    """A receptive field whose rows follow from the row of a place alone, its columns from the column."""

    rows: AxisField
    columns: AxisField

    @property
    def size(self) -> Pair:
        """Rows and columns of the largest field."""
        size = self.rows.size, self.columns.size
        return size if all(size) else (0, 0)

    @property
    def jump(self) -> tuple[float, float]:
        """How far apart the fields of neighbours lie."""
        return self.rows.jump, self.columns.jump

    @property
    def image(self) -> Pair:
        """Rows and columns of the image."""
        return self.rows.image, self.columns.image

    @property
    def gaps(self) -> bool:
        """Whether some place depends on no pixel."""
        return self.rows.gaps or self.columns.gaps

    def at(self, row: int, column: int) -> tuple[Pair, Pair] | None:
        """First and last row, first and last column for one place; None if it depends on no pixel."""
        rows, columns = self.rows.span(row), self.columns.span(column)
        return (rows, columns) if rows and columns else None

    def through(self, reads: Reads) -> CrossedField:
        """What is seen by a layer that reads so."""
        rows = _through(self.rows, reads.rows)
        alike = self.rows is self.columns and reads.rows == reads.columns  # most images and windows are square
        return CrossedField(rows, rows if alike else _through(self.columns, reads.columns))


def together(fields: Sequence[CrossedField]) -> CrossedField:
    """Where paths meet, a place depends on all that any of them depends on."""
    if len(fields) == 1:
        return fields[0]
    rows = _together([one.rows for one in fields])
    alike = all(one.rows is one.columns for one in fields)
    return CrossedField(rows, rows if alike else _together([one.columns for one in fields]))


@lru_cache(maxsize=64)
def pixels(image: int) -> AxisField:
    """The lines of the image itself."""
    return axis_field(tuple(range(image)), tuple(range(image)), 1.0, image)


def axis_field(firsts: Lines, lasts: Lines, jump: float, image: int) -> AxisField:
    """The field with these first and last lines."""
    extents = tuple(map(sub, lasts, firsts))
    size, mark = max(0, max(extents) + 1), hash((firsts, lasts, jump, image))
    return AxisField(firsts, lasts, jump, image, size, gaps=min(extents) < 0, mark=mark)


def _through(before: AxisField, reading: Reading) -> AxisField:
    return _read(before, reading) if reading.moves else before


def _together(fields: Sequence[AxisField]) -> AxisField:
    different = {id(one): one for one in fields}
    return fields[0] if len(different) == 1 else _joined(tuple(different.values()))


@lru_cache(maxsize=4096)
def _read(before: AxisField, reading: Reading) -> AxisField:
    firsts = reading.best(before.firsts, min, NO_FIRST)
    lasts = reading.best(before.lasts, max, NO_LAST)
    return axis_field(firsts, lasts, before.jump * reading.step, before.image)


@lru_cache(maxsize=4096)
def _joined(fields: tuple[AxisField, ...]) -> AxisField:
    firsts = tuple(map(min, *(one.firsts for one in fields)))
    lasts = tuple(map(max, *(one.lasts for one in fields)))
    widest = max(fields, key=lambda one: one.size)
    return axis_field(firsts, lasts, widest.jump, max(one.image for one in fields))
