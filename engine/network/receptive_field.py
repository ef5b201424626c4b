"""Receptive fields, by the recurrences of Araujo, Norris & Sim, Computing Receptive Fields of CNNs (Distill 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.layers import Shape, Window

Pair = tuple[int, int]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """The part of the input that one value depends on, in input pixels, rows first.

    ``size`` pixels; neighbours in this node's output are ``jump`` input pixels apart; the centre of the first
    value's field lies at ``start`` (0.5 is the middle of the first pixel). ``image`` is the size of the input; a
    field may reach beyond it into the padding.
    """

    size: Pair
    jump: Place
    start: Place
    image: Pair = (0, 0)


def of_input(shape: Shape) -> ReceptiveField:
    """One pixel each."""
    return ReceptiveField((1, 1), (1.0, 1.0), (0.5, 0.5), (shape.height, shape.width))


def of_output(
    before: Sequence[ReceptiveField], window: Window | None, x: Shape, output: Shape
) -> ReceptiveField | None:
    """The field of a layer's output, from the fields and the first shape of its inputs; None if no input has one.

    A layer whose output has no rows and columns, or only one of each without a window, sees the whole input.
    """
    if not before:
        return None
    field = before[0] if len(before) == 1 else _widest(before)
    if window is None and x == output and x.is_map:
        return field
    if not output.is_map or (window is None and output[1:] == (1, 1) != x[1:]):
        height, width = field.image
        return ReceptiveField(field.image, (0.0, 0.0), (height / 2, width / 2), field.image)
    if not x.is_map:
        return field
    axes = [_along(field, window, x, output, axis) for axis in (0, 1)]
    size, jump, start = zip(*axes, strict=True)
    return ReceptiveField(size, jump, start, field.image)


def _widest(fields: Sequence[ReceptiveField]) -> ReceptiveField:
    """For each direction the widest; where paths meet, the value depends on all of them."""
    rows, columns = (max(fields, key=lambda field: (field.size[axis], field.image[axis])) for axis in (0, 1))
    return ReceptiveField(
        (rows.size[0], columns.size[1]),
        (rows.jump[0], columns.jump[1]),
        (rows.start[0], columns.start[1]),
        (rows.image[0], columns.image[1]),
    )


def _along(
    field: ReceptiveField, window: Window | None, x: Shape, output: Shape, axis: int
) -> tuple[int, float, float]:
    size, jump, start = field.size[axis], field.jump[axis], field.start[axis]
    before, after = x[axis + 1], output[axis + 1]
    if window is not None:
        reach = window.dilation[axis] * (window.kernel[axis] - 1)
        size += round(reach * jump)
        start += (reach / 2 - window.padding[axis]) * jump
        stride = window.stride[axis] if after <= before else before / after
        return size, jump * stride, start
    if after > before and after % before == 0:  # each value is repeated, or blended with its neighbours
        finer = jump * before / after
        return size, finer, start - jump / 2 + finer / 2
    return size, jump, start + (before - after) / 2 * jump  # padded or cropped, alike on both sides
