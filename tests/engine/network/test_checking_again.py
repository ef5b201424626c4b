"""What an edge does to the node it comes from: fixes of a problem there depend on what it feeds."""

import random

import pytest

from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.merge import Add
from engine.layers.reshaping import Flatten, Reshape
from engine.network import Analyser, Network, NetworkError, analyse


@pytest.fixture
def network():
    """A sum without inputs beside a line of layers."""
    network = Network("small")
    network.add(Input(channels=2, height=6, width=6), "input")
    network.add(Add(), "sum")
    network.add(Conv2d(out_channels=4), "conv")
    network.add(Output(), "output")
    return network


def fixes_of(analysis, node):
    return [fix.label for fix in analysis[node].problem.fixes]


def test_the_fixes_of_a_node_follow_the_edges_that_leave_it(network):
    analyser = Analyser(network)
    before = fixes_of(analyser.update(), "sum")
    assert before[-1] == "Remove sum"
    edge = network.connect("sum", "conv")
    assert "Remove sum" not in fixes_of(analyser.update(), "sum")
    network.disconnect(edge)
    assert fixes_of(analyser.update(), "sum") == before


def test_fixes_follow_what_flows_into_the_node_above_though_it_gives_the_same():
    network = Network("flattened")
    network.add(Input(channels=1, height=16, width=16), "input")
    network.add(Conv2d(out_channels=128, kernel_size=16), "conv1", inputs="input")
    network.add(Reshape(channels=8, height=4, width=4), "reshape", inputs="conv1")
    network.add(Flatten(), "flatten", inputs="reshape")
    network.add(Conv2d(kernel_size=3), "conv2", inputs="flatten")
    analyser = Analyser(network)
    assert analyser.update()["conv2"].problem.fixes[0].assumed[1:] == (2, 2)
    network.set_layer("reshape", Reshape(channels=2, height=8, width=8))
    assert analyser.update()["conv2"].problem.fixes[0].assumed[1:] == (6, 6)


@pytest.mark.parametrize("seed", range(30))
def test_after_any_edges_and_settings_the_kept_analysis_is_the_whole_one(seed):
    draw, network = random.Random(seed), Network("any")
    network.add(Input(channels=2, height=6, width=6), "input")
    kinds = [Conv2d(out_channels=4), Conv2d(kernel_size=9), Linear(out_features=3), Add(), ReLU(), Output()]
    names = ["input", *(network.add(draw.choice(kinds)) for _ in range(4))]
    analyser = Analyser(network)
    for _ in range(10):
        edges = network.edges()
        try:
            if edges and draw.random() < 0.4:
                network.disconnect(draw.choice(edges))
            elif draw.random() < 0.3:
                network.set_layer(draw.choice(names[1:]), draw.choice(kinds))
            else:
                network.connect(draw.choice(names), draw.choice(names))
        except NetworkError:
            continue
        assert analyser.update() == analyse(network)
