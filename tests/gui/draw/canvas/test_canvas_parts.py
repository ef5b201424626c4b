"""The canvas's small parts, without a window."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.layers import LAYERS, Shape
from engine.network import Edge, Network, analyse, blocks
from engine.network.names import short_name
from gui.draw.canvas.floating.suggestions import Place, offers
from gui.draw.canvas.items.wire_item import label_place, other_places, own_part
from gui.draw.canvas.model.boxes import Box, Space, laid_out_anew
from gui.draw.canvas.model.detail import Detail, detail_at
from gui.draw.canvas.model.faces import Faces, WireState
from gui.draw.canvas.model.links import Kind, Terminal, links_of
from gui.draw.canvas.model.outline import Outline
from gui.draw.canvas.model.router import Course
from gui.draw.canvas.model.routing import Goal, Side, Spot, route
from gui.draw.canvas.model.snapping import snapped
from gui.draw.canvas.model.spoken import spoken_node
from gui.draw.canvas.model.targets import allowed_sources, allowed_targets, replaceable
from gui.draw.canvas.model.typed import understand
from templates import build


@pytest.mark.parametrize(
    ("zoom", "detail"),
    [(4, Detail.FULL), (0.8, Detail.FULL), (0.6, Detail.TITLES), (0.3, Detail.BOXES), (0.1, Detail.BARS)],
)
def test_detail_follows_the_zoom(zoom, detail):
    assert detail_at(zoom, Detail.BARS) == detail


def test_a_level_is_left_five_per_cent_below_where_it_began():
    assert detail_at(0.77, Detail.FULL) is Detail.FULL
    assert detail_at(0.77, Detail.TITLES) is Detail.TITLES
    assert detail_at(0.75, Detail.FULL) is Detail.TITLES


def test_an_edge_is_cut_at_frames_and_ends_at_collapsed_blocks():
    network = build("resnet", depth=18)
    network.set_block("layer2", collapsed=False)
    network.set_block("layer2.0", collapsed=True)
    outline = Outline(network)
    edge = next(edge for edge in network.incoming("layer2.0.conv1"))
    links = links_of(outline, edge)
    assert [link.end for link in links] == [
        Terminal("layer2", Kind.GATE_IN, edge.source),
        Terminal("layer2.0", Kind.IN, edge.source),
    ]
    assert links[0].start.entry == "layer1"
    assert links_of(outline, Edge("layer2.0.conv1", "layer2.0.bn1")) == ()


def test_outline_forgets_blocks_that_become_empty():
    network = Network()
    network.add(LAYERS["ReLU"](), "a.b.relu")
    outline = Outline(network)
    assert outline.is_block("a.b")
    outline.remove("a.b.relu")
    assert not outline.is_block("a.b")
    assert not outline.is_block("a")
    assert outline.children() == ()


def test_routes_are_straight_where_nothing_stands_between():
    assert route(Spot(100, 0), Goal(100, 50), Space()) == (Spot(100, 0), Spot(100, 50))


def test_a_shortcut_runs_in_a_free_lane_on_the_right():
    space = Space()
    space.put("between", Box(0, 50, 200, 100))
    corners = route(Spot(100, 0), Goal(200, 150, Side.RIGHT), space)
    assert corners[1].y == corners[0].y + 14
    assert corners[2].x > 200
    assert corners[-1] == (200, 150)


def test_a_wire_to_the_next_column_runs_in_the_gutter():
    space = Space()
    space.put("source", Box(0, 0, 200, 500))
    space.put("target", Box(264, 0, 464, 500))
    corners = route(Spot(100, 500), Goal(364, 0), space)
    assert 200 < corners[2].x < 264
    assert corners[-2].y < 0


coordinates = st.integers(-1000, 1000)


@given(coordinates, coordinates, coordinates, coordinates, st.sampled_from(Side))
def test_every_route_is_orthogonal_and_joins_its_ends(x1, y1, x2, y2, side):
    space = Space()
    space.put("box", Box(-100, -50, 100, 50))
    corners = route(Spot(x1, y1), Goal(x2, y2, side), space)
    assert corners[0] == (x1, y1)
    assert corners[-1] == (x2, y2)
    assert all(a.x == b.x or a.y == b.y for a, b in pairwise(corners))


@given(coordinates, coordinates)
def test_drags_snap_to_the_grid_or_a_neighbours_centre(dx, dy):
    box, neighbour = Box(0, 0, 200, 48), Box(400, 100, 600, 148)
    way = snapped(box, dx, dy, [neighbour])
    assert abs(way.dx - dx) <= 6
    assert way.dx % 8 == 0 or way.x == neighbour.centre
    assert way.dy % 8 == 0 or way.y == neighbour.middle


def test_targets_never_close_a_cycle():
    network = build("resnet", depth=18)
    source = "layer3.0.conv1"
    for target in allowed_targets(network, source):
        for edge in replaceable(network, source, target)[:1]:
            network.disconnect(edge)
        assert network.why_not_connect(source, target) is None
    assert "layer4.0.conv1" in allowed_sources(network, "fc")
    assert "output" not in allowed_sources(network, "fc")


def test_typed_numbers_find_their_settings():
    typed = understand("Conv 5×5, 32 s2 pad same")
    assert typed.words == "conv"
    assert typed.sizes == [(5, 5)]
    assert typed.numbers == [32]
    assert typed.named == {"stride": "2", "padding": "same"}
    place = Place((Shape(3, 32, 32),), LAYERS["Input"]())
    assert offers("relu 64", place) == []
    assert offers("1x1", place)[0].layer == LAYERS["PointwiseConv2d"]()


def test_suggestions_follow_what_usually_comes_next():
    place = Place((Shape(84),), LAYERS["Linear"]())
    titles = [offer.title for offer in offers("", place)]
    assert titles[:2] == ["ReLU", "Output"]


@given(st.text(max_size=20))
def test_anything_can_be_typed(text):
    for offer in offers(text, Place((Shape(8, 16, 16),), LAYERS["ReLU"]())):
        assert offer.gives


def test_a_slim_node_says_its_kind_once_and_whole():
    network = Network()
    network.add(LAYERS["Dropout"](), "dropout6")
    network.add(LAYERS["LocalResponseNorm"](), "norm1")
    faces = Faces(network, analyse(network), Outline(network))
    assert faces.of("dropout6").kind == "p = 0.5"
    assert faces.of("norm1").kind == "local response norm"


@pytest.mark.parametrize(
    "text", ["transposed conv 2x2 s2", "deconv 4x4 s2", "deconv 3x3 s2", "deconv 5x3 s2", "deconv 2x2"]
)
def test_a_transposed_convolution_gives_a_map_as_many_times_larger_as_its_stride(text):
    place = Place((Shape(8, 7, 9),), LAYERS["ReLU"]())
    layer = offers(text, place)[0].layer
    assert layer.output_shape(Shape(8, 7, 9)) == Shape(8, 14, 18)
    assert offers(f"{text} p0", place)[0].layer.padding == (0, 0)


@pytest.mark.parametrize("height", [60, 300])  # beside the middle column there is a gap, or not
def test_a_wire_to_the_side_of_another_column_runs_round_what_stands_between(height):
    space = Space()
    boxes = [Box(0, 0, 200, 50), Box(0, 100, 200, 150), Box(300, -40, 500, height), Box(600, 0, 800, 50)]
    for index, box in enumerate(boxes):
        space.put(f"node{index}", box)
    corners = route(Spot(100, 50), Goal(600, 25, Side.LEFT), space, drop=22)
    for start, end in pairwise(corners):
        line = Box(min(start.x, end.x), min(start.y, end.y), max(start.x, end.x), max(start.y, end.y))
        assert not any(box.overlaps(line.grown(0.5, 0.5, 0.5, 0.5)) for box in boxes[1:3])
    assert corners[-1] == (600, 25)


@pytest.mark.parametrize("gap", [32, 40, 48, 64, 120])
def test_a_wire_into_a_narrow_gutter_runs_through_nothing_and_makes_no_loop(gap):
    space = Space()
    for index, top in enumerate((-376, -280, -200, -80, 0)):
        space.put(f"node{index}", Box(0, top, 200, top + 48))
    goal = Goal(200 + gap, 104, Side.LEFT)
    corners = route(Spot(100, -32), goal, space, lane=1)
    for (x1, y1), (x2, y2) in pairwise(corners):
        assert not space.within(Box(min(x1, x2) - 0.5, min(y1, y2) + 1, max(x1, x2) + 0.5, max(y1, y2) - 1))
    assert min(corner.y for corner in corners) == -32


def test_a_branch_says_its_shape_only_on_a_part_of_its_own():
    shared = Course((Spot(0, 0), Spot(300, 0), Spot(300, 14)), Side.TOP, branch=True)
    assert own_part(shared, 80) == []
    longer = Course((Spot(0, 0), Spot(300, 0), Spot(300, 90)), Side.TOP, branch=True)
    assert label_place(longer, 80) == Spot(300, 45)


@pytest.mark.parametrize("length", [90, 300, 1000])
def test_a_label_stands_away_from_the_ends_of_its_part(length):
    course = Course((Spot(0, 0), Spot(0, length)), Side.TOP)
    heights = [place.y for place in other_places(course, 60)]
    assert heights[0] == length / 2
    assert 0.15 * length <= min(heights) <= 0.15 * length + 16
    assert 0.85 * length - 16 <= max(heights) <= 0.85 * length


@pytest.mark.parametrize(
    ("ways", "anew"),
    [
        ([(0, 0), (0, 0), (0, 0), (0, 0)], False),
        ([(8, 0), (8, 0), (8, 0), (8, 0)], False),  # all of it was moved
        ([(8, 0), (0, 8), (0, 0), (0, 0)], False),
        ([(8, 0), (0, 8), (8, 0), (0, 0)], True),
        ([(8, 0), (8, 0), (8, 0), (0, 0)], False),  # most of it was moved
        ([(8, 0), (0, 8)], False),  # other things are there
    ],
)
def test_a_layout_moves_most_things_and_each_its_own_way(ways, anew):
    before = {f"node{index}": Box(0, 100 * index, 80, 100 * index + 40) for index in range(4)}
    moved = zip(before, before.values(), ways, strict=False)
    after = {name: Box(box.left + x, box.top + y, box.right + x, box.bottom + y) for name, box, (x, y) in moved}
    assert laid_out_anew(before, after) is anew


@pytest.mark.parametrize(
    ("odd", "source"), [("layer2.0.conv2", "layer2.0.bn2"), ("layer2.0.downsample.0", "layer2.0.downsample.1")]
)
def test_the_wire_into_a_sum_that_is_wrong_is_the_one_that_the_first_fix_makes_right(hands, odd, source):
    network = build("resnet", depth=18)
    network.set_layer(odd, network.layer(odd).with_settings(out_channels=96))
    for prefix in network.block_prefixes():
        blocks.expand(network, prefix)
    h = hands(network)
    wrong = [wire for wire in h.canvas.scene.wires.values() if wire.face.state is WireState.MISMATCH]
    assert {(wire.link.start.key, wire.face.label) for wire in wrong} == {(source, "96×28×28 ≠ 128×28×28")}
    (problem,) = h.document.analysis.errors
    assert problem.fixes[0].label == f"Set {short_name(odd)} to 128"
    h.document.edit("Fix", problem.fixes[0].edit)
    assert all(wire.face.state is WireState.KNOWN for wire in h.canvas.scene.wires.values())


@pytest.mark.parametrize("odd", ["conv1x1", "conv3x3", "project"])
def test_of_the_wires_into_a_concatenation_the_one_of_another_size_is_wrong(hands, odd):
    network = build("inception_module")
    network.set_layer(odd, network.layer(odd).with_settings(stride=2))
    h = hands(network)
    wrong = [wire for wire in h.canvas.scene.wires.values() if wire.face.state is WireState.MISMATCH]
    assert [wire.link.start.key for wire in wrong] == [odd]
    (problem,) = h.document.analysis.errors
    assert f"{odd} alone gives" in problem.message
    assert problem.fixes[0].label == f"Set {odd} to stride 1"


@pytest.mark.parametrize(("count", "said"), [(1, "1 layer"), (2, "2 layers"), (11, "11 layers")])
def test_a_block_without_a_kind_is_said_by_its_number_of_layers(hands, count, said):
    network = Network()
    for index in range(count):
        network.add(LAYERS["ReLU"](), f"block.relu{index}")
    network.set_block("block", collapsed=True)
    h = hands(network)
    assert h.canvas.scene.nodes["block"].face.detail == said
    assert spoken_node(h.document, h.canvas.scene.outline, "block").endswith(f"{said}.")
