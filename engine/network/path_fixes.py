"""Fixes that set a layer further up a path, so that it goes with the other paths into a node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from operator import itemgetter
from typing import Any

from engine.layers import Layer, Shape, Suggestion
from engine.layers.merge import Concat
from engine.network.measuring import measure
from engine.network.names import parent, short_name
from engine.network.network import Network
from engine.network.partners import partner_words
from engine.network.parts import Edge
from engine.network.problems import Fix, Problem
from engine.network.results import NodeAnalysis, State

Known = Mapping[str, NodeAnalysis]
Size = tuple[int, ...]
Path = tuple[str, Shape]
"""The node that feeds the one with the problem, and what it gives."""


def matching(network: Network, known: Known, problem: Problem) -> Iterator[Fix]:
    """Let paths give as many channels, or as large maps, as another path or a max pool gives."""
    node = known[problem.node]
    paths = [(source, shape) for source, shape in zip(node.sources, node.inputs, strict=True) if shape]
    if problem.code == "switches_differ":
        pooled = known[node.sources[1]].output
        if pooled:
            yield from _match_channels(known, paths[:1], [pooled])
            yield from _match_sizes(network, known, paths[:1], [pooled], problem.node)
    elif problem.code == "inputs_differ":
        shapes = [shape for _, shape in paths]
        if not isinstance(node.layer, Concat):
            yield from _match_channels(known, paths, shapes)
        if all(shape.is_map for shape in shapes):
            yield from _match_sizes(network, known, paths, shapes, problem.node)


def against_most(known: Known, name: str, output: Shape | None) -> bool:
    """Whether a merge would give the channels of an image where most of the network has those of another input."""
    node, usual = known[name], _usual_channels(known)
    paths = [(source, shape) for source, shape in zip(node.sources, node.inputs, strict=True) if shape]
    origins = [known[_origin(known, source)] for source, shape in paths if shape == output]
    if output is None or not origins or any(origin.sources for origin in origins):
        return False
    return any(usual[shape.channels] > usual[output.channels] for _, shape in paths)


def _match_channels(known: Known, paths: list[Path], shapes: list[Shape]) -> Iterator[Fix]:
    """Let the layer that decides one path's channels give as many as one of these shapes has.

    First come as many as most of the network has; of equals, the main path changes.
    """
    usual = _usual_channels(known)
    last_first = list(dict.fromkeys(shapes))[::-1]
    for wanted in sorted(last_first, key=lambda shape: -usual[shape.channels]):
        for source, shape in paths:
            name = _decides_channels(known, source) if shape[1:] == wanted[1:] and shape != wanted else ""
            if name:
                layer = known[name].layer
                effect = f"{short_name(name)} then gives {wanted.channels} in place of {shape.channels}."
                edit = partial(_set, name=name, layer=layer, settings={layer.width_setting: wanted.channels})
                yield Fix(f"Set {short_name(name)} to {wanted.channels}", effect, edit)


def _decides_channels(known: Known, name: str) -> str:
    """The layer, up one path, whose setting gives the channels of a node; "" if paths meet before."""
    origin = _origin(known, name)
    return origin if _has_width(known[origin]) else ""


def _origin(known: Known, name: str) -> str:
    """The node, up one path, that gives as many channels as this one and does not merely hand them on."""
    while not _has_width(known[name]):
        node = known[name]
        if len(node.sources) != 1 or not (node.inputs[0] and node.output):
            break
        if node.inputs[0].channels != node.output.channels:
            break
        name = node.sources[0]
    return name


def _has_width(node: NodeAnalysis) -> bool:
    return bool(node.layer.width_setting) and not node.layer.gives_scores


def _match_sizes(network: Network, known: Known, paths: list[Path], shapes: list[Shape], target: str) -> Iterator[Fix]:
    """Set each path whose maps are of another size than that of most of these shapes, if all such paths can be.

    Of equals, a stride or padding that a layer came with changes before one that somebody chose, a kernel last of all;
    then the size stays that most of the network has.
    """
    given, usual = Counter(shape[1:] for shape in shapes), _usual_sizes(known)
    found: list[tuple[tuple[bool, bool, int], list[Fix]]] = []
    for size in (size for size in given if given[size] == max(given.values())):
        ways = [_ways_to(network, known, source, size) for source, shape in paths if shape[1:] != size]
        if ways and all(ways):
            first = [way[0] for way in ways]
            alternatives = ways[0] if len(ways) == 1 else first[:1]
            beside = [resizing.fix(network, target) for resizing in first[1:]]
            fixes = [reduce(Fix.then, beside, resizing.fix(network, target)) for resizing in alternatives]
            rank = any(one.new_kernel for one in first), any(one.was_chosen for one in first), -usual[size]
            found.append((rank, fixes))
    for _, fixes in sorted(found, key=itemgetter(0)):
        yield from fixes


@dataclass(frozen=True)
class _Resizing:
    """Settings of one layer, with which maps ``x`` come out of another size."""

    name: str
    layer: Layer
    x: Shape
    suggestion: Suggestion

    @property
    def after(self) -> Layer:
        return self.layer.with_settings(**self.suggestion.settings)

    @property
    def keeps(self) -> bool:
        """Whether its maps then stay as large as they come."""
        return self.after.output_shape(self.x)[1:] == self.x[1:]

    @property
    def new_kernel(self) -> bool:
        """Whether it then reads other windows, with other weights."""
        return self.layer.size_setting in self.suggestion.settings

    @property
    def was_chosen(self) -> bool:
        """Whether somebody had changed what it changes."""
        usual = type(self.layer)()
        return any(getattr(self.layer, name) != getattr(usual, name) for name in self.suggestion.settings)

    @property
    def leaps(self) -> bool:
        """Whether its windows then leave pixels out."""
        window = self.after.window(self.x)
        return window is not None and any(map(int.__gt__, window.stride, window.kernel))

    def fix(self, network: Network, target: str) -> Fix:
        short = short_name(self.name)
        beside = [short_name(other) for other in (network.members(parent(target)) if parent(target) else network)]
        name = short if beside.count(short) == 1 else partner_words(Edge(self.name, target))
        before, after = (layer.output_shape(self.x) for layer in (self.layer, self.after))
        edit = partial(_set, name=self.name, layer=self.layer, settings=self.suggestion.settings)
        return Fix(f"Set {name} to {self.suggestion.label}", f"{name} then gives {after} in place of {before}.", edit)


def _ways_to(network: Network, known: Known, name: str, size: Size) -> list[_Resizing]:
    """Settings of layers up one path with which maps of this size come out at its end, the likeliest first.

    One that keeps the size is likelier than one that changes it. A stride belongs to the first window on the path that
    then leaves nothing out.
    """
    found: list[_Resizing] = []
    below: list[Layer] = []
    while len(network.outgoing(name)) == 1 and len(known[name].sources) == 1 and not known[name].bypassed:
        node = known[name]
        x = node.inputs[0]
        if x is None or not x.is_map or node.problem:
            break
        tried = dict.fromkeys((x[1:], size))
        here = [_Resizing(name, node.layer, x, way) for wanted in tried for way in node.layer.resizing(x, wanted)]
        found[:0] = [one for one in here if _through(below, one.after.output_shape(x)) == size]
        below.insert(0, node.layer)
        name = node.sources[0]
    return sorted(found, key=lambda one: (not one.keeps, one.leaps))


def _through(layers: list[Layer], shape: Shape) -> Size | None:
    """The size that maps have after layers in a row, if these take them."""
    for layer in layers:
        output = measure(layer, (shape,)).output
        if output is None:
            return None
        shape = output
    return shape[1:]


def _usual_channels(known: Known) -> Counter[int]:
    """How many nodes give each number of channels."""
    return Counter(node.output.channels for node in known.values() if node.state is State.KNOWN and node.output)


def _usual_sizes(known: Known) -> Counter[Size]:
    return Counter(node.output[1:] for node in known.values() if node.state is State.KNOWN and node.output)


def _set(network: Network, *, name: str, layer: Layer, settings: Mapping[str, Any]) -> None:
    network.set_layer(name, layer.with_settings(**settings))
