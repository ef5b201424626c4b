"""Receptive fields whose rows and columns go their own ways, line by line; a line is a row or a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
        return CrossedField(_through(self.rows, reads.rows), _through(self.columns, reads.columns))


def together(fields: Sequence[CrossedField]) -> CrossedField:
    """Where paths meet, a place depends on all that any of them depends on."""
    if len(fields) == 1:
        return fields[0]
    return CrossedField(_together([field.rows for field in fields]), _together([field.columns for field in fields]))


def pixels(image: int) -> AxisField:
    """The lines of the image itself."""
    return AxisField(tuple(range(image)), tuple(range(image)), 1.0, image, 1, gaps=False)


def axis_field(firsts: Lines, lasts: Lines, jump: float, image: int) -> AxisField:
    """The field with these first and last lines."""
    extents = tuple(map(sub, lasts, firsts))
    return AxisField(firsts, lasts, jump, image, max(0, max(extents) + 1), min(extents) < 0)


def _through(field: AxisField, reading: Reading) -> AxisField:
    return _read(field, reading) if reading.moves else field


def _together(fields: Sequence[AxisField]) -> AxisField:
    different = {id(field): field for field in fields}
    return fields[0] if len(different) == 1 else _joined(tuple(different.values()))


@lru_cache(maxsize=4096)
def _read(field: AxisField, reading: Reading) -> AxisField:
    firsts = reading.best(field.firsts, min, NO_FIRST)
    lasts = reading.best(field.lasts, max, NO_LAST)
    return axis_field(firsts, lasts, field.jump * reading.step, field.image)


@lru_cache(maxsize=4096)
def _joined(fields: tuple[AxisField, ...]) -> AxisField:
    firsts = tuple(map(min, *(field.firsts for field in fields)))
    lasts = tuple(map(max, *(field.lasts for field in fields)))
    widest = max(fields, key=lambda field: field.size)
    return axis_field(firsts, lasts, widest.jump, max(field.image for field in fields))
