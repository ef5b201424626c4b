"""Fixes further up a path: where paths do not go together, the number that is wrong is what is offered first."""

import random

import pytest
from drawings import unusual
from pydantic import ValidationError

from engine.layers import LAYERS, Shape
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.input_output import Input, Output
from engine.layers.merge import Add, Concat, Multiply
from engine.layers.pooling import AvgPool2d, MaxPool2d
from engine.layers.unpooling import MaxUnpool2d
from engine.network import Network, analyse
from engine.network.names import short_name
from templates import TEMPLATES, build

SIZES = ("stride", "padding", "kernel_size")


def beside(*layers, merge, channels=8, size=28):
    """An input, a path of one layer each, and a merge of them all."""
    network = Network()
    network.add(Input(channels=channels, height=size, width=size), "input")
    paths = [network.add(layer, inputs="input") for layer in layers]
    network.add(merge, "merge", inputs=paths)
    network.add(Output(), "output", inputs="merge")
    return network


def first_fix(network):
    """The first fix of the only problem, after which nothing is wrong and its shape is the one it said."""
    (problem,) = analyse(network).blocking
    fix = problem.fixes[0]
    after = network.copy()
    after.edit(fix.edit)
    found = analyse(after)
    assert found.ok
    assert found[problem.node].output == fix.assumed == analyse(network)[problem.node].output
    return fix


@pytest.mark.parametrize("merge", [Concat(), Add()])
@pytest.mark.parametrize(
    ("odd", "label"),
    [
        (MaxPool2d(), "stride 1, same padding"),  # no equal padding keeps 28 rows under two
        (MaxPool2d(kernel_size=3), "stride 1, padding 1"),
        (MaxPool2d(kernel_size=3, padding=1), "stride 1"),
        (AvgPool2d(kernel_size=5, stride=3), "stride 1, padding 2"),
        (MaxPool2d(kernel_size=3, stride=1), "padding 1"),
        (Conv2d(out_channels=8), "padding 1"),
        (Conv2d(out_channels=8, kernel_size=(1, 7)), "padding 0×3"),
        (Conv2d(out_channels=8, kernel_size=5, padding=1), "padding 2"),
        (Conv2d(out_channels=8, stride=2, padding=1), "stride 1"),
        (Conv2d(out_channels=8, kernel_size=4, padding=1), "kernel 3"),
        (Conv2d(out_channels=8, dilation=2), "padding 2"),
        (Conv2d(out_channels=8, stride=2, padding="same"), "stride 1"),
    ],
)
def test_what_alone_changes_the_size_is_set_to_keep_it(odd, label, merge):
    network = beside(Conv2d(out_channels=8, kernel_size=1), Conv2d(out_channels=8, padding=1), odd, merge=merge)
    name = next(name for name in network if network.layer(name) == odd)
    before = analyse(network)[name].output
    fix = first_fix(network)
    assert fix.label == f"Set {name} to {label}"
    assert fix.effect == f"{name} then gives 8×28×28 in place of {before}."


def test_all_paths_that_change_the_size_are_set_at_once():
    convs = [Conv2d(out_channels=8, kernel_size=1) for _ in range(2)]
    network = beside(*convs, MaxPool2d(kernel_size=3), AvgPool2d(kernel_size=3, padding=1), merge=Concat())
    assert first_fix(network).label == "Set maxpool1 to stride 1, padding 1, set avgpool1 to stride 1"
    (problem,) = analyse(network).blocking
    assert sum(fix.label.startswith("Set ") for fix in problem.fixes) == 1  # no other size is that of most


@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_paths_the_one_keeps_its_stride_whose_stride_somebody_chose(swapped):
    strided, plain = Conv2d(out_channels=8, stride=2, padding=1), Conv2d(out_channels=8, padding=1)
    network = beside(*((plain, strided) if swapped else (strided, plain)), merge=Add())
    plain_name = "conv1" if swapped else "conv2"
    assert first_fix(network).label == f"Set {plain_name} to stride 2"
    for pool, label in ((MaxPool2d(), "stride 1, same padding"), (MaxPool2d(kernel_size=3, padding=1), "stride 1")):
        network = beside(Conv2d(out_channels=8, kernel_size=1), pool, merge=Concat())
        assert first_fix(network).label == f"Set maxpool1 to {label}"  # it comes with its stride


