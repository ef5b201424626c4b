"""Networks for tests: random drawings as hypothesis strategies, and a few by hand."""

import random

from hypothesis import strategies as st
from pydantic import ValidationError

from engine.layers import Layer
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.merge import Add
from engine.layers.pooling import MaxPool2d
from engine.layers.reshaping import Flatten
from engine.layers.unpooling import MaxUnpool2d
from engine.network import Network

POOLS = (MaxPool2d(), MaxPool2d(kernel_size=3, padding=1), MaxPool2d(kernel_size=1, stride=1))
NUMBERS = [1, 2, 3, 4, 5, 7, 8, 12, 31]
BLOCKS = ("", "", "stem", "stage", "stage.0", "stage.1", "head")


def layers():
    """Any layer of a small but telling set, some of which will not fit where they land."""
    return st.one_of(
        st.builds(Conv2d, out_channels=st.sampled_from([4, 8]), kernel_size=st.sampled_from([1, 3, 5])),
        st.builds(Linear, out_features=st.sampled_from([4, 10])),
        st.sampled_from([ReLU(), Add(), Flatten(), Input(), Input(channels=1, height=8, width=8), Output()]),
        st.sampled_from([*POOLS, MaxUnpool2d()]),
    )


@st.composite
def networks(draw, *, max_nodes: int = 14) -> Network:
    """A random drawing: nodes in blocks, edges wherever the network lets them be."""
    network = Network()
    for layer in draw(st.lists(layers(), max_size=max_nodes)):
        network.add(layer, block=draw(st.sampled_from(BLOCKS)))
    names = list(network)
    if names:
        pairs = st.tuples(st.sampled_from(names), st.sampled_from(names))
        for source, target in draw(st.lists(pairs, max_size=2 * max_nodes)):
            if network.why_not_connect(source, target) is None:
                network.connect(source, target)
    for prefix in network.block_prefixes():
        network.set_block(prefix, collapsed=draw(st.booleans()))
    return network


def residual(*, depth: int = 1, projection: bool = False, collapsed: bool = True) -> Network:
    """An input, ``depth`` residual blocks, and a head."""
    network = Network("residual")
    network.add(Input(channels=8, height=16, width=16), "input")
    last = "input"
    for index in range(depth):
        block = f"layer1.{index}"
        network.add(Conv2d(out_channels=8, kernel_size=3, padding=1), f"{block}.conv1", inputs=last)
        network.add(ReLU(), f"{block}.relu1", inputs=f"{block}.conv1")
        network.add(Conv2d(out_channels=8, kernel_size=3, padding=1), f"{block}.conv2", inputs=f"{block}.relu1")
        shortcut = last
        if projection:
            shortcut = network.add(Conv2d(out_channels=8, kernel_size=1), f"{block}.shortcut", inputs=last)
        network.add(Add(), f"{block}.add", inputs=[f"{block}.conv2", shortcut])
        network.set_block(block, kind="BasicBlock", collapsed=collapsed)
        last = f"{block}.add"
    network.add(Flatten(), "flatten", inputs=last)
    network.add(Linear(out_features=10), "fc", inputs="flatten")
    network.add(Output(), "output", inputs="fc")
    return network


def chain(length: int) -> Network:
    """An input and ``length`` activations in a row."""
    network = Network("chain")
    network.add(Input(), "input")
    for index in range(length):
        network.add(ReLU(), f"relu{index}", inputs=f"relu{index - 1}" if index else "input")
    return network


def unusual(draw: random.Random, kind: type[Layer]) -> Layer:
    """A layer with any settings that it allows, or those that it comes with."""
    layer = kind()
    for _ in range(8):
        settings = {}
        for name in kind.model_fields:
            value = getattr(layer, name)
            if isinstance(value, bool):
                settings[name] = draw.random() < 0.5
            elif isinstance(value, int):
                settings[name] = draw.choice(NUMBERS)
            elif isinstance(value, tuple) and all(isinstance(part, int) for part in value):
                settings[name] = tuple(draw.choice([0, *NUMBERS]) for _ in value)
        chosen = {name: value for name, value in settings.items() if draw.random() < 0.5}
        try:
            return layer.with_settings(**chosen)
        except ValidationError:
            continue
    return layer
