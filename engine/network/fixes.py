"""Fixes: for each problem the edits that may remove it, each tried out before it is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from engine.layers import Layer, Shape, Suggestion
from engine.layers.convolution import Conv2d
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.linear import Linear
from engine.layers.merge import Concat
from engine.layers.normalisation import BatchNorm2d
from engine.layers.pooling import MaxPool2d
from engine.layers.reshaping import Crop2d, Flatten, Reshape, Upsample, ZeroPad2d, ZeroPadShortcut
from engine.network.edits import insert_on_edge, remove_and_close_gap
from engine.network.measuring import measure
from engine.network.names import leaf, parent
from engine.network.network import Network
from engine.network.partners import partner_edge, partner_words, reads, working_layer
from engine.network.parts import Edge
from engine.network.problems import Fix, Problem
from engine.words import thousands

COST = "{cost}"
SHAPE = "{shape}"


@dataclass(frozen=True)
class Case:
    """A problem at a node, with all that its fixes may depend on: the node, what feeds it and what it feeds."""

    network: Network
    name: str
    problem: Problem
    shapes: tuple[Shape, ...]  # of the inputs that have one
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def layer(self) -> Layer:
        return self.network.layer(self.name)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Edges into the node, in port order."""
        return self.network.incoming(self.name)


Generator = Callable[[Case], Iterator[Fix]]


def verified_fixes(case: Case) -> tuple[Fix, ...]:
    """The fixes that remove a problem without making one beside it; the first gives the assumed shape."""
    if len(case.shapes) < len(case.edges):
        return ()  # the shapes above are not known: any fix would be a guess
    trial = _Trial(case)
    found: dict[str, Fix] = {}
    for generator in (change_settings, *GENERATORS.get(case.problem.code, ()), remove_node):
        for fix in _within_limits(generator, case):
            worked = trial.of(fix)
            if worked and worked.label not in found:
                found[worked.label] = worked
    return tuple(found.values())


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
        with self.copy.rehearsal():
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
        effect = fix.effect.replace(COST, f"({words})").replace(SHAPE, str(shape))
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
    """What the layer itself suggests."""
    for suggestion in case.suggestions:

        def edit(network: Network, settings: Mapping[str, Any] = suggestion.settings) -> None:
            network.set_layer(case.name, case.layer.with_settings(**settings))

        yield Fix(suggestion.label, f"{leaf(case.name)} then gives {SHAPE}.", edit)


def remove_node(case: Case) -> Iterator[Fix]:
    """Take the node out and close the gap."""
    if case.layer.has_output:
        yield Fix(
            f"Remove {leaf(case.name)}",
            f"What feeds {leaf(case.name)} goes on in its place." if case.edges else "Nothing else changes.",
            lambda network: remove_and_close_gap(network, [case.name]),
        )


def insert_flatten(case: Case) -> Iterator[Fix]:
    """Turn a map into a vector, value by value."""
    maps = _inputs(case, lambda shape: shape.is_map)
    if maps:
        shape = maps[0][1]
        effect = f"Flatten turns {shape} into {shape.elements} features (no parameters)."
        yield _inserting("Insert Flatten", effect, case, [(edge, [Flatten()]) for edge, _ in maps])


def insert_global_average(case: Case) -> Iterator[Fix]:
    """Turn a map into a vector, one value a map."""
    for edge, shape in _inputs(case, lambda shape: shape.is_map and shape[1:] != (1, 1)):
        effect = f"Each of the {shape.channels} maps becomes its mean (no parameters)."
        yield _inserting("Insert global average pool", effect, case, [(edge, [GlobalAvgPool(), Flatten()])])


def insert_reshape(case: Case) -> Iterator[Fix]:
    """Turn a vector into maps of one pixel."""
    for edge, shape in _inputs(case, lambda shape: shape.is_vector):
        layer = Reshape(channels=shape.channels, height=1, width=1)
        effect = f"Reshape turns {shape} features into {shape}×1×1 (no parameters)."
        yield _inserting("Insert Reshape", effect, case, [(edge, [layer])])


def insert_projection(case: Case) -> Iterator[Fix]:
    """Give other paths the main path's maps and size by a learned 1×1 convolution (He et al. 2015, option B)."""
    odd = _odd_maps(case)
    strides = [_stride(shape, case.shapes[0]) for _, shape in odd]
    if not odd or None in strides:
        return
    channels, normed = case.shapes[0].channels, isinstance(case.network.layer(case.edges[0].source), BatchNorm2d)
    layers: list[list[Layer]] = []
    for stride in strides:
        conv = Conv2d(out_channels=channels, kernel_size=1, stride=stride, bias=not normed)
        layers.append([conv, BatchNorm2d()] if normed else [conv])
    label = "Insert 1×1 projection"
    with_stride = f"stride {strides[0][0]} and " if strides[0] and strides[0] != (1, 1) else ""
    effect = f"A 1×1 convolution with {with_stride}{channels} maps makes them equal {COST}."
    yield _inserting(label, effect, case, [(edge, chain) for (edge, _), chain in zip(odd, layers, strict=True)])


