"""Repeated blocks: their names, wires and places, finding them again, and that undo restores everything."""

import itertools

import pytest
from drawings import networks, residual
from hypothesis import given
from hypothesis import strategies as st

from engine.compiling import python_source
from engine.errors import LayerloomError
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input
from engine.network import Edge, Network, NetworkError, analyse
from engine.network.blocks import group
from engine.network.clipboard import fragment_to_json
from engine.network.layout import box_of, tidy
from engine.network.repeats import repeats_of, twins_of
from engine.network.rows import insert_behind, insert_in_edge, repeat_block
from templates import build


def overlaps(network):
    return [
        (a, b)
        for prefix in ("", *network.block_prefixes())
        for a, b in itertools.combinations(network.children(prefix), 2)
        if box_of(network, a).overlaps(box_of(network, b))
    ]


def test_a_numbered_block_is_followed_by_the_next_numbers():
    network = residual()
    tidy(network)
    assert repeat_block(network, "layer1.0", 3) == ["layer1.0", "layer1.1", "layer1.2"]
    for name in ("conv1", "add"):
        assert [edge.source for edge in network.incoming(f"layer1.1.{name}")][-1] == "layer1.0.add"
    assert [edge.source for edge in network.incoming("flatten")] == ["layer1.2.add"]
    assert network.block("layer1.2").kind == "BasicBlock"
    assert analyse(network).ok
    assert not overlaps(network)


def test_the_numbers_of_later_blocks_move_on():
    network = residual(depth=3)
    network.set_node("layer1.2.conv1", frozen=True)
    assert repeat_block(network, "layer1.1", 3) == ["layer1.1", "layer1.2", "layer1.3"]
    assert network["layer1.4.conv1"].frozen
    row = [edge.source for index in range(1, 5) for edge in network.incoming(f"layer1.{index}.conv1")]
    assert row == [f"layer1.{index}.add" for index in range(4)]


def test_the_numbers_of_parallel_blocks_stay():
    network = Network()
    network.add(ReLU(), "relu")
    for branch in ("branch1", "branch2"):
        network.add(ReLU(), f"{branch}.act", inputs="relu")
        network.add(ReLU(), f"{branch}.after", inputs=f"{branch}.act")
    network.add(Input(), "input")
    network.connect("input", "relu")
    assert repeat_block(network, "branch1", 2) == ["branch1", "branch3"]


def test_a_named_block_becomes_numbered_ones():
    network = residual()
    group(network, ["layer1.0.conv1", "layer1.0.relu1"], "first")
    tidy(network)
    assert repeat_block(network, "layer1.0.first", 2) == ["layer1.0.first.0", "layer1.0.first.1"]
    assert network.members("layer1.0.first.1") == ("layer1.0.first.1.conv1", "layer1.0.first.1.relu1")
    assert analyse(network).ok
    assert not overlaps(network)


def test_a_block_of_numbered_layers_can_be_repeated():
    network = build("vgg")
    network.remove(*(name for name in network if name != "input"))
    for name, above in (("stage.0", "input"), ("stage.1", "stage.0")):
        network.add(ReLU(), name, inputs=above)
    assert repeat_block(network, "stage", 2) == ["stage.0", "stage.1"]
    assert network.members("stage") == ("stage.0.0", "stage.0.1", "stage.1.0", "stage.1.1")


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [
        ("layer2.0", "layer2.0 cannot follow itself: it takes 64×56×56 and gives 128×28×28."),
        ("layer1.0.downsample", "There is no layer or block called 'layer1.0.downsample'."),
    ],
)
def test_what_cannot_stand_in_a_row_says_why(prefix, sentence):
    with pytest.raises(NetworkError) as error:
        repeat_block(build("resnet", depth=18), prefix, 2)
    assert str(error.value) == sentence


def test_a_block_with_two_inputs_is_refused():
    network = residual(projection=True)
    group(network, ["layer1.0.add"], "join")
    with pytest.raises(NetworkError, match=r"layer1\.0\.join cannot be repeated: it takes 2 values, not one\."):
        repeat_block(network, "layer1.0.join", 2)


@pytest.mark.parametrize("times", [-1, 0, 1, 101])
def test_how_often_has_limits(times):
    with pytest.raises(NetworkError, match=f"2 to 100 times in a row, not {times}"):
        repeat_block(residual(), "layer1.0", times)


