"""Which lines of its input a layer reads for each line of its output, along one axis; receptive fields follow.

A line is a row or a column. V. Dumoulin and F. Visin, A guide to convolution arithmetic for deep learning (2016).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import chain
from typing import ClassVar, NamedTuple

from engine.layers.shape import Shape
from engine.layers.window import PaddingMode, Window

Lines = tuple[int, ...]
"""A number for each line of an axis."""

Plane = tuple[Lines, ...]
"""A number for each place of a map, row by row."""

Best = Callable[[int, int], int]
"""The least or the greatest of two numbers."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``count`` lines come out of ``size`` lines; subclasses say which are read for which."""

    size: int
    count: int

    moves: ClassVar[bool] = True
    """Whether any line reads others than its like."""

    @property
    def step(self) -> float:
        """Lines of the input from what is read for one line to what is read for the next."""
        return 1.0

    @property
    def length(self) -> int:
        """How many lines there are to go through."""
        return max(self.size, self.count)

    def best(self, values: Lines, best: Best, none: int) -> Lines:
        """For each line that comes out the best of the values of the lines that it reads, ``none`` if it reads none."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Same(Reading):
    """Each line reads its like."""

    moves: ClassVar = False

    def best(self, values: Lines, best: Best, none: int) -> Lines:
        return values


@dataclass(frozen=True, slots=True)
class Whole(Reading):
    """Each line reads all lines."""

    @property
    def step(self) -> float:
        return 0.0

    def best(self, values: Lines, best: Best, none: int) -> Lines:
        return (reduce(best, values),) * self.count


@dataclass(frozen=True, slots=True)
class Slide(Reading):
    """A window slides over lines that lie ``spacing`` apart, with nothing between.

    It begins ``before`` lines ahead of the first one, or behind that if ``before`` is negative; ``mode`` says what
    lies there and behind the last. A spacing makes a convolution backwards of it (Dumoulin & Visin, section 4).
    """

    kernel: int = 1
    stride: int = 1
    before: int = 0
    dilation: int = 1
    spacing: int = 1
    mode: PaddingMode = "zeros"

    @property
    def step(self) -> float:
        return self.stride / self.spacing

    @property
    def length(self) -> int:
        return max(self.size * self.spacing, self._end)

    @property
    def _end(self) -> int:
        """Where the last window ends, counted from where the first begins."""
        return (self.count - 1) * self.stride + self.dilation * (self.kernel - 1) + 1

    def best(self, values: Lines, best: Best, none: int) -> Lines:
        found, span = self._around(self._spread(values, none), none), 1
        while 2 * span <= self.kernel:  # the best of so many lines from each on; windows of any size take few rounds
            found = tuple(map(best, found, found[span * self.dilation :]))
            span *= 2
        if span < self.kernel:
            found = tuple(map(best, found, found[(self.kernel - span) * self.dilation :]))
        return found[: (self.count - 1) * self.stride + 1 : self.stride]

    def _spread(self, values: Lines, none: int) -> Lines:
        if self.spacing == 1:
            return values
        spread = [none] * ((len(values) - 1) * self.spacing + 1)
        spread[:: self.spacing] = values
        return tuple(spread)

    def _around(self, values: Lines, none: int) -> Lines:
        """The values with what lies around them, from the first line that is read to the last."""
        before, after = self.before, self._end - self.before - len(values)
        kept = values[max(0, -before) : len(values) + min(0, after)]
        before, after = max(0, before), max(0, after)
        if not before and not after:
            return kept
        match self.mode:
            case "zeros":
                return (none,) * before + kept + (none,) * after
            case "reflect":
                return values[before:0:-1] + kept + values[-2 : -2 - after : -1]
            case "replicate":
                return values[:1] * before + kept + values[-1:] * after
            case "circular":
                return values[len(values) - before :] + kept + values[:after]


@dataclass(frozen=True, slots=True)
class Spans(Reading):
    """Each line reads neighbouring lines of its own; subclasses say which."""

    @property
    def step(self) -> float:
        return self.size / self.count

    def span(self, line: int) -> tuple[int, int]:
        """The first of the lines that one reads, and the first behind them."""
        raise NotImplementedError

    def best(self, values: Lines, best: Best, none: int) -> Lines:
        spans = (self.span(line) for line in range(self.count))
        return tuple(Whole(stop - start, 1).best(values[start:stop], best, none)[0] for start, stop in spans)


@dataclass(frozen=True, slots=True)
class Cells(Spans):
    """Cells of equal size cover all lines; where they do not divide them, neighbours share a line."""

    def span(self, line: int) -> tuple[int, int]:
        return line * self.size // self.count, -(-(line + 1) * self.size // self.count)


class Reads(NamedTuple):
    """What is read of an input: its rows for each row that comes out, its columns for each column."""

    rows: Reading
    columns: Reading

    @property
    def moves(self) -> bool:
        """Whether any place reads others than its like."""
        return self.rows.moves or self.columns.moves

    @property
    def length(self) -> int:
        """How many rows or columns there are to go through."""
        return max(self.rows.length, self.columns.length)

    @property
    def places(self) -> int:
        """How many places there are to go through."""
        return self.rows.length * self.columns.length

    @property
    def steps(self) -> tuple[float, float]:
        """The `Reading.step` of rows and columns."""
        return self.rows.step, self.columns.step

    def best(self, plane: Plane, best: Best, none: int) -> Plane:
        """For each place that comes out the best of the values of the places that it reads, ``none`` without any."""
        across = [self.columns.best(row, best, none) for row in plane]
        down = [self.rows.best(column, best, none) for column in zip(*across, strict=True)]
        return tuple(zip(*down, strict=True))


@dataclass(frozen=True, slots=True)
class Relaid:
    """Maps of ``before`` rows and columns, laid out anew as maps of ``after``: the values stay in their order.

    Map by map, a value comes to a place that is as far on as the step from one map to the next leaves: places that
    differ by a multiple of the greatest common divisor of both sizes are read together.
    """

    before: tuple[int, int]
    after: tuple[int, int]

    moves: ClassVar = True

    @property
    def length(self) -> int:
        """How many rows or columns there are to go through."""
        return max(*self.before, *self.after)

    @property
    def places(self) -> int:
        """How many places there are to go through."""
        return max(math.prod(self.before), math.prod(self.after))

    @property
    def steps(self) -> tuple[float, float]:
        """None that hold everywhere."""
        return 0.0, 0.0

    def best(self, plane: Plane, best: Best, none: int) -> Plane:
        """For each place that comes out the best of the values of the places that it reads."""
        values, (rows, columns) = tuple(chain.from_iterable(plane)), self.after
        step = math.gcd(len(values), rows * columns)
        found = [reduce(best, values[first::step]) for first in range(step)] * (rows * columns // step)
        return tuple(tuple(found[row * columns : (row + 1) * columns]) for row in range(rows))


@lru_cache(maxsize=4096)
def reads_of(window: Window | None, x: Shape, output: Shape) -> Reads:
    """What a layer reads of its input ``x`` through its window.

    Without one, each line reads its like where as many come out as come in, else all lines. A vector counts as one
    row and one column.
    """
    before, after = (shape[1:] if shape.is_map else (1, 1) for shape in (x, output))
    rows, columns = (_along(window, before[axis], after[axis], axis=axis) for axis in (0, 1))
    return Reads(rows, columns)


def _along(window: Window | None, size: int, count: int, *, axis: int) -> Reading:
    if window is None:
        return Same(size, count) if size == count else Whole(size, count)
    return Slide(
        size,
        count,
        window.kernel[axis],
        window.stride[axis],
        window.padding[axis],
        window.dilation[axis],
        mode=window.mode,
    )
