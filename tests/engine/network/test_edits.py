"""Compound edits: what they connect, where they put things, and that undo restores everything."""

import contextlib
import itertools

import pytest
from drawings import chain, networks, residual
from hypothesis import given
from hypothesis import strategies as st

from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.merge import Add
from engine.network import Edge, Network, NetworkError, Point
from engine.network.blocks import collapse, expand, group, ungroup
from engine.network.clipboard import duplicate, fragment_to_json, insert_fragment
from engine.network.edits import (
    add_after,
    add_before,
    bypass,
    freeze,
    insert_on_edge,
    move,
    remove,
    remove_and_close_gap,
)
from engine.network.layout import box_of, position_of, size_of, tidy
from templates import TEMPLATES, build


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


def flow(network):
    """Pairs that are connected."""
    return {(edge.source, edge.target) for edge in network.edges()}


def test_a_layer_dropped_on_a_wire_reconnects_both_ends_and_moves_what_is_below():
    network = straight("a", "b")
    before = position_of(network, "b")
    name = insert_on_edge(network, ReLU(), Edge("a", "b"))
    assert flow(network) == {("input", "a"), ("a", name), (name, "b")}
    assert position_of(network, "b") == (before.x, before.y + 64)
    assert not overlaps(network)


def test_a_layer_in_a_shortcut_stands_right_of_the_main_path():
    network = residual(collapsed=False)
    tidy(network)
    edge = next(edge for edge in network.incoming("layer1.0.add") if edge.source == "input")
    frame = size_of(network, "layer1.0")
    name = insert_on_edge(network, Conv2d(kernel_size=1), edge, block="layer1.0")
    assert network.incoming("layer1.0.add")[1] == Edge(name, "layer1.0.add", edge.port)
    assert not overlaps(network)
    assert size_of(network, "layer1.0").height >= frame.height


def test_output_cannot_stand_in_a_wire():
    with pytest.raises(NetworkError, match="cannot stand in a wire"):
        insert_on_edge(straight("a", "b"), Output(), Edge("a", "b"))


def test_a_layer_added_after_another_takes_over_what_that_fed():
    network = residual()
    name = add_after(network, ReLU(), "input")
    assert {edge.target for edge in network.outgoing("input")} == {name}
    assert {edge.target for edge in network.outgoing(name)} == {"layer1.0.conv1", "layer1.0.add"}


def test_a_layer_added_after_a_block_follows_its_output():
    network = residual()
    name = add_after(network, ReLU(), "layer1")
    assert flow(network) >= {("layer1.0.add", name), (name, "flatten")}


def test_an_output_added_after_a_layer_branches_off():
    network = straight("a", "b")
    name = add_after(network, Output(), "a")
    assert flow(network) >= {("a", "b"), ("a", name)}


def test_a_layer_added_to_nothing_below_stands_below():
    network = straight("a")
    name = add_after(network, ReLU(), "a")
    assert position_of(network, name).x == position_of(network, "a").x
    assert box_of(network, name).top > box_of(network, "a").bottom


def test_a_layer_added_before_feeds_a_free_port():
    network = Network()
    network.add(ReLU(), "relu")
    tidy(network)
    name = add_before(network, Input(), "relu", "input")
    assert flow(network) == {(name, "relu")}
    assert box_of(network, name).bottom < box_of(network, "relu").top


def test_removing_closes_the_gap():
    network = straight("a", "b", "c")
    before = position_of(network, "b")
    remove_and_close_gap(network, ["b"])
    assert flow(network) == {("input", "a"), ("a", "c")}
    assert position_of(network, "c") == before


def test_removing_a_block_with_its_shortcuts_connects_what_fed_it():
    network = residual(depth=2)
    remove_and_close_gap(network, ["layer1.0"])
    assert {edge.source for edge in network.incoming("layer1.1.conv1")} == {"input"}
    assert "layer1.0" not in network.blocks


def test_removing_an_input_leaves_what_it_fed_open():
    network = straight("a")
    remove_and_close_gap(network, ["input"])
    assert network.incoming("a") == ()