@pytest.mark.parametrize(
    ("template", "options", "prefix", "times"),
    [
        ("resnet", {"depth": 18}, "layer1.0", 2),
        ("resnet", {"depth": 50}, "layer3.2", 6),
        ("wide_resnet", {}, "group1.1", 3),
    ],
)
def test_repeating_a_block_of_a_template_can_be_undone(template, options, prefix, times):
    network = build(template, **options)
    tidy(network)
    before, parameters = network.copy(), analyse(network).parameters
    members = len(network.members(prefix))
    changes = network.edit(lambda network: repeat_block(network, prefix, times))
    assert analyse(network).ok
    assert analyse(network).parameters > parameters
    assert len(network) == len(before) + (times - 1) * members
    assert not overlaps(network)
    network.revert(changes)
    assert network == before


@given(networks(), st.data())
def test_any_block_is_repeated_or_refused_and_undone(network, data):
    blocks = network.block_prefixes()
    if not blocks:
        return
    tidy(network)
    prefix, times = data.draw(st.sampled_from(blocks)), data.draw(st.integers(2, 4))
    before, errors = network.copy(), len(analyse(network).errors)
    try:
        changes = network.edit(lambda network: repeat_block(network, prefix, times))
    except NetworkError:
        assert network == before
        return
    row = repeats_of(network, _first_of(prefix))
    assert len(row) >= times
    assert len(analyse(network).errors) <= errors * times
    network.revert(changes)
    assert network == before


def _first_of(prefix):
    """The block that was repeated: itself, or the first in the block of its name."""
    return prefix if prefix[-1].isdigit() else f"{prefix}.0"


def test_repeats_are_found_in_templates():
    resnet, densenet = build("resnet", depth=50), build("densenet")
    assert repeats_of(resnet, "layer1.1") == ("layer1.1", "layer1.2")
    assert repeats_of(resnet, "layer3.0") == ("layer3.0",)
    assert len(repeats_of(resnet, "layer3.4")) == 5
    layers = tuple(f"features.denseblock1.denselayer{index}" for index in range(1, 7))
    assert repeats_of(densenet, layers[2]) == layers


def test_a_setting_tells_a_repeat_apart():
    network = residual(depth=3)
    assert twins_of(network, "layer1.1.conv1") == ("layer1.1.conv1", "layer1.0.conv1", "layer1.2.conv1")
    network.set_layer("layer1.0.conv1", Conv2d(out_channels=8, kernel_size=5, padding=2))
    assert repeats_of(network, "layer1.1") == ("layer1.1", "layer1.2")
    assert twins_of(network, "layer1.0.conv1") == ("layer1.0.conv1",)
    assert twins_of(network, "fc") == ("fc",)


def test_repeats_are_exported_as_one_class():
    network = residual()
    repeat_block(network, "layer1.0", 4)
    text = python_source(network).text
    assert text.count("class BasicBlock(") == 1


def test_a_kept_block_goes_in_behind_another_and_takes_over_its_wires():
    network = residual()
    tidy(network)
    text = fragment_to_json(network, ["layer1.0"])
    before = network.copy()
    changes = network.edit(lambda network: insert_behind(network, text, "layer1.0"))
    added = [name for name in network.children("layer1") if name not in before.children("layer1")]
    assert len(added) == 1
    assert [edge.source for edge in network.incoming(f"{added[0]}.add")][-1] == "layer1.0.add"
    assert [edge.source for edge in network.incoming("flatten")] == [f"{added[0]}.add"]
    assert analyse(network).ok
    assert not overlaps(network)
    network.revert(changes)
    assert network == before


def test_nothing_goes_in_behind_an_output():
    network = residual()
    text = fragment_to_json(network, ["layer1.0"])
    with pytest.raises(LayerloomError, match="Nothing can follow output: it gives no output"):
        insert_behind(network, text, "output")


def test_a_kept_input_comes_to_stand_without_wires():
    network = Network()
    network.add(ReLU(), "relu")
    source = residual()
    assert insert_behind(network, fragment_to_json(source, ["input"]), "relu") == ["input"]
    assert not network.edges()


def test_a_kept_block_goes_into_one_wire_alone():
    network = residual()
    tidy(network)
    text = fragment_to_json(network, ["layer1.0"])
    (added,) = insert_in_edge(network, text, Edge("input", "layer1.0.conv1"))
    assert [edge.source for edge in network.incoming("layer1.0.conv1")] == [f"{added}.add"]
    assert [edge.source for edge in network.incoming("layer1.0.add")][-1] == "input"
    assert analyse(network).ok
    assert not overlaps(network)