def resize_with_stride(case: Case) -> Iterator[Fix]:
    """Bring larger maps to the main path's size by max pooling."""
    chains: list[tuple[Edge, list[Layer]]] = []
    sizes: list[tuple[int, int]] = []
    for edge, shape in _odd_maps(case):
        size = (shape.height // case.shapes[0].height, shape.width // case.shapes[0].width)
        if min(size) < 1:
            return
        chains.append((edge, [MaxPool2d(kernel_size=size, stride=size)]))
        sizes.append(size)
    if chains:
        effect = f"A {sizes[0][0]}×{sizes[0][1]} max pool with the same stride makes the sizes equal (no parameters)."
        yield _inserting("Resize with stride", effect, case, chains)


def enlarge(case: Case) -> Iterator[Fix]:
    """Bring smaller maps to the main path's size by repeating pixels."""
    chains: list[tuple[Edge, list[Layer]]] = []
    for edge, shape in _odd_maps(case):
        scale = (case.shapes[0].height // shape.height, case.shapes[0].width // shape.width)
        if min(scale) < 1:
            return
        chains.append((edge, [Upsample(scale=scale)]))
    if chains:
        yield _inserting("Insert Upsample", "Repeating pixels makes the sizes equal (no parameters).", case, chains)


def pad_channels(case: Case) -> Iterator[Fix]:
    """Give other paths more maps, of zeros (He et al. 2015, option A)."""
    main = case.shapes[0]
    odd = _odd_maps(case)
    if not odd or isinstance(case.layer, Concat) or any(shape.channels >= main.channels for _, shape in odd):
        return
    chains: list[tuple[Edge, list[Layer]]] = []
    for edge, shape in odd:
        stride = _stride(shape, main)
        if stride is None:
            return
        chains.append((edge, [ZeroPadShortcut(out_channels=main.channels, stride=stride)]))
    effect = f"Maps of zeros bring the shortcut to {main.channels} channels (no parameters)."
    yield _inserting("Zero-pad the channels", effect, case, chains)


def crop_or_pad(case: Case) -> Iterator[Fix]:
    """Cut the edges of larger maps off, or put zeros around smaller ones."""
    odd = _odd_maps(case)
    for kind, label, what in (
        (Crop2d, "Crop", "Cutting its edges off"),
        (ZeroPad2d, "Pad with zeros", "Putting zeros around it"),
    ):
        chains: list[tuple[Edge, list[Layer]]] = []
        for edge, shape in odd:
            rows, columns = (abs(case.shapes[0][axis] - shape[axis]) for axis in (1, 2))
            sides = {
                "top": rows // 2,
                "bottom": rows - rows // 2,
                "left": columns // 2,
                "right": columns - columns // 2,
            }
            chains.append((edge, [kind(**sides)]))
        if chains:
            height, width = case.shapes[0][1:]
            yield _inserting(label, f"{what} makes it {height}×{width} (no parameters).", case, chains)


def match_features(case: Case) -> Iterator[Fix]:
    """Give other vectors the main path's length by a fully connected layer."""
    main = case.shapes[0]
    odd = _inputs(case, lambda shape: shape.is_vector and shape != main)
    if main.is_vector and odd:
        effect = f"A fully connected layer gives {main} features {COST}."
        chains: list[tuple[Edge, list[Layer]]] = [(edge, [Linear(out_features=main.channels)]) for edge, _ in odd]
        yield _inserting(f"Insert Linear {main}", effect, case, chains)


def project_to_partner(case: Case) -> Iterator[Fix]:
    """Give the map as many channels as its partner gave by a learned 1×1 convolution."""
    naming = partner_edge(case.network, case.name)
    given = measure(case.network.layer(naming.source), case.shapes[1:]).output if naming else None
    if naming and given and case.shapes[0][1:] == given[1:]:
        conv = Conv2d(out_channels=given.channels, kernel_size=1)
        effect = f"A 1×1 convolution gives {given.channels} maps, as {partner_words(naming)} did {COST}."
        yield _inserting("Insert 1×1 projection", effect, case, [(case.edges[0], [conv])])


GENERATORS: dict[str, tuple[Generator, ...]] = {
    "needs_vector": (insert_flatten, insert_global_average),
    "needs_map": (insert_reshape,),
    "switches_differ": (project_to_partner,),
    "inputs_differ": (
        insert_projection,
        resize_with_stride,
        pad_channels,
        crop_or_pad,
        enlarge,
        match_features,
        insert_flatten,
    ),
}
"""For each code, in the order they are offered; before them comes what the layer suggests, after them removing it."""


def _inputs(case: Case, wanted: Callable[[Shape], bool]) -> list[tuple[Edge, Shape]]:
    return [(edge, shape) for edge, shape in zip(case.edges, case.shapes, strict=True) if wanted(shape)]


def _odd_maps(case: Case) -> list[tuple[Edge, Shape]]:
    """The inputs that do not go with the first, if all are maps."""
    main = case.shapes[0]
    if not all(shape.is_map for shape in case.shapes):
        return []
    sizes_only = isinstance(case.layer, Concat)
    return _inputs(case, lambda shape: shape[1:] != main[1:] if sizes_only else shape != main)


def _stride(shape: Shape, main: Shape) -> tuple[int, int] | None:
    """The stride with which a 1×1 window turns the size of ``shape`` into that of ``main``, if there is one."""
    strides = (-(-shape.height // main.height), -(-shape.width // main.width))
    fits = all(-(-shape[axis] // strides[axis - 1]) == main[axis] for axis in (1, 2))
    return strides if fits else None


def _inserting(label: str, effect: str, case: Case, chains: list[tuple[Edge, list[Layer]]]) -> Fix:
    def edit(network: Network) -> None:
        for edge, layers in chains:
            for layer in layers:
                name = insert_on_edge(network, layer, edge, block=parent(case.name))
                edge = Edge(name, edge.target, edge.port)

    return Fix(label, effect, edit)
