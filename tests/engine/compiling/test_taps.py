"""Feature maps are what the network computes at each node, and asking for them disturbs nothing."""

import numpy as np
import pytest
import torch

from engine.compiling import compile_network
from engine.compiling.taps import Tapped, feature_maps
from engine.errors import LayerloomError
from engine.layers import LAYERS
from engine.network import Network

IMAGES = torch.linspace(-1, 1, 2 * 3 * 8 * 8).reshape(2, 3, 8, 8)


@pytest.fixture
def network():
    network = Network("small")
    network.add(LAYERS["Input"](channels=3, height=8, width=8), "input")
    network.add(LAYERS["Conv2d"](out_channels=4, kernel_size=3, padding=1), "block.conv", inputs="input")
    network.add(LAYERS["BatchNorm2d"](), "block.bn", inputs="block.conv")
    network.add(LAYERS["ReLU"](), "block.relu", inputs="block.bn")
    network.add(LAYERS["Add"](), "block.add", inputs=["block.relu", "block.conv"])
    network.add(LAYERS["Dropout"](), "drop", inputs="block.add", block="")
    network.add(LAYERS["Flatten"](), "flatten", inputs="drop")
    network.add(LAYERS["Linear"](out_features=5), "fc", inputs="flatten")
    network.add(LAYERS["Softmax"](), "softmax", inputs="fc")
    network.add(LAYERS["Output"](), "output", inputs="softmax")
    network.add(LAYERS["Flatten"](), "aux_flatten", inputs="block.bn")
    network.add(LAYERS["Linear"](out_features=5), "aux_fc", inputs="aux_flatten")
    network.add(LAYERS["Output"](auxiliary=True), "aux", inputs="aux_fc")
    return network


def test_every_node_has_its_map(network):
    module = compile_network(network, seed=0)
    maps = feature_maps(module, IMAGES, network)
    assert set(maps) == set(network)
    assert maps["block.conv"].shape == (2, 4, 8, 8)
    assert maps["fc"].shape == (2, 5)
    assert all(values.dtype == np.float32 for values in maps.values())
    np.testing.assert_array_equal(maps["input"], IMAGES.numpy())
    np.testing.assert_allclose(maps["block.add"], np.maximum(maps["block.bn"], 0) + maps["block.conv"], rtol=1e-6)
    np.testing.assert_array_equal(maps["drop"], maps["block.add"])
    np.testing.assert_array_equal(maps["output"], module.eval()(IMAGES).detach().numpy())


def test_asking_leaves_modes_statistics_and_gradients_alone(network):
    module = compile_network(network, seed=0)
    module.get_submodule("block.bn").eval()  # a frozen batch norm stays as its owner put it
    before = {name: value.clone() for name, value in module.state_dict().items()}
    feature_maps(module, IMAGES, ["fc"])
    assert module.training
    assert module.drop.training
    assert not module.get_submodule("block.bn").training
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert set(module(IMAGES)) == {"output", "aux"}


def test_a_tap_sees_the_weights_of_now(network):
    module = compile_network(network, seed=0)
    tap = Tapped(module, ["fc"])
    before = tap(IMAGES)["fc"]
    with torch.no_grad():
        module.fc.bias.add_(1)
    torch.testing.assert_close(tap(IMAGES)["fc"], before + 1)


def test_a_tap_runs_no_more_than_it_needs(network):
    module = compile_network(network, seed=0)
    module.fc.register_forward_hook(lambda *_: pytest.fail("fc does not lead to block.conv"))
    Tapped(module, ["block.conv"])(IMAGES)


def test_a_left_out_softmax_hands_its_input_on(network):
    module = compile_network(network, seed=0, logits=True)
    maps = feature_maps(module, IMAGES, ["fc", "softmax"])
    np.testing.assert_array_equal(maps["fc"], maps["softmax"])


def test_a_node_that_is_not_computed_is_named(network):
    network.add(LAYERS["ReLU"](), "loose", inputs="block.conv")
    with pytest.raises(LayerloomError, match="'loose' is not computed"):
        feature_maps(compile_network(network), IMAGES, ["loose"])
