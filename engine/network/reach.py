"""How far the windows behind one place of a node reach, beyond the edges of the image too.

Receptive fields (`engine.network.receptive_field`) end where the image does. What a unit sees is cut out with its whole
window, though: here the image has no end, and padding stands where further pixels would. Sizes and distances of regular
windows are those of Araujo, Norris & Sim, Computing Receptive Fields of CNNs (Distill 2019).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from engine.layers import Reading, Reads, Relaid
from engine.layers.reading import Lines, Same, Slide
from engine.network.analysis import analyse
from engine.network.network import Network
from engine.network.receptive_field import ReceptiveField
from engine.network.results import Analysis, NodeAnalysis
from engine.words import path_text

_NO_FIRST, _NO_LAST = 2**62, -(2**62)  # of a line that depends on no pixel
_FAR = 2**61


class Rectangle(NamedTuple):
    """The first and last row, and the first and last column, of a part of the image; they may lie outside it."""

    rows: tuple[int, int]
    columns: tuple[int, int]

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows[1] - self.rows[0] + 1, self.columns[1] - self.columns[0] + 1


@dataclass(frozen=True, slots=True)
class Reach:
    """What the places of a node see of an image of ``image`` rows and columns.

    ``size`` is that of the largest window, in pixels, and may be more than the image has. ``larger`` says that it is
    more in some direction, or that it cannot be told: then a place is taken to see the whole image.
    """

    size: tuple[int, int]
    image: tuple[int, int]
    larger: bool
    _field: ReceptiveField | None
    _rows: _Axis | None
    _columns: _Axis | None

    @property
    def whole(self) -> Rectangle:
        """All of the image."""
        return Rectangle((0, self.image[0] - 1), (0, self.image[1] - 1))

    def at(self, row: int, column: int) -> Rectangle:
        """The rectangle that one place sees: within the image its receptive field, outside as far as its window goes.

        The whole image if that is smaller than the window, and for a place that depends on no pixel.
        """
        inside = None if self.larger or self._field is None else self._field.at(row, column)
        if inside is None:
            return self.whole
        rows = _beyond(inside[0], self._rows, row, self.image[0])
        return Rectangle(rows, _beyond(inside[1], self._columns, column, self.image[1]))

    def larger_words(self, node: str) -> str:
        """That the window of a node is larger than the image, and what is shown instead; "" where it is not."""
        if self.size[0] <= self.image[0] and self.size[1] <= self.image[1]:
            return ""
        field, image = ("×".join(map(str, size)) for size in (self.size, self.image))
        return f"{path_text(node)}'s receptive field is {field}, larger than the {image} image: whole images are shown."

    @property
    def window(self) -> tuple[int, int]:
        """Rows and columns that rectangles have at most."""
        return self.image if self.larger else self.size


@dataclass(frozen=True, slots=True)
class _Axis:
    """The first and last lines of the endless image that each line of a node reads.

    Lines that are a multiple of ``period`` apart read alike, ``shift`` lines of the image on for each period.
    """

    firsts: Lines
    lasts: Lines
    period: int = 1
    shift: int = 1

    @property
    def size(self) -> int:
        """The most lines that any line reads."""
        return max(0, *(last - first + 1 for first, last in zip(self.firsts, self.lasts, strict=True)))

    def through(self, reading: Reading) -> _Axis:
        """What is seen by a layer that reads so; where it pads with zeros, further lines are taken to lie there."""
        if not isinstance(reading, Slide):
            period, shift = (self.period, self.shift) if isinstance(reading, Same) else (1, 0)
            return _Axis(*self._read(reading, self.firsts, self.lasts), period, shift)
        firsts, lasts, further = self.firsts, self.lasts, reading
        if reading.mode == "zeros":
            before = max(0, -(-reading.before // reading.spacing))
            end = (reading.count - 1) * reading.stride + reading.dilation * (reading.kernel - 1) - reading.before
            after = max(0, end // reading.spacing - reading.size + 1)
            firsts, lasts = (self._continued(lines, before, after) for lines in (firsts, lasts))
            moved = reading.before - before * reading.spacing
            further = replace(reading, size=reading.size + before + after, before=moved)
        spread = self.period * reading.spacing
        periods = math.lcm(spread, reading.stride) // spread
        return _Axis(*self._read(further, firsts, lasts), periods * spread // reading.stride, periods * self.shift)

    @staticmethod
    def _read(reading: Reading, firsts: Lines, lasts: Lines) -> tuple[Lines, Lines]:
        return reading.best(firsts, min, _NO_FIRST), reading.best(lasts, max, _NO_LAST)

    def _continued(self, lines: Lines, before: int, after: int) -> Lines:
        """Lines with those that would lie before the first and after the last."""
        period = min(self.period, len(lines))
        return (
            *(lines[place % period] + place // period * self.shift for place in range(-before, 0)),
            *lines,
            *(lines[-period + place % period] + (place // period + 1) * self.shift for place in range(after)),
        )


def reach_of(network: Network, node: str, *, analysis: Analysis | None = None) -> Reach:
    """What the places of ``node`` see of the image, which its only input takes.

    Several paths to it see together. Where values were laid out anew as maps of another size, and where the image is
    too large to follow line by line, rectangles end at the edges of the image. ``analysis`` must be current, and is
    made if left out.
    """
    analysis = analysis or analyse(network)
    height, width = (analysis[network.inputs[0]].output or (1, 1, 1))[1:]
    axes: dict[str, tuple[_Axis, _Axis] | None] = {}
    for name in analysis.nodes:
        axes[name] = _axes(analysis[name], [axes[source] for source in analysis[name].sources])
        if name == node:
            break
    field, found = analysis[node].receptive_field, axes[node]
    size = (found[0].size, found[1].size) if found else field.size if field else (height, width)
    larger = field is None or size[0] > height or size[1] > width
    return Reach(size, (height, width), larger, field, *(found or (None, None)))


def _axes(node: NodeAnalysis, above: Sequence[tuple[_Axis, _Axis] | None]) -> tuple[_Axis, _Axis] | None:
    """Rows and columns of a node; None where rows and columns do not go their own ways."""
    if node.receptive_field is None or node.output is None:
        return None
    if not node.sources:
        lines = [tuple(range(size)) for size in node.output[1:]]
        return _Axis(lines[0], lines[0]), _Axis(lines[1], lines[1])
    if node.bypassed:
        return above[0]
    read = node.layer.readings(*node.inputs)
    paths = [_through(axes, reads) for axes, reads in zip(above, read, strict=True) if reads]
    if not paths or None in paths:
        return None
    rows, columns = zip(*(path for path in paths if path), strict=True)
    return _together(rows), _together(columns)


def _through(axes: tuple[_Axis, _Axis] | None, reads: Reads | Relaid) -> tuple[_Axis, _Axis] | None:
    if axes is None or isinstance(reads, Relaid):
        return None
    return axes[0].through(reads.rows), axes[1].through(reads.columns)


def _together(axes: Sequence[_Axis]) -> _Axis:
    """Where paths meet, a line depends on all that any of them depends on."""
    if len(axes) == 1:
        return axes[0]
    firsts = tuple(map(min, *(one.firsts for one in axes)))
    lasts = tuple(map(max, *(one.lasts for one in axes)))
    period = math.lcm(*(one.period for one in axes))
    widest = max(axes, key=lambda one: one.size)
    return _Axis(firsts, lasts, period, period // widest.period * widest.shift)


def _beyond(inside: tuple[int, int], axis: _Axis | None, line: int, image: int) -> tuple[int, int]:
    """The lines of a field, and those outside the image next to it that its window would reach."""
    first, last = inside
    if axis and first == 0 and -_FAR < axis.firsts[line] < 0:
        first = axis.firsts[line]
    if axis and last == image - 1 and image <= axis.lasts[line] < _FAR:
        last = axis.lasts[line]
    return first, last
