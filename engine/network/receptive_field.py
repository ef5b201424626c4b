"""Receptive fields: which part of the image can have an effect on one place of a node's output.

Araujo, Norris & Sim, Computing Receptive Fields of CNNs (Distill 2019) follow regular windows inside an endless image.
Here each row and column of each map is followed, so that borders, crops, enlarging and uneven grids come out exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.layers import Reads, Relaid, Shape
from engine.network import crossed_field, placed_field
from engine.network.crossed_field import CrossedField, pixels
from engine.network.placed_field import PlacedField, placed

MOST_LINES, MOST_PLACES = 2**13, 2**16
"""Maps with more rows or columns, or places that go each their own way, take too long to follow while one draws."""


ReceptiveField = CrossedField | PlacedField
"""The smallest rectangle of the image that holds all pixels that the values at one place depend on.

A place is a row and a column of the output with all its maps; a vector is one place, and maps made of it depend on all
of it. Every weight counts as other than 0, and every maximum as depending on all that it is taken of. ``size`` is that
of the largest one among all places, in pixels, and never more than the image has; ``at`` gives that of one place.
``jump`` is how many pixels the fields of neighbours lie apart inside the image, 0 if they see the same.
"""


def of_input(shape: Shape) -> ReceptiveField | None:
    """One pixel each; None for an image too large to follow."""
    if max(shape.height, shape.width) > MOST_LINES:
        return None
    return CrossedField(pixels(shape.height), pixels(shape.width))


def of_output(fields: Sequence[ReceptiveField | None], reads: Sequence[Reads | Relaid | None]) -> ReceptiveField | None:
    """The field of a layer's output, from that of each input and what it reads of them.

    None where no input has a field, or a map is too large to follow.
    """
    paths = [(field, read) for field, read in zip(fields, reads, strict=True) if field and read]
    if len(paths) == 1 and not paths[0][1].moves:
        return paths[0][0]
    if not paths or any(read.length > MOST_LINES for _, read in paths):
        return None
    crossed = [
        field.through(read) for field, read in paths if isinstance(field, CrossedField) and isinstance(read, Reads)
    ]
    straight, large = len(crossed) == len(paths), any(read.places > MOST_PLACES for _, read in paths)
    if straight and (large or len(paths) == 1 or not any(field.gaps for field in crossed)):
        return crossed_field.together(crossed)  # in a gap of a large map it may take in what another path does not see
    if large:
        return None
    own = [(placed(field) if isinstance(field, CrossedField) else field).through(read) for field, read in paths]
    return placed_field.together(own).simplest()