def test_a_layer_further_up_is_set_where_the_one_below_means_to_shrink():
    network = Network()
    network.add(Input(channels=3, height=35, width=35), "input")
    network.add(Conv2d(out_channels=4, padding=0), "conv1", inputs="input")
    network.add(ReLU(), "relu", inputs="conv1")
    network.add(Conv2d(out_channels=4, stride=2), "conv2", inputs="relu")
    network.add(MaxPool2d(kernel_size=3), "pool", inputs="input")
    network.add(Concat(), "concat", inputs=["pool", "conv2"])
    network.add(Output(), "output", inputs="concat")
    assert analyse(network)["concat"].inputs == (Shape(3, 17, 17), Shape(4, 16, 16))
    assert first_fix(network).label == "Set conv1 to padding 1"


def test_windows_that_touch_without_overlapping_leave_nothing_out():
    network = Network()
    network.add(Input(channels=8, height=29, width=29), "input")
    network.add(Conv2d(out_channels=8, kernel_size=2, padding=0), "conv1", inputs="input")
    network.add(Conv2d(out_channels=8, padding=1), "conv2", inputs="conv1")
    network.add(MaxPool2d(), "pool1", inputs="input")
    network.add(AvgPool2d(), "pool2", inputs="input")
    network.add(Concat(), "concat", inputs=["conv2", "pool1", "pool2"])
    network.add(Output(), "output", inputs="concat")
    assert first_fix(network).label == "Set conv1 to stride 2"


def test_a_layer_that_feeds_other_paths_too_is_not_set():
    network = Network()
    network.add(Input(channels=8, height=28, width=28), "input")
    network.add(Conv2d(out_channels=8, stride=2, padding=1), "conv1", inputs="input")
    network.add(Conv2d(out_channels=8, padding=1), "conv2", inputs="conv1")
    network.add(Add(), "inner", inputs=["conv1", "conv2"])
    network.add(Add(), "outer", inputs=["inner", "input"])
    network.add(Output(), "output", inputs="outer")
    (problem,) = analyse(network).blocking
    assert problem.node == "outer"
    assert not any(fix.label.startswith("Set conv1") for fix in problem.fixes)


def test_a_gate_is_not_made_by_a_stride_as_large_as_the_map():
    network = Network()
    network.add(Input(channels=8, height=28, width=28), "input")
    network.add(Conv2d(out_channels=8, padding=1), "conv1", inputs="input")
    network.add(GlobalAvgPool(), "mean", inputs="input")
    network.add(Conv2d(out_channels=6, kernel_size=1), "conv2", inputs="mean")
    network.add(Multiply(), "gate", inputs=["conv1", "conv2"])
    network.add(Output(), "output", inputs="gate")
    (problem,) = analyse(network).blocking
    assert not any("stride" in fix.label for fix in problem.fixes)


def test_what_feeds_an_unpooling_is_set_to_the_size_that_its_pool_gave():
    network = Network()
    network.add(Input(channels=4, height=16, width=16), "input")
    network.add(MaxPool2d(), "pool", inputs="input")
    network.add(Conv2d(out_channels=4), "conv", inputs="pool")
    network.add(MaxUnpool2d(), "unpool", inputs=["conv", "pool"])
    network.add(Output(), "output", inputs="unpool")
    assert first_fix(network).label == "Set conv to padding 1"


@pytest.mark.parametrize(
    ("depth", "node", "settings", "label"),
    [
        (18, "layer1.1.conv1", {"stride": (2, 2)}, "Set conv1 to stride 1"),
        (18, "layer2.0.conv1", {"stride": (1, 1)}, "Set conv1 to stride 2"),
        (50, "layer2.0.conv2", {"stride": (1, 1)}, "Set conv2 to stride 2"),  # not conv1, which leaves pixels out
        (50, "layer3.0.downsample.0", {"stride": (1, 1)}, "Set downsample.0 to stride 2"),
        (50, "layer3.0.downsample.0", {"padding": (1, 1)}, "Set downsample.0 to padding 0"),
        (50, "layer4.0.conv1", {"padding": (1, 1)}, "Set conv1 to padding 0"),
        (50, "layer4.2.conv2", {"kernel_size": (4, 4)}, "Set conv2 to kernel 3"),
    ],
)
def test_a_number_that_was_changed_in_a_residual_block_is_set_back(depth, node, settings, label):
    whole = build("resnet", depth=depth)
    network = whole.copy()
    network.set_layer(node, network.layer(node).with_settings(**settings))
    fix = first_fix(network)
    assert fix.label == label
    network.edit(fix.edit)
    assert network == whole


