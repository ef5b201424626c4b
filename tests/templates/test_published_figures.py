"""Templates against figures that papers, lectures and well-known implementations give."""

from __future__ import annotations

import pytest
import torch

from engine.errors import LayerloomError
from engine.layers import Shape
from engine.layers.normalisation import BatchNorm2d
from engine.network import analyse
from engine.torchvision_compat import torchvision
from templates import TEMPLATES, build

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("name", "options", "parameters"),
    [
        ("lenet5", {}, 61_706),
        ("lenet5", {"variant": "1998"}, 60_000),
        ("lenet5", {"variant": "full"}, 60_000 - 1516 + 2416 + 850),
        ("lenet5", {"variant": "rbf"}, 156 + 2416 + 48_120 + 10_164 + 840),
        ("lenet5", {"variant": "harley"}, 156 + 2416 + 48_120 + 12_100 + 1010),
        ("alexnet", {}, 62_378_344),
        ("alexnet", {"variant": "two_gpu"}, 60_965_224),
        ("alexnet", {"variant": "batch_norm"}, 56_358_986),
        ("zfnet", {}, 62_357_608),
        ("network_in_network", {}, 966_986),
        ("googlenet", {"aux": False}, 6_998_552),
        ("googlenet", {}, 13_378_280),
        ("vgg", {"configuration": "A-LRN"}, 132_863_336),
        ("vgg", {"configuration": "C"}, 133_638_952),
        ("wide_resnet", {"depth": 16, "width": 4}, 2_748_890),
        ("wide_resnet", {"depth": 28, "width": 10}, 36_479_194),
        ("mobilenet", {}, 4_231_976),
        ("fashion_cnn", {}, 416 + 32 + 12_832 + 64 + 15_690),
        ("perceptron", {"classes": 1}, 28 * 28 + 1),
    ],
)
def test_parameters(name, options, parameters):
    assert analyse(build(name, **options)).parameters == parameters


@pytest.mark.parametrize(
    ("name", "options", "macs"),
    [
        ("inception_module", {"variant": "naive"}, 854.2),  # 854 M in lecture 003
        ("inception_module", {"variant": "reduced"}, 271.4),  # its 358 M counts the 3×3 twice
        ("mobilenet", {}, 568.7),  # 569 M in the paper's table 4
        ("mobilenet", {"width_multiplier": 0.75}, 325.4),  # 325 M in its table 6
        ("mobilenet", {"width_multiplier": 0.5}, 149.5),  # 149 M
        ("alexnet", {"variant": "two_gpu"}, 724.4),
    ],
)
def test_multiply_adds_in_millions(name, options, macs):
    assert analyse(build(name, **options)).multiply_adds / MILLION == pytest.approx(macs, abs=0.05)


@pytest.mark.parametrize(("depth", "billions"), [(18, 1.8), (34, 3.6), (50, 3.8), (101, 7.6), (152, 11.3)])
def test_resnets_cost_what_the_paper_says_with_the_stride_in_the_first_1x1(depth, billions):
    options = {"depth": depth} | ({"stride_in": "1x1"} if depth >= 50 else {})
    assert analyse(build("resnet", **options)).multiply_adds / 1e9 == pytest.approx(
        billions, abs=0.07
    )  # it cuts decimals off


def test_the_keras_table_row_for_row():
    """Lecture 001: output and parameters, where Keras counts the running mean and variance of batch norm too."""
    rows = [
        *(((96, 55, 55), 34_944), ((96, 55, 55), 384), ((96, 27, 27), 0)),
        *(((256, 27, 27), 614_656), ((256, 27, 27), 1024), ((256, 13, 13), 0)),
        *(((384, 13, 13), 885_120), ((384, 13, 13), 1536), ((384, 13, 13), 147_840), ((384, 13, 13), 1536)),
        *(((256, 13, 13), 98_560), ((256, 13, 13), 1024), ((256, 6, 6), 0), ((9216,), 0)),
        *(((4096,), 37_752_832), ((4096,), 0), ((4096,), 16_781_312), ((4096,), 0), ((10,), 40_970)),
    ]
    network = build("alexnet", variant="batch_norm")
    analysis = analyse(network)
    found = []
    for name, node in analysis.nodes.items():
        if type(network.layer(name)).__name__ in ("Input", "Output", "ReLU"):
            continue
        running = 2 * node.output.channels if isinstance(network.layer(name), BatchNorm2d) else 0
        found.append((tuple(node.output), node.parameters + running))
    assert found == rows