def test_removing_without_closing_leaves_the_rest_where_it_is():
    network = straight("a", "b", "c")
    before = position_of(network, "c")
    remove(network, ["b"])
    assert flow(network) == {("input", "a")}
    assert position_of(network, "c") == before


def test_moving_a_member_up_moves_the_frame_and_nothing_else_on_screen():
    network = residual(collapsed=False)
    tidy(network)

    def place(name):
        frames = [name.rsplit(".", depth)[0] for depth in range(name.count(".") + 1)]
        return tuple(map(sum, zip(*(position_of(network, frame) for frame in frames), strict=True)))

    names = [name for name in network if name != "layer1.0.conv2"]
    before = {name: place(name) for name in names}
    move(network, ["layer1.0.conv2"], -40, 0)
    inside = [name for name in names if name.startswith("layer1")]
    assert {name: place(name) for name in inside} == {name: before[name] for name in inside}


def test_freezing_a_block_freezes_its_nodes():
    network = residual()
    freeze(network, ["layer1"])
    assert all(network[name].frozen for name in network.members("layer1"))
    freeze(network, ["layer1"], frozen=False)
    assert not any(network[name].frozen for name in network)


def test_only_a_layer_with_one_input_can_be_bypassed():
    network = residual()
    bypass(network, ["layer1"])
    assert network["layer1.0.conv1"].bypassed
    assert not network["layer1.0.add"].bypassed
    with pytest.raises(NetworkError, match=r"layer1.0.add cannot be bypassed"):
        bypass(network, ["layer1.0.add"])


def test_expanding_makes_room_and_collapsing_takes_it_back():
    network = residual(depth=3)
    for prefix in ("layer1", "layer1.1"):
        network.set_block(prefix, collapsed=True)
    tidy(network)
    before = network.copy()
    expand(network, "layer1")
    expand(network, "layer1.1")
    assert not overlaps(network)
    middles = {position_of(network, n).x + 100 for n in ("input", "flatten", "fc")}
    assert len(middles) == 1
    collapse(network, "layer1.1")
    collapse(network, "layer1")
    assert network == before


def test_a_copy_keeps_its_inner_edges_and_with_wires_its_inputs():
    network = residual()
    assert duplicate(network, ["fc"]) == ["fc1"]
    assert network.incoming("fc1") == ()
    assert duplicate(network, ["layer1"], wires=True) == ["layer2"]
    assert {edge.source for edge in network.incoming("layer2.0.conv1")} == {"input"}
    assert Edge("layer2.0.conv1", "layer2.0.relu1") in network.edges()
    assert network.block("layer2.0").kind == "BasicBlock"


def test_a_copied_part_can_be_pasted_into_another_network():
    network = residual()
    tidy(network)
    text = fragment_to_json(network, ["layer1.0", "fc"])
    other = Network()
    assert insert_fragment(other, text) == ["layer1", "fc"]
    assert insert_fragment(other, text, block="body") == ["body.layer1", "body.fc"]


def test_several_layers_of_one_kind_are_copied_at_once():
    network = Network()
    network.add(Conv2d(), "conv1")
    network.add(Conv2d(), "conv2", inputs="conv1")
    text = fragment_to_json(network, ["conv1", "conv2"])
    assert duplicate(network, ["conv1", "conv2"]) == ["conv3", "conv4"]
    assert Edge("conv3", "conv4", "input") in network.edges()
    assert insert_fragment(network, text) == ["conv5", "conv6"]
    other = Network()
    other.add(Conv2d(), "conv1")
    assert insert_fragment(other, text) == ["conv3", "conv2"]  # the name that is free is kept


@pytest.mark.parametrize("name", TEMPLATES)
def test_all_of_a_template_is_copied_beside_itself(name):
    network = build(name)
    tidy(network)
    whole = network.copy()
    copies = duplicate(network, whole.children(""))
    assert len(copies) == len(whole.children("")) == len(set(copies))
    assert len(network) == 2 * len(whole)
    assert len(network.edges()) == 2 * len(whole.edges())
    assert not overlaps(network)