def test_where_many_layers_are_called_alike_the_branch_is_said_too():
    network = build("googlenet")
    conv = "inception3a.branch3.1.conv"
    network.set_layer(conv, network.layer(conv).with_settings(padding=(0, 0)))
    assert first_fix(network).label == "Set branch3 › block 1 › conv to padding 2"


def widths_changed(depth):
    """Each convolution of a ResNet with other widths: those of other stages, half and double, and odd ones."""
    network = build("resnet", depth=depth)
    for name in network:
        layer = network.layer(name)
        if isinstance(layer, Conv2d):
            own = layer.out_channels
            for width in {own // 2, own * 2, 64, 256, 7, own + 1} - {own}:
                yield network, name, layer.with_settings(out_channels=width)


@pytest.mark.parametrize("depth", [18, pytest.param(50, marks=pytest.mark.slow)])
def test_any_width_that_was_changed_in_a_resnet_is_set_back_first(depth):
    tried = 0
    for network, name, changed in widths_changed(depth):
        own = network.layer(name)
        with network.rehearsal(places=False):
            network.set_layer(name, changed)
            problems = analyse(network).blocking
            if problems:
                tried += 1
                fix = problems[0].fixes[0]
                assert fix.label == f"Set {short_name(name)} to {own.out_channels}", (name, changed.out_channels)
                fix.edit(network)
                assert analyse(network).ok
    assert tried > 50


@pytest.mark.parametrize("channels", [3, 64])
def test_a_path_with_the_width_of_most_layers_keeps_it_and_the_other_is_projected(channels):
    network = Network()
    network.add(Input(channels=channels, height=8, width=8), "input")
    network.add(Conv2d(out_channels=32, padding=1), "conv1", inputs="input")
    network.add(Conv2d(out_channels=32, padding=1), "conv2", inputs="conv1")
    network.add(Add(), "add", inputs=["conv2", "input"])
    network.add(Output(), "output", inputs="add")
    assert first_fix(network).label == "Insert 1×1 projection"
    network.set_layer("conv1", Conv2d(out_channels=channels, padding=1))
    network.set_layer("conv2", Conv2d(out_channels=32, padding=1))
    assert first_fix(network).label == f"Set conv2 to {channels}"


def one_number_off(network):
    """Each node with a size or a width by one, or half as wide."""
    for name in network:
        layer = network.layer(name)
        for setting in SIZES:
            value = getattr(layer, setting, None)
            for step in (-1, 1) if isinstance(value, tuple) else ():
                yield name, {setting: tuple(number + step for number in value)}
        if layer.width_setting:
            width = getattr(layer, layer.width_setting)
            yield from ((name, {layer.width_setting: other}) for other in (width // 2, width + 1))


@pytest.mark.parametrize("name", TEMPLATES)
def test_with_any_number_off_the_first_fix_builds_works_and_leaves_nothing_new(name):
    network = build(name)
    faults = list(one_number_off(network))
    for node, settings in faults[:: len(faults) // 40 + 1]:
        try:
            changed = network.layer(node).with_settings(**settings)
        except ValidationError:
            continue
        with network.rehearsal(places=False):
            network.set_layer(node, changed)
            found = analyse(network)
            before = {(problem.code, problem.node) for problem in found.blocking}
            for problem in found.blocking[:1]:
                fix = problem.fixes[0]
                assert not fix.removes, (node, settings)
                fix.edit(network)
                after = analyse(network)
                left = {(other.code, other.node) for other in after.blocking}
                assert (problem.code, problem.node) not in left, (node, settings, fix.label)
                assert left < before, (node, settings, fix.label)
                assert after[problem.node].output == fix.assumed == found[problem.node].output


@pytest.mark.parametrize("name", LAYERS)
def test_settings_that_shall_give_a_size_give_it_and_say_what_changes(name):
    draw, x = random.Random(name), Shape(8, 28, 28)
    for layer in (LAYERS[name](), *(unusual(draw, LAYERS[name]) for _ in range(20))):
        for size in ((28, 28), (14, 14), (13, 27), (1, 1), (30, 30)):
            for way in layer.resizing(x, size):
                assert layer.with_settings(**way.settings).output_shape(x)[1:] == size
                assert way.settings == {
                    key: value for key, value in way.settings.items() if value != getattr(layer, key)
                }
                assert len(way.label.split(", ")) == len(way.settings)
