"""Sizes beyond what any setting allows: a problem for whoever draws them, never an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_strategies import layers

from engine.layers import LAYERS
from engine.layers.activation import Identity
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.reshaping import Flatten, Reshape, Upsample
from engine.network import Network, analyse

LARGE = (Input(channels=3, height=1000, width=1000), Input(channels=1_000_000, height=1, width=1), Input(channels=8))
BEHIND = (Identity(), Flatten(), Upsample(scale=1000))
BELOW = (Output(), Linear(), Reshape())


@pytest.mark.parametrize("name", [name for name in LAYERS if LAYERS[name].input_ports])
@given(data=st.data())
@settings(max_examples=15)
def test_every_layer_can_be_analysed_whatever_reaches_it(name, data):
    network = Network()
    layer = network.add(data.draw(layers(LAYERS[name])), "layer")
    for port in network.layer(layer).ports_for(2):
        start = network.add(data.draw(st.sampled_from(LARGE)))
        network.connect(network.add(data.draw(st.sampled_from(BEHIND)), inputs=start), layer, port)
    if network.layer(layer).has_output:
        network.add(data.draw(st.sampled_from(BELOW)), "below", inputs=layer)
    assert layer in analyse(network).nodes
