"""Where a node that lacks an input may take it from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import takewhile

from engine.layers import Layer, Shape
from engine.layers.convolution import Conv2d
from engine.layers.linear import Linear
from engine.network.edits import connect, insert_on_edge
from engine.network.measuring import measure
from engine.network.names import inside, parent, short_name
from engine.network.nearness import nearest
from engine.network.network import Network
from engine.network.partners import find_partner, partner_edge, partner_words
from engine.network.parts import Edge
from engine.network.problems import Fix, Problem
from engine.network.results import NodeAnalysis

Known = Mapping[str, NodeAnalysis]
_GOES_AROUND = 2  # layers with weights, at least
_ANYWHERE = 1  # as like the start of a shortcut as a node that has enough layers below, but is no way into a block


def feeding(network: Network, known: Known, problem: Problem) -> tuple[Iterator[Fix], Iterator[Fix]]:
    """Connect what fits and goes nowhere yet, the nearest first; and beyond that anything else."""
    name, layer = problem.node, network.layer(problem.node)
    if problem.code != "input_missing" or (layer.partner and problem.port == layer.partner.port):
        return iter(()), iter(())
    given = tuple(shape for shape in known[name].inputs if shape)
    fitting, others = _sources(network, known, name, given)
    among = [*fitting, *others]
    ways = [_connecting(network, known, name, sources, among=among) for sources in (fitting, others)]
    return ways[0], _and_beside(ways[1], name, given if layer.variadic else ())


def feed(network: Network, name: str, sources: Iterable[str], *, beside: Shape | None = None) -> None:
    """Let nodes feed one that lacks inputs, and give it what else it needs.

    A merge of one input gets another by a layer beside the wire, which carries ``beside``; a layer that works with a
    partner gets one in its wire, if none is free above it.
    """
    for source in sources:
        connect(network, source, name)
    edges, layer = network.incoming(name), network.layer(name)
    if layer.variadic and len(edges) == 1 and beside:
        wire = network.connect(edges[0].source, name)
        insert_on_edge(network, keeping(beside), wire, block=parent(name))
    find_partner(network, name)
    if layer.partner and partner_edge(network, name) is None:
        network.connect(insert_on_edge(network, layer.partner.layer(), edges[0]), name, layer.partner.port)


def keeping(shape: Shape) -> Layer:
    """A layer with weights that gives the shape that it gets."""
    if shape.is_vector:
        return Linear(out_features=shape.channels)
    return Conv2d(out_channels=shape.channels, kernel_size=3, padding=1)


def _connecting(network: Network, known: Known, name: str, sources: list[str], *, among: list[str]) -> Iterator[Fix]:
    """Connect a source, with another ``among`` them that goes with it if a merge lacks both."""
    lacks_two = network.layer(name).variadic and not known[name].sources
    for source in sources:
        shape = known[source].output
        assert shape is not None
        both = (source, *_beside(known, network.layer(name), source, among if lacks_two else []))
        called = [_called(one, target=name, among=among) for one in both]
        what = "feeds others too" if network.outgoing(source) else "goes nowhere yet"
        effect = f"{called[0]} {what}; {short_name(name)} then gets its {shape.said}."
        yield Fix(f"Connect {' and '.join(called)}", effect, partial(feed, name=name, sources=both, beside=shape))


def _called(source: str, *, target: str, among: list[str]) -> str:
    """A source in short, or with the blocks around it where one that comes before it is called so."""
    short = short_name(source)
    before = takewhile(lambda other: other != source, among)
    return partner_words(Edge(source, target, "")) if short in map(short_name, before) else short


def _and_beside(fixes: Iterator[Fix], name: str, given: tuple[Shape, ...]) -> Iterator[Fix]:
    """These fixes, and for a merge of one input a layer beside its wire."""
    yield from fixes
    if given:
        effect = f"A layer that keeps {given[0].said} then stands beside the wire into {short_name(name)}."
        yield Fix("Add a path beside", effect, partial(feed, name=name, sources=(), beside=given[0]))


def _sources(network: Network, known: Known, name: str, given: tuple[Shape, ...]) -> tuple[list[str], list[str]]:
    """What goes nowhere yet and fits into a node, the nearest first; and what else may feed it, what fits first."""
    taken = network.downstream(name) | {name, *known[name].sources}
    able = [other for other in network.topological() if other not in taken and known[other].output]
    able = nearest(network, name, (other for other in able if network.layer(other).has_output))
    fits = {shape: _fits(network.layer(name), (*given, shape)) for shape in {known[other].output for other in able}}
    loose = {other for other in able if not network.outgoing(other)}
    fitting = [other for other in able if other in loose and fits[known[other].output]]
    others = [other for other in able if other not in fitting]
    starts = _shortcuts(network, known, name)

    def key(other: str) -> tuple[bool, bool, int]:
        return not fits[known[other].output], other not in loose, starts.get(other, _ANYWHERE)

    return fitting, sorted(others, key=key)


def _shortcuts(network: Network, known: Known, name: str) -> dict[str, int]:
    """What lies above a merge of one input, with how unlike the start of a shortcut each node is.

    A shortcut goes around two layers with weights or more (He et al. 2015, section 3.2), and around all of the block
    that the merge stands in.
    """
    sources = known[name].sources
    if not network.layer(name).variadic or len(sources) != 1:
        return {}
    block, short_of = parent(name), {sources[0]: _GOES_AROUND}
    for other in reversed(network.topological()):
        if other in short_of:
            left = max(short_of[other] - (known[other].multiply_adds > 0), 0)
            short_of |= {above: min(left, short_of.get(above, left)) for above in known[other].sources}
    return {other: left + (not block or inside(other, block)) for other, left in short_of.items()}


def _fits(layer: Layer, shapes: tuple[Shape | None, ...]) -> bool:
    """Whether a layer takes these shapes, as far as they are there."""
    known = tuple(shape for shape in shapes if shape)
    needed = 2 if layer.variadic else len(layer.input_ports)
    return len(known) < needed or measure(layer, known).output is not None


def _beside(known: Known, layer: Layer, first: str, among: list[str]) -> tuple[str, ...]:
    """What goes into a merge with ``first``, if anything does."""
    shape = known[first].output
    return next(((other,) for other in among if other != first and _fits(layer, (shape, known[other].output))), ())
