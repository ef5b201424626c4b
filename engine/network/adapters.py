"""Fixes for a layer that nothing simpler helps: layers before it that make what it can take of anything."""

from __future__ import annotations

from collections.abc import Iterator

from engine.layers import Layer, Shape
from engine.layers.global_pooling import AdaptiveAvgPool2d
from engine.layers.linear import Linear
from engine.layers.reshaping import Flatten, Reshape, Upsample
from engine.network.cases import COST, Case, Generator, inserting, with_what_else
from engine.network.names import short_name
from engine.network.problems import Fix
from engine.words import counted, thousands

_MAPS = 16
_SIDES = (4, 8, 16, 32, 64)  # px


def enlarge_maps(case: Case) -> Iterator[Fix]:
    """Repeat the pixels of a map that is too small, as often as the layer needs."""
    shape = case.shapes[0]
    for scale in (2, 4, 8, 16, 32, 64) if shape.is_map else ():
        larger = Shape(shape.channels, shape.height * scale, shape.width * scale)
        effect = f"Repeating pixels makes it {larger.height}×{larger.width} (no parameters)."
        layers: list[Layer] = [Upsample(scale=(scale, scale))]
        yield with_what_else(case, inserting("Insert Upsample", effect, case, [(case.edges[0], layers)]), (larger,))


def learn_maps(case: Case) -> Iterator[Fix]:
    """Make maps of a vector by a fully connected layer, as large as the layer needs."""
    for side in _SIDES if case.shapes[0].is_vector else ():
        maps = Shape(_MAPS, side, side)
        layers: list[Layer] = [Linear(out_features=maps.elements), Reshape(channels=_MAPS, height=side, width=side)]
        effect = f"A fully connected layer gives the values of {maps} {COST}."
        fix = inserting("Insert Linear and Reshape", effect, case, [(case.edges[0], layers)])
        yield with_what_else(case, fix, (maps,))


def give_as_many(case: Case) -> Iterator[Fix]:
    """Give a layer that arranges values anew as many as it needs: by averaging maps, and by learning."""
    if isinstance(case.layer, Reshape):
        shape, wanted = case.shapes[0], Shape(*(getattr(case.layer, name) for name in case.layer.map_settings))
        layers: list[Layer] = [AdaptiveAvgPool2d(output_size=wanted[1:])] if shape.is_map else []
        if not shape.is_map or shape.channels != wanted.channels:
            layers += [*([Flatten()] if shape.is_map else []), Linear(out_features=wanted.elements)]
        label = (
            f"Average and give {counted(wanted.elements, 'value')}"
            if shape.is_map
            else f"Insert Linear {thousands(wanted.elements)}"
        )
        effect = f"{short_name(case.name)} then gets as many as it arranges {COST}."
        yield inserting(label, effect, case, [(case.edges[0], layers)])


ADAPTERS: tuple[Generator, ...] = (enlarge_maps, learn_maps, give_as_many)
"""Tried in this order."""