def test_googlenet_modules_have_the_sizes_of_the_papers_table():
    analysis = analyse(build("googlenet"))
    sizes = {"3a": (256, 28), "3b": (480, 28), "4a": (512, 14), "4b": (512, 14), "4c": (512, 14), "4d": (528, 14)}
    sizes |= {"4e": (832, 14), "5a": (832, 7), "5b": (1024, 7)}
    for name, (maps, side) in sizes.items():
        assert analysis[f"inception{name}.concat"].output == Shape(maps, side, side)
    assert analysis["aux1.pool"].output == Shape(512, 4, 4)
    assert analysis["aux2.pool"].output == Shape(528, 4, 4)


def test_the_naive_module_grows_and_the_reduced_one_does_not():
    assert analyse(build("inception_module", variant="naive"))["concat"].output == Shape(672, 28, 28)
    assert analyse(build("inception_module", variant="reduced"))["concat"].output == Shape(480, 28, 28)


def test_top_5_errors_are_those_that_the_lectures_give():
    """15.3 % in document 001, the others in 003; of ResNet, DenseNet and Inception v3 none gives one."""
    given = {name: template.top5 for name, template in TEMPLATES.items() if template.top5 is not None}
    assert given == {"alexnet": 15.3, "zfnet": 11.7, "vgg": 7.3, "googlenet": 6.7}


def test_the_neocognitron_has_fukushimas_sizes():
    analysis = analyse(build("neocognitron"))
    sizes = {"s1": 16, "c1": 10, "s2": 8, "c2": 6, "s3": 2, "c3": 1}
    assert {name: analysis[name].output for name in sizes} == {k: Shape(24, v, v) for k, v in sizes.items()}
    layers = {name: node.layer for name, node in analysis.nodes.items()}
    assert [layers[name].kernel_size for name in sizes] == [(5, 5)] * 5 + [(2, 2)]
    assert [layers[name].selectivity for name in ("s1", "s2", "s3")] == [4.0, 1.5, 1.5]


@pytest.mark.parametrize("depth", [18, 34])
def test_plain_networks_and_zero_pad_shortcuts_lack_the_projections(depth):
    with torch.device("meta"):
        model = getattr(torchvision().models, f"resnet{depth}")(weights=None)
    projections = sum(value.numel() for name, value in model.named_parameters() if "downsample" in name)
    everything = sum(value.numel() for value in model.parameters())
    assert analyse(build("plain", depth=depth)).parameters == everything - projections
    assert analyse(build("resnet", depth=depth, shortcut="zero_pad")).parameters == everything - projections


def test_preactivation_takes_the_norms_of_the_projections_and_adds_one():
    """4 projections lose their batch norm; each first norm reads what comes in; one norm ends the network."""
    with torch.device("meta"):
        model = torchvision().models.resnet50(weights=None)
    after = sum(value.numel() for value in model.parameters())
    network = build("resnet", depth=50, preactivation=True)
    convolutions = sum(value.numel() for value in model.parameters() if value.dim() == 4)
    analysis = analyse(network)
    mine = sum(node.parameters for name, node in analysis.nodes.items() if "conv" in name or "downsample" in name)
    assert mine == convolutions
    assert analysis.parameters == 25_549_352  # timm's resnetv2_50 has as many
    assert analysis.parameters < after


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("resnet", {"depth": 34, "stride_in": "1x1"}, "stride_in=1x1 needs bottlenecks: depth 50, 101 or 152, not 34."),
        (
            "alexnet",
            {"variant": "torchvision", "norm_order": "mixed"},
            "AlexNet's torchvision variant has no local response norm: leave norm_order out.",
        ),
        (
            "lenet5",
            {"variant": "1998", "classes": 26},
            "LeNet-5 of 1998 ends in pictures of ten digits: classes must be 10, not 26.",
        ),
        (
            "inception_v3",
            {"input_size": 128},
            "Inception v3 cannot be drawn so. At AuxLogits.conv1.conv: The 5×5 kernel is larger than its 1×1 input. "
            "An input_size from 299 on works.",
        ),
        ("mlp", {"hidden": "128,0"}, "hidden cannot be 128,0: it is whole numbers with commas between, each from 1 to"),
    ],
)
def test_options_that_do_not_go_together_are_refused_with_a_sentence(name, options, sentence):
    with pytest.raises(LayerloomError) as refusal:
        build(name, **options)
    assert str(refusal.value).startswith(sentence)


def test_hidden_sizes_come_as_text_or_numbers():
    assert build("mlp", hidden="30, 20") == build("mlp", hidden=(30, 20)) == build("mlp", hidden=[30, 20])
    assert analyse(build("mlp", hidden="300")).parameters == 784 * 300 + 300 + 300 * 10 + 10
