"""Grouping, renaming and taking apart blocks, and moving layers into them and out."""

import itertools

import pytest
from drawings import chain, residual

from engine.layers.activation import ReLU
from engine.layers.input_output import Input
from engine.network import Network, NetworkError, Point
from engine.network.blocks import group, move_into, rename, ungroup
from engine.network.layout import box_of, is_frame, position_of, tidy


def overlaps(network):
    return {
        frozenset((a, b))
        for prefix in ("", *network.block_prefixes())
        for a, b in itertools.combinations(network.children(prefix), 2)
        if box_of(network, a).overlaps(box_of(network, b))
    }


def straight(*names):
    """A network of activations in a row, tidy."""
    network = Network()
    network.add(Input(), "input")
    for above, name in itertools.pairwise(("input", *names)):
        network.add(ReLU(), name, inputs=above)
    tidy(network)
    return network


@pytest.mark.parametrize("name", ["a", "nothing"])
def test_only_a_block_can_be_taken_apart(name):
    network = Network()
    network.add(Input(), "a")
    with pytest.raises(NetworkError, match=f"'{name}' is no block"):
        ungroup(network, name)


def test_grouping_and_ungrouping_is_there_and_back():
    network = straight("a", "b", "c", "d")
    before = network.copy()
    assert group(network, ["b", "c"], "body") == "body"
    assert list(network) == ["input", "a", "body.b", "body.c", "d"]
    assert is_frame(network, "body")
    assert not overlaps(network)
    assert ungroup(network, "body") == ["b", "c"]
    assert network == before


def test_grouping_without_a_name_takes_the_next_free_one():
    network = straight("a", "b")
    assert group(network, ["a"]) == "block1"
    assert group(network, ["b"]) == "block2"


def test_grouping_a_block_keeps_what_is_noted_of_it():
    network = residual(depth=2)
    group(network, ["layer1", "flatten"], "body")
    assert network.block("body.layer1.0").kind == "BasicBlock"
    assert "layer1.0" not in network.blocks


def test_a_group_that_a_path_leaves_and_enters_again_is_refused():
    network = straight("a", "b", "c")
    with pytest.raises(NetworkError, match="'b' lies on a path between the selected layers"):
        group(network, ["a", "c"])


def test_a_name_taken_outside_gets_the_block_before_it():
    network = Network()
    network.add(ReLU(), "conv")
    network.add(ReLU(), "body.conv")
    network.add(ReLU(), "body.0.x")
    assert ungroup(network, "body") == ["body_conv", "body_0"]


def test_renaming_a_block_keeps_its_notes_and_edges():
    network = residual()
    edges = len(network.edges())
    rename(network, "layer1.0", "layer1.first")
    assert network.block("layer1.first").kind == "BasicBlock"
    assert network.is_block("layer1.first")
    assert not network.is_block("layer1.0")
    assert len(network.edges()) == edges
    with pytest.raises(NetworkError, match="is taken"):
        rename(network, "layer1", "fc")


def test_a_layer_moves_into_a_block_and_out_again():
    network = chain(4)
    names = network.topological()
    tidy(network)
    block = group(network, names[1:3])
    before = network.copy()
    (moved,) = move_into(network, block, {names[3]: Point(32, 304)})
    assert moved == f"{block}.{names[3]}"
    assert network.incoming(moved)[0].source == f"{block}.{names[2]}"
    assert position_of(network, moved) == Point(32, 304)
    assert move_into(network, "", {moved: position_of(before, names[3])}) == [names[3]]
    assert set(network.edges()) == set(before.edges())


def test_a_name_that_is_taken_in_the_other_block_gets_the_old_blocks_name_first():
    network = Network()
    network.add(Input(), "input")
    network.add(ReLU(), "a.relu", inputs="input")
    network.add(ReLU(), "b.relu", inputs="a.relu")
    tidy(network)
    assert move_into(network, "b", {"a.relu": Point(28, 64)}) == ["b.a_relu"]
    assert not network.is_block("a")


def test_a_move_that_would_tear_a_block_apart_is_refused():
    network = chain(5)
    names = network.topological()
    tidy(network)
    block = group(network, names[1:3])
    before = network.copy()
    with pytest.raises(NetworkError, match="come back"):
        network.edit(lambda n: move_into(n, block, {names[4]: Point(28, 400)}))
    with pytest.raises(NetworkError, match="inside itself"):
        network.edit(lambda n: move_into(n, block, {block: Point(0, 0)}))
    with pytest.raises(NetworkError, match="no block"):
        network.edit(lambda n: move_into(n, "nothing", {names[4]: Point(0, 0)}))
    assert network == before
