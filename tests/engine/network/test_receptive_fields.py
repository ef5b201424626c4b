"""Receptive fields of whole networks, place by place, against what moves in torch and against gradients."""

from __future__ import annotations

import random

import pytest
import torch
from dependence import box, boxes, dependence, largest
from linearised import linear_copy

from engine.layers import LAYERS, Layer
from engine.layers.convolution import Conv2d
from engine.layers.global_pooling import AdaptiveAvgPool2d, AdaptiveMaxPool2d, GlobalAvgPool
from engine.layers.input_output import Input
from engine.layers.linear import Linear
from engine.layers.merge import Add, Concat, Multiply
from engine.layers.normalisation import GroupNorm, LayerNorm
from engine.layers.pooling import MaxPool2d
from engine.layers.reshaping import Crop2d, Flatten, Reshape, Upsample, ZeroPad2d
from engine.layers.transposed_convolution import ConvTranspose2d
from engine.network import Network, analyse
from engine.network.receptive_field import MOST_LINES
from templates import TEMPLATES, build

SIZES = ((12, 12), (11, 9), (7, 13), (3, 4))


MODES = ("zeros", "zeros", "reflect", "replicate", "circular")


def kinds(of: random.Random) -> list[tuple[str, dict[str, object]]]:
    """Layers that move or mix places, with settings of their own for rows and columns."""

    def pair(*values: int) -> tuple[int, int]:
        return of.choice(values), of.choice(values)

    conv = {"out_channels": 2, "stride": pair(1, 1, 2)}
    back = {"out_channels": 2, "kernel_size": pair(1, 2, 3)}
    sides = {side: of.randint(0, 3) for side in ("top", "bottom", "left", "right")}
    return [
        (
            "Conv2d",
            conv | {"kernel_size": pair(1, 2, 3, 5), "padding": pair(0, 1, 2), "padding_mode": of.choice(MODES)},
        ),
        ("Conv2d", conv | {"kernel_size": pair(2, 3), "padding": "same", "dilation": pair(1, 2, 3)}),
        ("DepthwiseConv2d", {"kernel_size": pair(1, 3), "padding": pair(0, 1), "stride": pair(1, 3)}),
        ("ConvTranspose2d", back | {"stride": pair(1, 2, 3), "padding": pair(0, 1)}),
        ("ConvTranspose2d", back | {"stride": (2, 3), "output_padding": (1, 2), "dilation": pair(1, 2)}),
        ("MaxPool2d", {"kernel_size": pair(2, 3), "stride": pair(1, 2), "padding": pair(0, 1), "ceil_mode": True}),
        ("AvgPool2d", {"kernel_size": pair(2, 3), "stride": pair(2, 3)}),
        ("Upsample", {"scale": pair(1, 2, 3), "mode": of.choice(["bilinear", "nearest"])}),
        ("Crop2d", sides),
        ("ZeroPad2d", sides),
        ("AdaptiveAvgPool2d", {"output_size": pair(3, 4, 5, 7)}),
        ("FractionalMaxPool2d", {"ratio": 0.6}),
        ("ZeroPadShortcut", {"out_channels": 4}),
        ("Reshape", {"channels": 6, "height": of.choice([1, 2, 3, 4, 6]), "width": of.choice([2, 4, 8])}),
        ("LocalResponseNorm", {}),
        ("BatchNorm2d", {}),
        ("ReLU", {}),
    ]


def drawn(of: random.Random) -> Layer:
    name, settings = of.choice(kinds(of))
    return LAYERS[name].model_validate(settings)


def drawn_network(seed: int) -> Network:
    """Three to twelve layers in a row, with branches that come together again."""
    of = random.Random(seed)
    network = Network()
    height, width = of.choice(SIZES)
    ends = [network.add(Input(channels=2, height=height, width=width), "input")]
    while len(network) < of.randint(4, 13):
        name = network.add(drawn(of), inputs=of.choice([ends[-1], ends[-1], of.choice(ends)]))
        output = analyse(network)[name].output
        if analyse(network)[name].problem or output is None or max(output[1:]) > 24:
            network.remove(name)
            continue
        ends.append(name)
        shapes = {end: analyse(network)[end].output for end in ends}
        like = [end for end in ends[:-1] if shapes[end][1:] == output[1:]]
        if like and of.random() < 0.7:
            other = of.choice(like)
            merge = Add() if shapes[other] == output else Concat()
            ends.append(network.add(merge, inputs=[name, other]))
    return network


def line(*layers: Layer, image: tuple[int, int] = (12, 10)) -> Network:
    """An input and layers in a row, named after their place: l0, l1 …"""
    network = Network()
    network.add(Input(channels=4, height=image[0], width=image[1]), "l0")
    for index, layer in enumerate(layers, start=1):
        network.add(layer, f"l{index}", inputs=f"l{index - 1}")
    return network


def assert_exact(network: Network) -> None:
    """Every place of every node."""
    analysis = analyse(network)
    image = analysis[network.inputs[0]].output
    for name, depends in dependence(network).items():
        field, output = analysis[name].receptive_field, analysis[name].output
        expected = boxes(depends, image)
        height, width = output[1:] if output.is_map else (1, 1)
        assert field.size == largest(expected), name
        assert [field.at(row, column) for row in range(height) for column in range(width)] == expected, name


@pytest.mark.parametrize("seed", [*range(25), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(25, 150))])
def test_random_networks_depend_on_what_their_fields_say(seed):
    torch.manual_seed(seed)
    assert_exact(drawn_network(seed))


