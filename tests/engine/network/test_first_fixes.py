"""Of every kind of problem the first fix builds on what was drawn and settles it; what is unconnected is no mistake."""

import random

import pytest
from drawings import NUMBERS, unusual

from engine.layers import LAYERS, Layer, Shape
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.global_pooling import AdaptiveAvgPool2d
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.merge import Add
from engine.layers.normalisation import BatchNorm2d
from engine.layers.reshaping import Crop2d, Flatten, Reshape
from engine.network import Analyser, Network, Point, analyse
from engine.network.measuring import measure
from engine.network.names import block_name, entry_name, short_name
from engine.network.nearness import nearest
from engine.network.problems import Fix, Problem
from engine.network.trials import Trials, goes_well_below
from templates import build

SHAPES = [(1, 1, 1), (3, 1, 1), (5, 2, 3), (7, 1, 9), (3, 32, 32), (1, 17, 16), (1, 16, 16), (64, 7, 7), (1,), (300,)]
TAKING = sorted(name for name, kind in LAYERS.items() if kind.input_ports or kind.variadic)


def giving(network: Network, shape: Shape) -> str:
    """A node of a network with an input that gives this shape."""
    values = network.add(Linear(out_features=shape.elements), inputs="flat")
    if shape.is_vector:
        return values
    return network.add(Reshape(channels=shape.channels, height=shape.height, width=shape.width), inputs=values)


def begun() -> Network:
    network = Network()
    network.add(Input(channels=1, height=4, width=4), "input")
    network.add(Flatten(), "flat", inputs="input")
    return network


def fed(draw: random.Random, layer: Layer) -> Network:
    """The layer in a path, after whatever shapes."""
    network = begun()
    sources = [giving(network, Shape(*draw.choice(SHAPES))) for _ in range(draw.choice([2, 2, 3]))]
    network.add(layer, "x", inputs=sources[: len(sources) if layer.variadic else 1])
    if layer.has_output:
        network.add(Output(), "output", inputs="x")
    return network


def loose(draw: random.Random, layer: Layer) -> Network:
    """The layer beside a finished path."""
    network = begun()
    network.add(Output(), "output", inputs=giving(network, Shape(*draw.choice(SHAPES))))
    network.add(layer, "x")
    return network


def behind_loose_ends(draw: random.Random, layer: Layer) -> Network:
    """The layer, not connected, below outputs that go nowhere."""
    network = begun()
    for _ in range(draw.choice([1, 2])):
        giving(network, Shape(*draw.choice(SHAPES)))
    network.add(layer, "x")
    return network


def alone(draw: random.Random, layer: Layer) -> Network:
    network = Network()
    network.add(layer, "x")
    return network


def leading_nowhere(draw: random.Random, layer: Layer) -> Network:
    """The layer on a path of its own that nothing takes further."""
    network = fed(draw, layer)
    if layer.has_output:
        network.remove("output")
    network.add(Output(), "output", inputs=giving(network, Shape(*draw.choice(SHAPES))))
    return network


