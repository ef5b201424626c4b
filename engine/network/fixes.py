"""Fixes: for each problem the edits that may remove it, each tried out before it is offered."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from pydantic import ValidationError

from engine.layers import Layer, Shape
from engine.layers.connection_table import PartiallyConnectedConv2d
from engine.layers.convolution import Conv2d
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.normalisation import GroupNorm
from engine.layers.reshaping import Flatten, Reshape
from engine.network.adapters import ADAPTERS
from engine.network.cases import COST, SHAPE, Case, Generator, inputs_that, inserting, settled, with_what_else
from engine.network.edits import remove_and_close_gap
from engine.network.measuring import measure
from engine.network.merge_fixes import MERGE_FIXES
from engine.network.names import short_name
from engine.network.network import Network
from engine.network.partners import partner_edge, partner_words, reads, working_layer
from engine.network.parts import Edge
from engine.network.problems import Fix
from engine.words import counted, thousands


def verified_fixes(case: Case) -> tuple[Fix, ...]:
    """The fixes that remove a problem without making one beside it; the first gives the assumed shape."""
    if len(case.shapes) < len(case.edges):
        return tuple(fix for fix in remove_node(case) if _leaves_all_fed(case, fix))  # any other would be a guess
    trial = _Trial(case)
    found: dict[str, Fix] = {}

    def take(generator: Generator) -> None:
        for fix in _within_limits(generator, case):
            worked = trial.of(fix) if fix.label not in found else None
            if worked:
                found[worked.label] = worked

    for generator in (change_settings, *GENERATORS.get(case.problem.code, ())):
        take(generator)
    for generator in ADAPTERS if len(case.edges) == 1 == len(case.layer.input_ports) else ():
        if not found:
            take(generator)
    take(remove_node)
    return tuple(found.values())


def _leaves_all_fed(case: Case, fix: Fix) -> bool:
    """Whether all that the node feeds has an input in its place after a fix that removes it."""
    network, outgoing = case.network, case.network.outgoing(case.name)
    with network.rehearsal(places=False):
        fix.edit(network)
        return all(any(other.port == edge.port for other in network.incoming(edge.target)) for edge in outgoing)


def _within_limits(generator: Generator, case: Case) -> Iterator[Fix]:
    """The fixes up to one that would need a layer with a setting beyond what is allowed."""
    with suppress(ValidationError):
        yield from generator(case)


class _Trial:
    """A copy of the node and its neighbours alone, in which fixes are tried."""

    def __init__(self, case: Case) -> None:
        self.case = case
        network, name = case.network, case.name
        self.outgoing = network.outgoing(name)
        read = reads(network, name)
        self.given = {source: shape for source, shape in zip(read, case.shapes, strict=True) if source}
        self.copy = Network()
        naming = partner_edge(network, name)
        into_partner = [edge for edge in network.incoming(naming.source) if edge.source in read] if naming else []
        edges = dict.fromkeys((*into_partner, *case.edges, *self.outgoing))
        for neighbour in dict.fromkeys((name, *(end for edge in edges for end in edge[:2]))):
            self.copy.add(network.layer(neighbour), neighbour)
        for edge in edges:
            self.copy.connect(*edge)
        self.before = set(self.copy)

    def of(self, fix: Fix) -> Fix | None:
        """The fix with its shape and cost filled in, or None if it does not work."""
        with self.copy.rehearsal(places=False):
            try:
                fix.edit(self.copy)
            except ValidationError:  # a setting beyond what is allowed
                return None
            return self._outcome(fix)

    def _outcome(self, fix: Fix) -> Fix | None:
        name, copy, shapes = self.case.name, self.copy, dict(self.given)
        cost = 0
        for other in copy.topological():
            if other not in self.before or other == name:
                inputs = tuple(shapes[source] for source in reads(copy, other) if source in shapes)
                if not inputs or len(inputs) < (
                    2 if copy.layer(other).variadic else len(copy.layer(other).input_ports)
                ):
                    return None
                found = measure(working_layer(copy, other), inputs)
                if found.output is None:
                    return None
                shapes[other] = found.output
                cost += found.parameters if other != name else 0
        if name not in copy and not self._still_fed():
            return None
        shape = shapes.get(name) or self._passed_on(shapes)
        words = f"+{thousands(cost)} params" if cost else "no parameters"
        effect = fix.effect.replace(COST, f"({words})").replace(SHAPE, shape.said if shape else "nothing")
        return replace(fix, effect=effect, assumed=shape)

    def _still_fed(self) -> bool:
        """Whether the nodes below have their inputs once the node itself is gone."""
        return all(any(e.port == edge.port for e in self.copy.incoming(edge.target)) for edge in self.outgoing)

    def _passed_on(self, shapes: dict[str, Shape]) -> Shape | None:
        """What reaches the nodes below once the node itself is gone; None if there are none."""
        for edge in self.outgoing:
            return next(shapes[e.source] for e in self.copy.incoming(edge.target) if e.port == edge.port)
        return None


def change_settings(case: Case) -> Iterator[Fix]:
    """What the layer itself suggests, and what it then suggests for what is still wrong."""
    for suggestion in case.suggestions:
        try:
            label, layer = settled(case.layer, case.shapes, suggestion)
        except ValidationError:  # a setting beyond what is allowed
            continue

        def edit(network: Network, layer: Layer = layer) -> None:
            network.set_layer(case.name, layer)

        yield Fix(label, f"{short_name(case.name)} then gives {SHAPE}.", edit)


def remove_node(case: Case) -> Iterator[Fix]:
    """Take the node out and close the gap."""
    if case.layer.has_output:
        yield Fix(
            f"Remove {short_name(case.name)}",
            f"What feeds {short_name(case.name)} goes on in its place." if case.edges else "Nothing else changes.",
            lambda network: remove_and_close_gap(network, [case.name]),
            removes=True,
        )


def insert_flatten(case: Case) -> Iterator[Fix]:
    """Turn a map into a vector, value by value."""
    maps = inputs_that(case, lambda shape: shape.is_map)
    if maps:
        shape = maps[0][1]
        effect = f"Flatten turns {shape} into {counted(shape.elements, 'feature')} (no parameters)."
        yield inserting("Insert Flatten", effect, case, [(edge, [Flatten()]) for edge, _ in maps])


def insert_global_average(case: Case) -> Iterator[Fix]:
    """Turn a map into a vector, one value a map."""
    for edge, shape in inputs_that(case, lambda shape: shape.is_map and shape[1:] != (1, 1)):
        what = f"Each of the {thousands(shape.channels)} maps" if shape.channels > 1 else "The map"
        effect = f"{what} becomes its mean (no parameters)."
        yield inserting("Insert global average pool", effect, case, [(edge, [GlobalAvgPool(), Flatten()])])


def insert_reshape(case: Case) -> Iterator[Fix]:
    """Turn a vector into maps: those that it was flattened from, square ones, or one pixel each."""
    for edge, shape in inputs_that(case, lambda shape: shape.is_vector):
        for maps in dict.fromkeys((*_flattened_from(case, edge), *_square(shape), Shape(shape.channels, 1, 1))):
            layer = Reshape(channels=maps.channels, height=maps.height, width=maps.width)
            effect = f"Reshape turns {shape.said} into {maps} (no parameters)."
            fix = inserting("Insert Reshape", effect, case, [(edge, [layer])])
            fed = zip(case.edges, case.shapes, strict=True)
            yield with_what_else(case, fix, tuple(maps if other == edge else given for other, given in fed))


def _flattened_from(case: Case, edge: Edge) -> Iterator[Shape]:
    """The maps that a vector was, where a Flatten that is fed with known maps gave it."""
    if isinstance(case.network.layer(edge.source), Flatten):
        yield from (shape for shape in case.above.get(edge.source, ()) if shape is not None and shape.is_map)


def _square(vector: Shape) -> Iterator[Shape]:
    """The largest square maps, of 3×3 or more, that a vector's features fill."""
    for edge in range(math.isqrt(vector.channels), 2, -1):
        if vector.channels % edge**2 == 0:
            yield Shape(vector.channels // edge**2, edge, edge)
            return


def project_to_table(case: Case) -> Iterator[Fix]:
    """Give as many maps as a connection table reads."""
    if isinstance(case.layer, PartiallyConnectedConv2d):
        maps = case.layer.reads
        effect = f"A 1×1 convolution gives the {counted(maps, 'map')} that the table reads {COST}."
        conv = Conv2d(out_channels=maps, kernel_size=1)
        fix = inserting("Insert 1×1 projection", effect, case, [(case.edges[0], [conv])])
        yield with_what_else(case, fix, (Shape(maps, *case.shapes[0][1:]),))


def use_group_norm(case: Case) -> Iterator[Fix]:
    """Normalise over all values of an image where a map has one alone."""

    def edit(network: Network) -> None:
        network.set_layer(case.name, GroupNorm(groups=1))

    effect = f"{short_name(case.name)} then normalises over all maps together, of which each has one value."
    yield Fix("Use group norm with one group", effect, edit)


def project_to_partner(case: Case) -> Iterator[Fix]:
    """Give the map as many channels as its partner gave by a learned 1×1 convolution."""
    naming = partner_edge(case.network, case.name)
    given = measure(case.network.layer(naming.source), case.shapes[1:]).output if naming else None
    if naming and given and case.shapes[0][1:] == given[1:]:
        conv = Conv2d(out_channels=given.channels, kernel_size=1)
        effect = f"A 1×1 convolution gives {counted(given.channels, 'map')}, as {partner_words(naming)} did {COST}."
        yield inserting("Insert 1×1 projection", effect, case, [(case.edges[0], [conv])])


GENERATORS: dict[str, tuple[Generator, ...]] = {
    "needs_vector": (insert_flatten, insert_global_average),
    "needs_map": (insert_reshape,),
    "switches_differ": (project_to_partner,),
    "inputs_differ": (*MERGE_FIXES, insert_flatten),
    "table_too_large": (project_to_table,),
    "one_value_a_map": (use_group_norm,),
}
"""For each code, in the order they are offered; before them comes what the layer suggests, after them removing it."""
