"""Tidy layout: nothing overlaps, wires run straight, frames hold their members."""

import itertools

import pytest
from drawings import chain, networks, residual
from hypothesis import given
from hypothesis import strategies as st

from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input
from engine.layers.merge import Add, Concat
from engine.layers.reshaping import Upsample
from engine.network import Network, analyse
from engine.network.blocks import collapse, expand
from engine.network.layout import (
    GRID,
    HEADER,
    PADDING,
    Flow,
    axis_of,
    box_of,
    is_frame,
    is_laid_out,
    position_of,
    size_of,
    tidy,
)
from templates import TEMPLATES, build


def centre(network, name):
    return position_of(network, name).x + axis_of(network, name)


def overlaps(network):
    return [
        (a, b)
        for prefix in ("", *network.block_prefixes())
        for a, b in itertools.combinations(network.children(prefix), 2)
        if box_of(network, a).overlaps(box_of(network, b))
    ]


@given(networks(), st.sampled_from(Flow))
def test_nothing_overlaps_and_frames_hold_their_members(network, flow):
    tidy(network, flow, analyse(network))
    assert is_laid_out(network)
    assert not overlaps(network)
    for prefix in network.block_prefixes():
        if is_frame(network, prefix):
            width, height = size_of(network, prefix)
            for child in network.children(prefix):
                box = box_of(network, child)
                assert box.left >= PADDING
                assert box.top >= HEADER + PADDING
                assert box.right <= width - PADDING
                assert box.bottom <= height - PADDING


@given(networks())
def test_positions_lie_on_the_grid_when_the_network_runs_down(network):
    tidy(network, Flow.ONE_COLUMN)
    for name in (*network, *network.block_prefixes()):
        x, y = position_of(network, name)
        assert x % GRID == y % GRID == 0


@given(networks(), st.sampled_from(Flow))
def test_tidy_of_a_tidy_network_changes_nothing(network, flow):
    tidy(network, flow)
    assert network.rehearse(lambda n: tidy(n, flow)) == []


@pytest.mark.parametrize("collapsed", [True, False])
def test_the_main_path_is_straight(collapsed):
    network = residual(depth=2, collapsed=collapsed)
    tidy(network, Flow.ONE_COLUMN)
    assert len({centre(network, name) for name in network.children("")}) == 1


def test_a_projection_stands_right_of_the_main_path_and_beside_its_middle():
    network = residual(projection=True, collapsed=False)
    tidy(network)
    block = "layer1.0"
    main = [position_of(network, f"{block}.{name}").x for name in ("conv1", "relu1", "conv2", "add")]
    shortcut = box_of(network, f"{block}.shortcut")
    assert len(set(main)) == 1
    assert shortcut.left > box_of(network, f"{block}.conv1").right
    assert box_of(network, f"{block}.conv1").top < shortcut.top < box_of(network, f"{block}.add").top


def test_a_frame_keeps_room_for_a_shortcut_that_has_no_layer():
    network = residual(collapsed=False)
    tidy(network)
    plain = Network()
    plain.add(Input(), "input")
    plain.add(ReLU(), "block.relu", inputs="input")
    tidy(plain)
    assert size_of(network, "layer1.0").width > size_of(plain, "block").width


def test_equal_branches_stand_side_by_side_around_the_axis():
    network = Network()
    network.add(Input(), "input")
    for branch in "abcd":
        network.add(Conv2d(kernel_size=1), f"{branch}1", inputs="input")
        if branch != "a":
            network.add(Conv2d(kernel_size=1), f"{branch}2", inputs=f"{branch}1")
    network.add(Add(), "join", inputs=["a1", "b2", "c2", "d2"])
    tidy(network)
    xs = [centre(network, f"{branch}1") for branch in "abcd"]
    assert xs == sorted(xs)
    assert (xs[0] + xs[3]) / 2 == pytest.approx(centre(network, "input"), abs=GRID)
    assert centre(network, "input") == centre(network, "join")


def test_gaps_are_wider_where_the_shape_changes():
    network = Network()
    network.add(Input(), "input")
    network.add(ReLU(), "relu", inputs="input")
    network.add(Conv2d(), "conv", inputs="relu")
    network.add(ReLU(), "relu2", inputs="conv")
    tidy(network, analysis=analyse(network))
    gap = {
        below: box_of(network, below).top - box_of(network, above).bottom
        for above, below in itertools.pairwise(network)
    }
    assert gap["conv"] < gap["relu2"]


def test_a_long_network_folds_to_the_shape_of_a_window():
    network = chain(60)
    tidy(network)
    boxes = [box_of(network, name) for name in network]
    width, height = max(box.right for box in boxes), max(box.bottom for box in boxes)
    assert 1 < width / height < 2.5
    tidy(network, Flow.ONE_COLUMN)
    assert len({position_of(network, name).x for name in network}) == 1


