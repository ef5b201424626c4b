"""The way around a block that lacks its first layer: from where the block begins, with a projection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from engine.layers import Layer, Shape
from engine.layers.convolution import Conv2d
from engine.layers.normalisation import BatchNorm2d
from engine.network.edits import insert_on_edge
from engine.network.measuring import measure
from engine.network.names import inside, parent, short_name
from engine.network.network import Network
from engine.network.problems import Fix, Problem
from engine.network.results import NodeAnalysis

Known = Mapping[str, NodeAnalysis]


def projecting(network: Network, known: Known, problem: Problem) -> Iterator[Fix]:
    """Feed a node from what enters its block by a learned 1×1 convolution (He et al. 2015, section 3.3, option B).

    The convolution gives what the merge that ends the block gets already.
    """
    name = problem.node
    merge = _merge_below(network, name) if problem.code == "input_missing" else ""
    wanted = next(filter(None, known[merge].inputs), None) if merge else None
    if wanted is None:
        return
    normed = isinstance(network.layer(name), BatchNorm2d)
    for source in _ways_in(network, parent(merge)):
        conv = _projection(known[source].output, wanted, normed=normed)
        if conv is not None:
            gives = f"then gives the {wanted.said} that {short_name(merge)} needs"
            effect = f"A 1×1 convolution after {short_name(source)} {gives}."
            yield Fix("Insert 1×1 projection", effect, partial(_project, source=source, name=name, conv=conv))


def _merge_below(network: Network, name: str) -> str:
    """The merge in a block that one path leads to from a node; "" if there is none."""
    while len(below := network.outgoing(name)) == 1:
        name = below[0].target
        if network.layer(name).variadic:
            return name if parent(name) else ""
    return ""


def _ways_in(network: Network, block: str) -> list[str]:
    """The nodes outside a block that feed nodes in it."""
    edges = (edge for member in network.members(block) for edge in network.incoming(member))
    return list(dict.fromkeys(edge.source for edge in edges if not inside(edge.source, block)))


def _projection(shape: Shape | None, wanted: Shape, *, normed: bool) -> Layer | None:
    """The 1×1 convolution that makes one map the other, if there is one."""
    if shape is None or not (shape.is_map and wanted.is_map):
        return None
    stride = tuple(-(-given // size) for given, size in zip(shape[1:], wanted[1:], strict=True))
    conv = Conv2d(out_channels=wanted.channels, kernel_size=1, stride=stride, bias=not normed)
    return conv if measure(conv, (shape,)).output == wanted else None


def _project(network: Network, *, source: str, name: str, conv: Layer) -> None:
    insert_on_edge(network, conv, network.connect(source, name), block=parent(name))
