"""Copies are called as their originals where that is free, each by another name, however many are copied at once."""

import itertools

import pytest

from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.network import Edge, Network
from engine.network.clipboard import duplicate, fragment_to_json, insert_fragment
from templates import TEMPLATES, build


def convolutions(*names):
    """Convolutions in a row."""
    network = Network()
    for above, name in itertools.pairwise(("", *names)):
        network.add(Conv2d(), name, inputs=above or ())
    return network


def pasted(network, *names, block=""):
    return insert_fragment(network, fragment_to_json(network, names), block=block)


def test_layers_of_one_kind_get_a_number_each():
    network = convolutions("conv1", "conv2", "middle", "conv3")
    assert pasted(network, "conv1", "conv2", "conv3") == ["conv4", "conv5", "conv6"]
    assert duplicate(network, ["conv2", "conv3"], wires=True) == ["conv7", "conv8"]
    assert network.outgoing("conv7") == ()
    assert network.incoming("conv7") == (Edge("conv1", "conv7"),)
    assert network.incoming("conv8") == (Edge("middle", "conv8"),)


def test_a_name_that_is_free_stays_and_no_other_copy_gets_it():
    here = convolutions("conv1", "conv2")
    there = convolutions("conv1", "conv3")
    assert insert_fragment(here, fragment_to_json(there, ["conv1", "conv3"])) == ["conv4", "conv3"]
    assert here.incoming("conv3") == (Edge("conv4", "conv3"),)


def test_blocks_and_layers_do_not_get_one_name():
    network = Network()
    for name in ("block1.relu1", "block2.relu1", "block3"):
        network.add(ReLU(), name)
    assert pasted(network, "block1", "block2", "block3") == ["block4", "block5", "block6"]
    assert network.members("block5") == ("block5.relu1",)


def test_numbers_alone_are_counted_on_in_a_block():
    network = Network()
    for name in ("features.0", "features.1"):
        network.add(ReLU(), name)
    assert pasted(network, "features.0", "features.1", block="features") == ["features.2", "features.3"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_whole_of_a_template_can_be_copied_beside_itself(name):
    network = build(name)
    nodes, wires = len(network), len(network.edges())
    roots = network.children("")
    copies = pasted(network, *roots)
    assert len(set(copies)) == len(roots)
    assert (len(network), len(network.edges())) == (2 * nodes, 2 * wires)