def test_twelve_ranks_stay_in_one_column():
    network = chain(11)
    tidy(network)
    assert len({position_of(network, name).x for name in network}) == 1


def test_layers_connected_to_nothing_stand_below_each_other():
    network = Network()
    for _ in range(3):
        network.add(ReLU())
    tidy(network)
    assert len({position_of(network, name).x for name in network}) == 1


def test_left_to_right_runs_straight():
    network = residual(depth=2)
    tidy(network, Flow.LEFT_TO_RIGHT)
    names = network.children("")
    assert [position_of(network, n).x for n in names] == sorted(position_of(network, n).x for n in names)
    middles = {position_of(network, n).y + axis_of(network, n, horizontal=True) for n in names}
    assert len(middles) == 1


@pytest.mark.parametrize("flow", Flow)
@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_lie_tidy_as_they_open_and_wholly_expanded(name, flow):
    network = build(name)
    tidy(network, flow, analyse(network))
    assert not overlaps(network)
    for prefix in network.block_prefixes():
        network.set_block(prefix, collapsed=False)
    tidy(network, flow, analyse(network))
    assert not overlaps(network)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_block_of_a_template_expands_without_overlaps_and_collapses_back(name):
    network = build(name)
    for prefix in network.block_prefixes():
        network.set_block(prefix, collapsed=True)
    tidy(network)
    before = network.copy()
    opened = [prefix for prefix in network.block_prefixes() if prefix.count(".") < 2][:12]
    for prefix in opened:
        expand(network, prefix)
        assert not overlaps(network)
    for prefix in reversed(opened):
        collapse(network, prefix)
    assert network == before


def columns(network, prefix):
    """The nodes and blocks of a frame by column, from left to right, each from top to bottom."""
    found = {}
    for name in network.children(prefix):
        found.setdefault(centre(network, name), []).append(name)
    return [sorted(found[x], key=lambda name: position_of(network, name).y) for x in sorted(found)]


@pytest.mark.parametrize(("name", "options"), [("vgg", {"configuration": "E"}), ("densenet", {"depth": 201})])
def test_a_template_with_long_frames_opens_large_enough_to_be_read(name, options):
    network = build(name, **options)
    tidy(network, analysis=analyse(network))
    boxes = [box_of(network, child) for child in network.children("")]
    width = max(box.right for box in boxes) - min(box.left for box in boxes)
    height = max(box.bottom for box in boxes) - min(box.top for box in boxes)
    assert min(960 / width, 604 / height) > 0.6  # the canvas of a first window, less its margins


def test_a_folded_frame_stands_with_its_first_column_below_what_feeds_it():
    network = build("vgg", configuration="E")
    tidy(network)
    assert len(columns(network, "features")) > 2
    assert centre(network, "input") == centre(network, "features")


def test_columns_begin_with_a_layer_and_not_with_its_activation():
    network = build("vgg", configuration="E")
    tidy(network)
    for first, *_ in columns(network, "features"):
        assert isinstance(network.layer(first), Conv2d)


def test_a_frame_does_not_fold_where_a_shortcut_would_have_to_cross():
    network = Network()
    network.add(Input(), "input")
    above = "input"
    for index in range(20):
        above = network.add(Conv2d(), f"block.conv{index}", inputs=above)
    network.add(Add(), "block.add", inputs=[above, "input"])
    tidy(network)
    assert len(columns(network, "block")) == 1


def test_a_part_that_cannot_be_broken_does_not_scatter_the_rest():
    network = Network()
    above = network.add(Input(), "input")
    start = network.add(Conv2d(), "start", inputs=above)
    above = start
    for index in range(12):
        above = network.add(Conv2d(), f"conv{index}", inputs=above)
    above = network.add(Add(), "add", inputs=[above, start])
    for index in range(5):
        above = network.add(Conv2d(), f"tail{index}", inputs=above)
    tidy(network)
    assert len(columns(network, "")) <= 3


@pytest.mark.parametrize("flow", Flow)
def test_a_side_path_that_moves_leaves_no_row_empty(flow):
    network = Network()
    network.add(Add(), "add1")
    network.add(Conv2d(), "conv1", inputs="add1")
    network.add(Upsample(), "upsample1", inputs="conv1")
    network.add(Conv2d(), "block1.project")
    network.add(Concat(), "concat", inputs=["upsample1", "block1.project"])
    network.add(Concat(), "concat1", inputs=["upsample1", "block1.project"])
    tidy(network, flow)
    boxes = [box_of(network, name) for name in network.children("")]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