SIDES = ("top", "bottom", "left", "right")
CONV = Conv2d(out_channels=4, kernel_size=(3, 2), padding=(1, 0))


@pytest.mark.parametrize(
    "network",
    [
        line(CONV, Crop2d(top=4, bottom=0, left=0, right=3), CONV, GlobalAvgPool()),
        line(CONV, Upsample(scale=(2, 3), mode="bilinear"), CONV, MaxPool2d(kernel_size=(3, 2))),
        line(CONV, Crop2d(top=2, bottom=3, left=4, right=1), LayerNorm(), CONV),
        line(MaxPool2d(), CONV, Reshape(channels=3, height=4, width=10), CONV, MaxPool2d(), image=(12, 12)),
        line(Reshape(channels=8, height=12, width=5), CONV),
        line(Crop2d(), GroupNorm(groups=2), Flatten(), Linear(), Reshape(height=2, width=5), CONV),
        line(AdaptiveAvgPool2d(output_size=(5, 7)), CONV, AdaptiveMaxPool2d(output_size=(2, 3))),
        line(CONV, MaxPool2d(), CONV, ConvTranspose2d(out_channels=2, kernel_size=(2, 5), stride=(3, 4)), CONV),
        line(*[CONV] * 9),
    ],
)
def test_fields_end_where_the_image_is_cut_enlarged_or_laid_out_anew(network):
    torch.manual_seed(0)
    assert_exact(network)


def test_where_a_path_with_gaps_meets_another_each_place_has_its_own_field():
    network = line(CONV, ZeroPad2d(top=2, bottom=0, left=0, right=3))
    network.add(Crop2d(top=0, bottom=10, left=0, right=9), "corner", inputs="l0")
    network.add(ConvTranspose2d(out_channels=4, kernel_size=(14, 12), stride=1), "wide", inputs="corner")
    network.add(Conv2d(out_channels=4, kernel_size=(2, 1)), "fit", inputs="wide")
    network.add(Add(), "add", inputs=["l2", "fit"])
    network.add(MaxPool2d(), "pool", inputs="add")
    torch.manual_seed(0)
    assert_exact(network)


def test_a_gate_lets_each_place_see_all_that_it_was_made_of():
    network = line(CONV, Crop2d(), GlobalAvgPool())
    network.add(Multiply(), "gated", inputs=["l1", "l3"])
    torch.manual_seed(0)
    assert_exact(network)
    assert analyse(network)["gated"].receptive_field.size == (12, 9)


@pytest.mark.parametrize("gap", [0, 1])  # of places on each side that see nothing of one path
@pytest.mark.parametrize("first", ["halved", "cut"])
@pytest.mark.parametrize(("kernel", "jump"), [(1, 2), (3, 1)])
def test_where_paths_of_another_spacing_meet_the_one_that_sees_most_says_how_far_places_are_apart(
    first, kernel, jump, gap
):
    network = line(MaxPool2d(), image=(16, 16))  # which sees 2 × 2, 2 apart
    network.add(Crop2d(**dict.fromkeys(SIDES, 4 + gap)), "middle", inputs="l0")
    network.add(Conv2d(out_channels=4, kernel_size=kernel, padding=kernel // 2), "conv", inputs="middle")
    network.add(ZeroPad2d(**dict.fromkeys(SIDES, gap)), "cut", inputs="conv")
    network.add(Add(), "add", inputs=["l1", "cut"] if first == "halved" else ["cut", "l1"])
    nodes = analyse(network).nodes
    assert (nodes["l1"].receptive_field.jump, nodes["cut"].receptive_field.jump) == ((2, 2), (1, 1))
    assert nodes["add"].receptive_field.jump == (jump, jump)


def test_what_is_too_large_to_follow_has_no_field():
    network = line(CONV, CONV, image=(MOST_LINES + 1, 10))
    assert {node.receptive_field for node in analyse(network).nodes.values()} == {None}
    network = line(Upsample(scale=2), image=(MOST_LINES, 10))
    assert analyse(network)["l0"].receptive_field.size == (1, 1)
    assert analyse(network)["l1"].receptive_field is None


USUAL = [(name, {}) for name in TEMPLATES]
OTHERS = [
    pytest.param(name, {option.name: value}, marks=pytest.mark.slow)
    for name, template in TEMPLATES.items()
    for option in template.options.values()
    for value in option.choices or ()
    if value != option.default
]


@pytest.mark.parametrize(("name", "options"), [*USUAL, *OTHERS])
def test_fields_of_templates_are_where_the_gradients_are(name, options):
    network = build(name, **options)
    torch.manual_seed(0)
    analysis, values = analyse(network), linear_copy(network)
    image = values[network.inputs[0]]
    checked = [name for name, node in analysis.nodes.items() if node.receptive_field and node.sources]
    for name in checked[:: len(checked) // 5 + 1] + checked[-1:]:
        value, field = values[name], analysis[name].receptive_field
        height, width = value.shape[2:] if value.ndim == 4 else (1, 1)
        for row, column in {(0, 0), (height // 2, width // 2), (height - 1, width - 1), (height // 3, 0)}:
            (gradient,) = torch.autograd.grad(value.view(height, width)[row, column], image, retain_graph=True)
            assert field.at(row, column) == box(gradient[0, 0] != 0), (name, row, column)
        assert field.size == largest([field.at(row, column) for row in range(height) for column in range(width)])
