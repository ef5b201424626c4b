"""Wherever a fix is applied, what it draws lies upon nothing and its wires run down."""

import pytest

from engine.network import Edge, Network, analyse, blocks
from engine.network.geometry import box_of, child_of
from engine.network.layout import tidy
from engine.network.making_space import boxes_in, overlapping
from engine.network.remote_fixes import all_fixes
from templates import build

DRAWINGS = {"resnet": {"depth": 18}, "googlenet": {}, "densenet": {}}


def expanded(name: str) -> Network:
    network = build(name, **DRAWINGS[name])
    for prefix in network.block_prefixes():
        blocks.expand(network, prefix)
    tidy(network)
    return network


def upon_one_another(network: Network) -> set[frozenset[str]]:
    return {pair for frame in ("", *network.block_prefixes()) for pair in overlapping(boxes_in(network, frame))}


def runs_up(network: Network, edge: Edge) -> bool:
    common = blocks.common_block((edge.source, edge.target))
    source, target = child_of(edge.source, common), child_of(edge.target, common)
    return box_of(network, source).bottom > box_of(network, target).top


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("resnet", {"out_channels": 67}),
        ("resnet", {"stride": (2, 2)}),
        ("googlenet", {"stride": (2, 2)}),
        ("densenet", {"stride": (2, 2)}),
    ],
)
def test_fixes_in_expanded_blocks(name, settings):
    network, tried = expanded(name), 0
    convs = [other for other in network if type(network.layer(other)).__name__ == "Conv2d" and "." in other]
    for conv in convs[1 :: len(convs) // 3]:
        with network.rehearsal():
            network.set_layer(conv, network.layer(conv).with_settings(**settings))
            analysis = analyse(network)
            for problem in (problem for problem in analysis.blocking if problem.node):
                for fix in all_fixes(network, analysis.nodes, problem):
                    before = set(network)
                    with network.rehearsal():
                        fix.edit(network)
                        assert not upon_one_another(network), fix.label
                        added = {other for other in network if other not in before}
                        edges = {
                            edge for other in added for edge in (*network.incoming(other), *network.outgoing(other))
                        }
                        same_frame = {edge for edge in edges if child_ends(edge) & added}
                        assert not any(runs_up(network, edge) for edge in same_frame), fix.label
                        tried += 1
    assert tried


def child_ends(edge: Edge) -> set[str]:
    """What an edge joins in the innermost frame that holds both of its ends."""
    common = blocks.common_block((edge.source, edge.target))
    return {child_of(edge.source, common), child_of(edge.target, common)}