@pytest.mark.parametrize("drawn", [fed, loose, behind_loose_ends, alone, leading_nowhere], ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", TAKING)
def test_the_first_fix_keeps_what_was_drawn_and_settles_the_problem(name, drawn):
    draw = random.Random(f"{name} {drawn.__name__}")
    for layer in (LAYERS[name](), *(unusual(draw, LAYERS[name]) for _ in range(3))):
        network = drawn(draw, layer)
        before = analyse(network)
        known = {(problem.code, problem.node) for problem in before.problems}
        for problem in before.problems:
            fix = problem.fixes[0]
            after = network.copy()
            after.edit(fix.edit)
            found = analyse(after)
            assert set(network) <= set(after), (problem.message, fix.label)
            assert (problem.code, problem.node) not in {(p.code, p.node) for p in found.problems}, fix.label
            assert {(p.code, p.node) for p in found.errors} <= known, (problem.message, fix.label)


def test_removing_comes_last():
    network = Network()
    network.add(Input(), "input")
    network.add(Conv2d(kernel_size=3), "conv", inputs="input")
    network.add(Add(), "add", inputs=["conv", "input"])
    network.add(Output(), "output", inputs="add")
    (problem,) = analyse(network).problems
    assert [fix.removes for fix in problem.fixes] == [False] * (len(problem.fixes) - 1) + [True]


@pytest.mark.parametrize(
    ("node", "number", "fixes"),
    [
        ("layer2.0.conv2", 96, ["Set conv2 to 128", "Set downsample.0 to 96"]),
        ("layer2.0.downsample.0", 96, ["Set downsample.0 to 128", "Set conv2 to 96"]),
        ("layer2.1.conv2", 96, ["Set conv2 to 128"]),
        ("layer1.0.conv2", 32, ["Set conv2 to 64", "Set conv1 to 32"]),
    ],
)
def test_both_paths_into_a_sum_can_be_set_the_odd_one_first(node, number, fixes):
    network = build("resnet", depth=18)
    network.set_layer(node, network.layer(node).with_settings(out_channels=number))
    problem = analyse(network).errors[0]
    found = [fix for fix in problem.fixes if fix.label.startswith("Set ")]
    assert [fix.label for fix in found] == fixes[: len(found)]
    assert problem.fixes[0] == found[0]
    network.edit(found[0].edit)
    assert analyse(network).ok
    assert found[0].effect == f"{short_name(node)} then gives {found[0].label.split()[-1]} in place of {number}."


def test_names_that_are_mere_numbers_are_said_with_their_block():
    assert short_name("conv1") == short_name("layer1.0.conv1") == "conv1"
    assert short_name("layer2.0.downsample.0") == "downsample.0"


@pytest.mark.parametrize(("depth", "block"), [(18, "layer2.0"), (18, "layer4.0"), (50, "layer1.0"), (50, "layer3.0")])
def test_a_shortcut_that_lost_its_projection_gets_it_again(depth, block):
    network = build("resnet", depth=depth)
    whole = analyse(network)
    network.remove(f"{block}.downsample.0")
    (problem,) = analyse(network).problems
    assert problem.fixes[0].label == "Insert 1×1 projection"
    network.edit(problem.fixes[0].edit)
    restored = analyse(network)
    assert not restored.problems
    assert (restored.parameters, restored.multiply_adds) == (whole.parameters, whole.multiply_adds)
    assert short_name("stage.1.2") == "stage.1.2"


def spoilt(draw: random.Random) -> Network:
    """A template with some wires cut, some widths and windows changed, and some layers beside it."""
    network = build(draw.choice(["lenet5", "resnet", "googlenet", "inception_module"]))
    for _ in range(draw.randint(1, 4)):
        edges, kinds = network.edges(), sorted(LAYERS)
        match draw.choice(["cut", "change", "beside"]):
            case "cut":
                network.disconnect(draw.choice(edges))
            case "change":
                node = draw.choice([node for node in network if network.layer(node).width_setting])
                layer = network.layer(node)
                network.set_layer(node, layer.with_settings(**{layer.width_setting: draw.choice(NUMBERS)}))
            case "beside":
                network.add(LAYERS[draw.choice(kinds)]())
    return network


@pytest.mark.parametrize("seed", range(16))
def test_in_spoilt_templates_too_something_that_builds_comes_first_and_removing_last(seed):
    network = spoilt(random.Random(seed))
    for problem in analyse(network).problems:
        assert [fix.removes for fix in problem.fixes] == sorted(fix.removes for fix in problem.fixes)
        assert not problem.fixes[0].removes, problem.message
        after = network.copy()
        after.edit(problem.fixes[0].edit)
        assert set(network) <= set(after)
        left = {(other.code, other.node) for other in analyse(after).problems}
        assert (problem.code, problem.node) not in left, (problem.message, problem.fixes[0].label)


@pytest.mark.parametrize("seed", range(12))
def test_after_a_wrong_width_a_set_width_comes_first_and_what_is_assumed_below_is_what_it_gives(seed):
    draw = random.Random(seed)
    network = build("resnet", depth=draw.choice([18, 34, 50]))
    analyser = Analyser(network)
    analyser.update()
    node = draw.choice([name for name in network if "conv" in name or name.endswith("downsample.0")])
    network.set_layer(node, network.layer(node).with_settings(out_channels=draw.choice(NUMBERS)))
    found = analyser.update()
    assert found == analyse(network)
    assert len(found.errors) <= 1
    for problem in found.errors:
        assert problem.fixes[0].label.startswith("Set ")
        network.edit(problem.fixes[0].edit)
        assert analyse(network).ok
        assert analyse(network)[problem.node].output == problem.fixes[0].assumed == found[problem.node].output


def test_where_one_shape_alone_goes_well_further_down_all_fixes_give_it():
    network = build("resnet", depth=18)
    network.set_layer("layer2.0.conv2", network.layer("layer2.0.conv2").with_settings(out_channels=96))
    (problem,) = analyse(network).errors
    assert problem.node == "layer2.0.add"
    assert [fix.label for fix in problem.fixes] == ["Set conv2 to 128", "Insert 1×1 projection to 128 maps"]
    for fix in problem.fixes:
        after = network.copy()
        after.edit(fix.edit)
        assert analyse(after).ok
    assert analyse(network)["layer2.1.add"].inputs == (Shape(128, 28, 28), Shape(128, 28, 28))


def test_a_wire_that_uncovers_an_error_further_down_is_offered_after_those_that_uncover_none():
    network = Network()
    network.add(Input(), "input")
    network.add(Conv2d(out_channels=4), "conv1")
    network.add(Linear(), "fc", inputs="conv1")
    network.add(Output(), "output", inputs="fc")
    (problem,) = analyse(network).problems
    assert [fix.label for fix in problem.fixes] == ["Connect input"]
    network.edit(problem.fixes[0].edit)
    assert [(error.code, error.node) for error in analyse(network).problems] == [("needs_vector", "fc")]


def test_a_path_other_than_the_first_leads_only_where_maps_alone_differ():
    for stride, expected in ((1, ["Insert 1×1 projection", "Insert 1×1 projection to 7 maps"]), (2, [])):
        network = Network()
        network.add(Input(channels=3, height=8, width=8), "input")
        network.add(Conv2d(out_channels=7, stride=stride, padding=1), "conv", inputs="input")
        network.add(Add(), "add", inputs=["input", "conv"])
        network.add(Output(), "output", inputs="add")
        (problem,) = analyse(network).errors
        assert [fix.label for fix in problem.fixes if "projection" in fix.label] == expected


def test_two_sources_of_one_short_name_are_told_apart():
    network = Network()
    network.add(Input(), "input")
    for block in ("near", "far"):
        network.add(Conv2d(out_channels=4), f"{block}.conv", inputs="input")
    network.add(ReLU(), "relu")
    (problem,) = (problem for problem in analyse(network).problems if problem.node == "relu")
    labels = [fix.label for fix in problem.fixes if not fix.removes]
    assert sorted(labels) in (["Connect conv", "Connect far › conv"], ["Connect conv", "Connect near › conv"])
    assert [fix.effect.split(" goes ")[0] for fix in problem.fixes[:2]] == [each[8:] for each in labels]
    network.set_layer("relu", Add())
    (problem,) = (problem for problem in analyse(network).problems if problem.node == "relu")
    assert problem.fixes[0].label in ("Connect conv and far › conv", "Connect conv and near › conv")


def test_of_many_ways_the_sound_ones_come_first_and_one_that_uncovers_something():
    sound, uncovering = ([Fix(f"{way} {number}", "", lambda _: None) for number in range(3)] for way in ("a", "b"))
    trials = Trials(Network(), {}, "")
    trials.uncovering = uncovering
    assert [fix.label for fix in trials.offered] == ["b 0", "b 1"]
    trials.sound = sound
    assert [fix.label for fix in trials.offered] == ["a 0", "a 1", "b 0"]


def test_what_stands_above_a_node_is_nearer_than_what_stands_below_it():
    network = Network()
    for name, height in (("below", 40), ("far", -900), ("beside", 0), ("near", -300), ("x", 0)):
        network.add(Conv2d(), name, position=Point(0 if name != "beside" else 500, height))
    assert nearest(network, "x", ["below", "far", "beside", "near"]) == ["near", "beside", "far", "below"]


def test_what_a_layer_with_an_error_costs_is_not_known_though_its_shape_is_assumed():
    network = begun()
    network.add(Conv2d(kernel_size=9), "x", inputs="input")
    found = analyse(network)["x"]
    assert found.output is not None
    assert not found.counted
    assert analyse(network)["input"].counted


def test_an_input_that_is_lacking_comes_above_what_stands_highest():
    network = Network()
    for name, height in (("low", 300), ("high", 0), ("middle", 100)):
        network.add(Conv2d(), name, position=Point(0, height))
    (problem,) = (problem for problem in analyse(network).problems if problem.code == "no_input")
    network.edit(problem.fixes[0].edit)
    (name,) = network.inputs
    assert [edge.target for edge in network.outgoing(name)] == ["high"]


def blocking(network: Network) -> list[Problem]:
    """What stands in the way of training a network."""
    return [problem for problem in analyse(network).problems if problem.severity.blocks]


@pytest.mark.parametrize("options", [{"depth": 18}, {"depth": 50}, {"depth": 34, "preactivation": True}])
def test_a_shortcut_that_was_cut_is_drawn_again_around_the_whole_block(options):
    whole = build("resnet", **options)
    merges = [name for name in whole if isinstance(whole.layer(name), Add)]
    for merge in merges:
        for edge in whole.incoming(merge):
            network = whole.copy()
            network.disconnect(edge)
            (problem,) = blocking(network)
            network.edit(problem.fixes[0].edit)
            assert {wire.source for wire in network.incoming(merge)} == {wire.source for wire in whole.incoming(merge)}


def test_a_shortcut_that_no_block_holds_goes_around_two_layers_with_weights():
    network = Network()
    network.add(Input(channels=3, height=8, width=8), "input")
    last = network.add(Conv2d(out_channels=4, padding=1), "stem", inputs="input")
    for number in (1, 2):
        last = network.add(Conv2d(out_channels=4, padding=1), f"conv{number}", inputs=last)
        last = network.add(BatchNorm2d(), f"bn{number}", inputs=last)
        last = network.add(ReLU(), f"relu{number}", inputs=last) if number == 1 else last
    network.add(Add(), "sum", inputs=last)
    network.add(Output(), "output", inputs="sum")
    (problem,) = blocking(network)
    assert problem.fixes[0].label == "Connect stem"


def test_a_merge_without_inputs_is_fed_by_two_nodes_and_not_twice_by_one():
    network = Network()
    network.add(Input(), "input")
    for name in ("conv1", "conv2"):
        network.add(Conv2d(out_channels=4, padding=1), name, inputs="input")
    network.add(Add(), "sum")
    network.add(Output(), "output", inputs="sum")
    (problem,) = analyse(network).problems
    assert [fix.label for fix in problem.fixes] == ["Connect conv2 and conv1", "Connect conv1 and conv2"]
    for fix in problem.fixes:
        after = network.copy()
        after.edit(fix.edit)
        assert {edge.source for edge in after.incoming("sum")} == {"conv1", "conv2"}


def shrinking(count: int) -> Analyser:
    """Convolutions without padding, of which all but the first find their maps smaller than their windows."""
    network = Network()
    last = network.add(Input(), "input")
    for _ in range(count):
        last = network.add(Conv2d(out_channels=4, kernel_size=3), inputs=last)
    network.add(Output(), "output", inputs=last)
    return Analyser(network)


def work_of_an_edit(analyser: Analyser) -> int:
    """How often a layer is measured while the analysis follows an edit of the first convolution."""
    analyser.update()
    network, before = analyser.network, sum(measure.cache_info()[:2])
    network.set_layer("conv1", network.layer("conv1").with_settings(bias=False))
    analyser.update()
    return sum(measure.cache_info()[:2]) - before


def test_many_problems_in_a_row_take_as_much_work_each_as_a_few():
    few, many = (work_of_an_edit(shrinking(count)) for count in (50, 100))
    problems = [count - 15 for count in (50, 100)]  # 32×32 lasts for fifteen windows of 3×3
    assert many / problems[1] < 1.2 * few / problems[0]


def test_a_sentence_writes_a_number_in_one_way_and_its_article_as_it_is_spoken():
    network = Network()
    network.add(Input(channels=8, height=16, width=16), "input")
    network.add(Linear(), "fc", inputs="input")
    network.add(Output(), "output", inputs="fc")
    (problem,) = analyse(network).problems
    assert problem.message == "Linear needs a vector, but input gives an 8×16×16 map."
    assert problem.hint == "Flatten turns 8×16×16 into 2\u202f048 features (no parameters)."
    assert problem.fixes[0].effect == problem.hint
    network.set_layer("fc", Conv2d())
    network.add(Flatten(), "flat", inputs="input")
    network.disconnect(network.incoming("fc")[0])
    network.connect("flat", "fc")
    (problem,) = analyse(network).problems
    assert problem.message == "Conv2d needs maps, but flat gives a vector of 2\u202f048."
    assert problem.fixes[0].effect == "Reshape turns 2\u202f048 features into 8×16×16 (no parameters)."


def test_a_merge_that_has_an_input_is_not_said_to_have_none():
    network = Network()
    network.add(Input(), "input")
    network.add(Add(), "add", inputs="input")
    assert analyse(network)["add"].problem.short == "needs 2 inputs"
    network.disconnect(network.incoming("add")[0])
    assert analyse(network)["add"].problem.short == "no input"


def test_blocks_and_layers_that_are_mere_numbers_are_called_in_one_way():
    assert entry_name("branch4.0", {"branch4.0"}) == short_name("branch4.0") == "branch4.0"
    assert entry_name("branch2.0", {"branch2.0.conv"}) == block_name("branch2.0") == "block 0"
    assert entry_name("branch2.0.conv", {"branch2.0.conv"}) == "conv"


@pytest.mark.parametrize(("size", "well"), [(5, True), (14, True), (1, False)])
def test_what_stands_below_is_tried_with_a_shape_of_any_size(size, well):
    network = Network()
    network.add(Input(channels=1, height=28, width=28), "input")
    network.add(Conv2d(out_channels=4, stride=4), "conv", inputs="input")
    network.add(AdaptiveAvgPool2d(output_size=7), "pool", inputs="conv")
    network.add(Crop2d(top=2), "crop", inputs="conv")
    assert goes_well_below(network, analyse(network).nodes, "conv", Shape(4, size, size)) is well
