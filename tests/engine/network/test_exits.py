"""The node by which a block leaves."""

import pytest
from drawings import networks, residual
from hypothesis import given

from engine.layers.activation import ReLU
from engine.network import Network
from engine.network.exits import exit_of, leaves
from engine.network.names import inside


def in_a_block(*edges):
    """Nodes a to d in that order, all but d in a block, and edges among them."""
    network = Network()
    for name in ("block.a", "block.b", "block.c", "d"):
        network.add(ReLU(), name)
    for source, target in edges:
        network.connect(source, target)
    return network


def test_a_node_gives_its_own_output():
    assert exit_of(in_a_block(), "d") == "d"


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([("block.a", "block.b"), ("block.b", "block.c"), ("block.c", "d")], "block.c"),
        ([("block.a", "block.c"), ("block.c", "block.b"), ("block.b", "d")], "block.b"),
        ([("block.a", "block.b"), ("block.a", "block.c"), ("block.b", "d")], "block.b"),
        ([("block.a", "block.c"), ("block.c", "block.b")], "block.b"),
    ],
    ids=["the last", "the last to come in is not the last", "a dead end is passed over", "nothing leaves yet"],
)
def test_a_block_leaves_by_its_last_node_that_feeds_something_outside(edges, expected):
    assert exit_of(in_a_block(*edges), "block") == expected


def test_a_residual_block_leaves_by_its_addition():
    network = residual(depth=2)
    assert exit_of(network, "layer1.0") == "layer1.0.add"
    assert exit_of(network, "layer1") == "layer1.1.add"


@given(networks())
def test_nothing_that_leaves_a_block_comes_after_its_exit(network):
    for block in network.block_prefixes():
        found = exit_of(network, block)
        leaving = [name for name in network.members(block) if leaves(network, name, block)]
        assert inside(found, block)
        assert found in leaving or not leaving
        assert all(network.place(name) <= network.place(found) for name in leaving)