def test_a_member_that_is_only_a_number_gets_a_name_of_its_own_outside():
    network = Network()
    network.add(ReLU(), "features.0")
    other = Network()
    assert insert_fragment(other, fragment_to_json(network, ["features.0"])) == ["relu1"]
    assert insert_fragment(network, fragment_to_json(network, ["features.0"]), block="features") == ["features.1"]


@pytest.mark.parametrize("text", ["", "hello", "[]", "{}", '{"format": "layerloom-fragment"}', "[" * 100_000])
def test_a_clipboard_without_layers_says_so(text):
    with pytest.raises(Exception, match="The clipboard holds no layers"):
        insert_fragment(Network(), text)


@st.composite
def edits(draw, *, by_hand: bool):
    """A tidy random network and one edit that it allows."""
    network = draw(networks())
    if not len(network):
        network = chain(3)
    tidy(network)
    names = [*network, *network.block_prefixes()]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
    layer = draw(st.sampled_from([ReLU(), Conv2d(), Add()]))
    offset = draw(st.tuples(st.integers(-200, 200), st.integers(-200, 200)))
    edges = network.edges()
    blocks = network.block_prefixes()
    found = [
        lambda n: add_after(n, layer, chosen[0]),
        lambda n: remove(n, chosen),
        lambda n: remove_and_close_gap(n, chosen),
        lambda n: group(n, chosen),
        tidy,
    ]
    if by_hand:  # the user's own places, and copies beside the originals, may overlap
        found += [
            lambda n: move(n, chosen, *offset),
            lambda n: duplicate(n, chosen, wires=True),
            lambda n: freeze(n, chosen),
        ]
    if edges:
        edge = draw(st.sampled_from(edges))
        found += [lambda n: insert_on_edge(n, layer, edge)]
    if blocks:
        block = draw(st.sampled_from(blocks))
        found += [lambda n: expand(n, block), lambda n: collapse(n, block), lambda n: ungroup(n, block)]
    return network, draw(st.sampled_from(found))


@given(edits(by_hand=True))
def test_every_edit_can_be_undone_and_redone(case):
    network, edit = case
    before = network.copy()
    try:
        changes = network.edit(edit)
    except NetworkError:
        assert network == before
        return
    after = network.copy()
    network.revert(changes)
    assert network == before
    network.replay(changes)
    assert network == after


@given(edits(by_hand=False))
def test_making_room_leaves_nothing_overlapping(case):
    network, edit = case
    with contextlib.suppress(NetworkError):
        network.edit(edit)
    assert not overlaps(network)


@pytest.mark.parametrize("row", [0, 40, 150, 240, 300, 900])
def test_a_layer_in_a_wire_that_leads_aside_parts_nothing_below_its_source(row):
    network = straight("a", "b", "c", "d")
    column = {name: position_of(network, name) for name in ("input", "a", "b", "c")}
    network.add(Add(), "sum", inputs=["b", "a"], position=Point(column["a"].x + 288, row))
    network.add(ReLU(), "last", inputs="sum", position=Point(column["a"].x + 288, row + 100))
    name = insert_on_edge(network, Conv2d(kernel_size=1), Edge("a", "sum", "input1"))
    assert {there: position_of(network, there) for there in column} == column
    assert not overlaps(network)
    tops = [box_of(network, one).top for one in ("a", name, "sum", "last")]
    bottoms = [box_of(network, one).bottom for one in ("a", name, "sum", "last")]
    assert all(above <= top for above, top in zip(bottoms, tops[1:], strict=False))
    assert box_of(network, name).left == box_of(network, "sum").left


def test_what_a_wire_aside_comes_back_to_moves_down_with_it():
    network = straight("a", "b", "c")
    x = position_of(network, "a").x
    network.add(Add(), "sum", inputs=["b", "a"], position=Point(x + 288, 0))
    network.remove("c")
    network.add(Add(), "join", inputs=["b", "sum"], position=Point(x, position_of(network, "b").y + 80))
    insert_on_edge(network, Conv2d(kernel_size=1), Edge("a", "sum", "input1"))
    assert not overlaps(network)
    assert box_of(network, "sum").bottom <= box_of(network, "join").top
