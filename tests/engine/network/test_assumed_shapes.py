"""What is assumed after a problem is what its first fix gives; what that would break further down stays without."""

import random

import pytest
from drawings import unusual

from engine.layers import Shape
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.merge import Add, Concat
from engine.layers.pooling import MaxPool2d
from engine.layers.unpooling import MaxUnpool2d
from engine.network import Edge, Network, State, analyse
from templates import build


def encoder_and_decoder() -> Network:
    """Two max pools and what undoes them, with a path beside that is joined again."""
    network = Network()
    network.add(Input(channels=3, height=16, width=16), "input")
    network.add(Conv2d(out_channels=8, padding=1), "conv1", inputs="input")
    network.add(MaxPool2d(), "pool1", inputs="conv1")
    network.add(MaxPool2d(kernel_size=3, padding=1), "pool2", inputs="pool1")
    network.add(MaxUnpool2d(), "unpool2", inputs=["pool2", "pool2"])
    network.add(Conv2d(out_channels=8, padding=1), "conv2", inputs="unpool2")
    network.add(MaxUnpool2d(), "unpool1", inputs=["conv2", "pool1"])
    network.add(Concat(), "concat", inputs=["unpool1", "conv1"])
    network.add(Conv2d(out_channels=8, kernel_size=1), "conv3", inputs="concat")
    network.add(Add(), "add", inputs=["conv3", "conv1"])
    network.add(Output(), "output", inputs="add")
    return network


WHOLE = {
    "encoder and decoder": encoder_and_decoder,
    "resnet": lambda: build("resnet", depth=18),
    "inception_module": lambda: build("inception_module"),
    "densenet": lambda: build("densenet"),
    "googlenet": lambda: build("googlenet"),
}


def one_fault(draw: random.Random, network: Network) -> None:
    """Cut a wire, let it come from elsewhere, change a number of a layer, or bypass one."""
    match draw.choice(["cut", "cut", "move", "change", "bypass"]):
        case "cut":
            network.disconnect(draw.choice(network.edges()))
        case "move":
            edge, source = draw.choice(network.edges()), draw.choice(list(network))
            network.disconnect(edge)
            if network.why_not_connect(source, edge.target, edge.port) is None:
                network.connect(source, edge.target, edge.port)
        case "change":
            name = draw.choice([name for name in network if network.layer(name).input_ports])
            network.set_layer(name, unusual(draw, type(network.layer(name))))
        case "bypass":
            able = [name for name in network if network.layer(name).input_ports and network.layer(name).has_output]
            network.set_node(draw.choice(able), bypassed=True)


@pytest.mark.parametrize("drawn", WHOLE)
def test_after_any_one_fault_what_is_assumed_is_the_shape_that_the_first_fix_gives(drawn):
    draw, whole, shown = random.Random(drawn), WHOLE[drawn](), 0
    for _ in range(60 if len(whole) < 80 else 15):
        network = whole.copy()
        one_fault(draw, network)
        found = analyse(network)
        for problem in (problem for problem in found.problems if problem.node and problem.severity.blocks):
            node = found[problem.node]
            assert node.state is (State.ASSUMED if node.output else State.BLOCKED)
            if node.output:
                fix = problem.fixes[0]
                assert node.output == fix.assumed, (problem.message, fix.label)
                network.edit(fix.edit)
                assert analyse(network)[problem.node].output == node.output, (problem.message, fix.label)
                shown += 1
            break  # the others may be no more after that
    assert shown > 2


def test_an_unfinished_merge_goes_on_with_what_connecting_gives_it_and_nothing_turns_red():
    network = encoder_and_decoder()
    network.disconnect(Edge("conv1", "concat", "input1"))
    found = analyse(network)
    (problem,) = found.problems
    assert found["concat"].output == problem.fixes[0].assumed
    assert not found.errors
    network = encoder_and_decoder()
    network.disconnect(Edge("pool1", "unpool1", "switches"))
    found = analyse(network)
    (problem,) = found.problems
    assert (problem.fixes[0].label, problem.fixes[0].assumed) == ("Take the switches from pool1", Shape(8, 16, 16))
    assert found["unpool1"].output == Shape(8, 16, 16)
    assert found["add"].output == Shape(8, 16, 16)
