"""How far windows reach, beyond the edges too, against the gradients of images that go on there."""

import random

import pytest
import torch
from dependence import box
from linearised import linear_copy

from engine.layers import LAYERS
from engine.network import Network, analyse
from engine.network.reach import reach_of
from templates import build

MORE = 64  # px on each side that the larger image has; every jump divides it


def stack(of):
    """Layers in a row with windows of their own, some beside a second path."""
    pair = lambda *values: (of.choice(values), of.choice(values))  # noqa: E731 - a short word for a draw
    kinds = [
        ("Conv2d", lambda: {"kernel_size": pair(3, 5), "padding": pair(0, 1, 2), "stride": pair(1, 1, 2)}),
        ("Conv2d", lambda: {"kernel_size": pair(2, 3), "padding": pair(0, 1), "dilation": pair(1, 2)}),
        ("MaxPool2d", lambda: {"kernel_size": (3, 3), "stride": pair(1, 2), "padding": pair(0, 1), "ceil_mode": True}),
        ("AvgPool2d", lambda: {"kernel_size": pair(2, 3), "stride": pair(1, 2), "padding": (1, 1)}),
        ("Upsample", lambda: {"scale": (2, 2), "mode": of.choice(["nearest", "bilinear"])}),
        ("ConvTranspose2d", lambda: {"kernel_size": pair(2, 3), "stride": (2, 2)}),
        ("paths", dict),
    ]
    return [(name, settings()) for name, settings in of.choices(kinds, k=of.randint(2, 5))]


def drawn(layers, size):
    network = Network()
    before = network.add(LAYERS["Input"](channels=1, height=size[0], width=size[1]), "input")
    for name, settings in layers:
        if name == "paths":
            wide = network.add(LAYERS["Conv2d"](kernel_size=5, padding=2, out_channels=2), inputs=before)
            narrow = network.add(LAYERS["Conv2d"](kernel_size=(1, 3), padding=(0, 1), out_channels=2), inputs=before)
            before = network.add(LAYERS["Add"](), inputs=[narrow, wide])
        else:
            before = network.add(LAYERS[name].model_validate(settings), inputs=before)
    return network


def support(values, name, row, column):
    """The box of pixels that a place of a linear network has a gradient by."""
    (gradient,) = torch.autograd.grad(values[name][0, 0, row, column], values["input"], retain_graph=True)
    return box(gradient[0, 0] != 0)


def places(output):
    _, height, width = output
    return {(0, 0), (height - 1, width - 1), (height // 2, 0), (0, width // 2), (height // 2, width // 2)}


@pytest.mark.parametrize("seed", [*range(12), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(12, 60))])
def test_windows_reach_as_far_as_in_an_image_that_goes_on(seed):
    of = random.Random(seed)
    layers, size = stack(of), (of.randint(9, 14), of.randint(9, 14))
    network, wide = drawn(layers, size), drawn(layers, (size[0] + 2 * MORE, size[1] + 2 * MORE))
    analysis = analyse(network)
    if analysis.errors:
        pytest.skip("a window is larger than what it slides over")
    values, further = linear_copy(network), linear_copy(wide)
    for name in list(network)[1:]:
        reach, (down, across) = reach_of(network, name), analysis[name].receptive_field.jump
        assert reach.larger == (reach.size[0] > size[0] or reach.size[1] > size[1])
        for row, column in places(analysis[name].output):
            inside = support(values, name, row, column)
            seen = reach.at(row, column)
            if reach.larger or inside is None:
                assert seen == reach.whole
                continue
            on = support(further, name, row + round(MORE / down), column + round(MORE / across))
            expected = tuple((first - MORE, last - MORE) for first, last in on)
            assert tuple(seen) == expected, (name, row, column)
            for (first, last), own, end in zip(seen, inside, size, strict=True):
                assert own == (own[0] if first < 0 else first, own[1] if last >= end else last)
            assert seen.size <= reach.window


def test_figures_that_papers_give():
    resnet = build("resnet", depth=18)
    reach = reach_of(resnet, "layer4.1.conv2")
    assert (reach.size, reach.larger) == ((435, 435), True)
    assert reach.at(3, 3) == reach.whole == ((0, 223), (0, 223))
    assert reach.larger_words("layer4") == (
        "layer4's receptive field is 435×435, larger than the 224×224 image: whole images are shown."
    )
    lenet = build("lenet5")
    assert (reach_of(lenet, "conv2").size, reach_of(lenet, "conv2").larger_words("conv2")) == ((14, 14), "")
    assert reach_of(lenet, "conv2").at(1, 5) == ((2, 15), (10, 23))
    assert reach_of(lenet, "fc1").at(0, 0) == ((0, 31), (0, 31))


def test_what_was_laid_out_anew_ends_where_the_image_does():
    network = Network()
    network.add(LAYERS["Input"](channels=1, height=6, width=6), "input")
    network.add(LAYERS["Reshape"](channels=1, height=4, width=9), "reshape", inputs="input")
    network.add(LAYERS["Conv2d"](kernel_size=3, padding=1), "conv", inputs="reshape")
    reach, field = reach_of(network, "conv"), analyse(network)["conv"].receptive_field
    assert {reach.at(row, column) == field.at(row, column) for row in range(4) for column in range(9)} == {True}


def test_a_bypassed_layer_and_reflected_edges_add_nothing():
    network = Network()
    network.add(LAYERS["Input"](channels=1, height=9, width=9), "input")
    network.add(LAYERS["Conv2d"](kernel_size=5, padding=2, out_channels=1), "idle", inputs="input")
    network.add(LAYERS["Conv2d"](kernel_size=3, padding=1, padding_mode="reflect"), "conv", inputs="idle")
    network.set_node("idle", bypassed=True)
    assert reach_of(network, "conv").at(0, 4) == ((0, 1), (3, 5))


def test_paths_that_repeat_after_different_numbers_of_lines_go_on_together():
    network = Network()
    network.add(LAYERS["Input"](channels=1, height=16, width=16), "input")
    wide = LAYERS["ConvTranspose2d"](out_channels=1, kernel_size=6, stride=2, padding=2)
    network.add(wide, "wide", inputs="input")  # line y reads from ⌈(y - 3) / 2⌉ to ⌊(y + 2) / 2⌋
    network.add(LAYERS["Conv2d"](out_channels=1, kernel_size=1, stride=2), "every_other", inputs="input")
    fourfold = LAYERS["ConvTranspose2d"](out_channels=1, kernel_size=4, stride=4)
    network.add(fourfold, "fourfold", inputs="every_other")  # line y reads 2⌊y / 4⌋
    network.add(LAYERS["Add"](), "add", inputs=["wide", "fourfold"])
    network.add(LAYERS["Conv2d"](kernel_size=9, padding=4), "conv", inputs="add")
    reach = reach_of(network, "conv")
    assert reach.at(0, 16) == ((-3, 3), (5, 11))
    assert reach.at(31, 0) == ((12, 18), (-3, 3))
