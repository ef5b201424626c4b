"""A network with all that makes other values in it hard, and the same by hand."""

import numpy as np
import torch
from torch.nn import functional

from engine.inspection.lens import Lens
from engine.layers import LAYERS
from engine.network import Network
from engine.tasks import Classification

PIXELS = np.random.default_rng(3).integers(0, 256, (2, 8, 8), dtype=np.uint8)
NODES = ("input", "conv", "relu", "idle", "add", "cat", "pool", "flatten", "fc", "softmax", "output")


def branching():
    """``conv`` is read by four, ``idle`` is bypassed, ``add`` and ``cat`` join, and there is an auxiliary output."""
    network = Network("branching")
    network.add(LAYERS["Input"](channels=2, height=8, width=8), "input")
    network.add(LAYERS["Conv2d"](out_channels=4, kernel_size=3, padding=1), "conv", inputs="input")
    network.add(LAYERS["ReLU"](), "relu", inputs="conv")
    network.add(LAYERS["ReLU"](), "idle", inputs="conv")
    network.set_node("idle", bypassed=True)
    network.add(LAYERS["Add"](), "add", inputs=["relu", "idle"])
    network.add(LAYERS["Concat"](), "cat", inputs=["add", "conv"])
    network.add(LAYERS["MaxPool2d"](), "pool", inputs="cat")
    network.add(LAYERS["Flatten"](), "flatten", inputs="pool")
    network.add(LAYERS["Linear"](out_features=10), "fc", inputs="flatten")
    network.add(LAYERS["Softmax"](), "softmax", inputs="fc")
    network.add(LAYERS["Output"](), "output", inputs="softmax")
    network.add(LAYERS["Flatten"](), "aux_flatten", inputs="conv")
    network.add(LAYERS["Linear"](out_features=10), "aux_fc", inputs="aux_flatten")
    network.add(LAYERS["Output"](auxiliary=True), "aux", inputs="aux_fc")
    return network


def by_hand(weights, image, edit):
    """All values by name, of which ``edit(name, value)`` gives those that count."""
    found = {}

    def put(name, value):
        found[name] = edit(name, value)
        return found[name]

    image = put("input", image)
    conv = put("conv", functional.conv2d(image, weights["conv.weight"], weights["conv.bias"], padding=1))
    relu, idle = put("relu", conv.clamp(min=0)), put("idle", conv)
    cat = put("cat", torch.cat((put("add", relu + idle), conv), dim=1))
    flat = put("flatten", put("pool", functional.max_pool2d(cat, 2)).flatten(1))
    fc = put("fc", functional.linear(flat, weights["fc.weight"], weights["fc.bias"]))
    put("output", put("softmax", fc.softmax(1)))
    return found


def lens_on(network=None, **values):
    return Lens(network or branching(), task=Classification(), **values)
