"""A network and data so small that a test trains them in a blink."""

import torch

from engine.compiling import compile_network
from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.layers import LAYERS, Shape
from engine.network import Network
from engine.recipe.recipe import Recipe
from engine.training.events import EpochDone, StepDone

SHAPE = Shape(1, 8, 8)


def small_network(*, dropout=0.0, classes=10, softmax=False, size=8):
    """Conv, batch norm, ReLU, pool, dropout, two linear layers."""
    network = Network("small")
    stack = [
        ("input", LAYERS["Input"](channels=1, height=size, width=size)),
        ("conv", LAYERS["Conv2d"](out_channels=8, kernel_size=3, padding=1)),
        ("bn", LAYERS["BatchNorm2d"]()),
        ("relu", LAYERS["ReLU"]()),
        ("pool", LAYERS["MaxPool2d"]()),
        ("flatten", LAYERS["Flatten"]()),
        *([("drop", LAYERS["Dropout"](p=dropout))] if dropout else []),
        ("fc", LAYERS["Linear"](out_features=classes)),
        *([("softmax", LAYERS["Softmax"]())] if softmax else []),
        ("output", LAYERS["Output"]()),
    ]
    before = ()
    for name, layer in stack:
        before = (network.add(layer, name, inputs=before),)
    return network


def small_model(seed=0, **options):
    return compile_network(small_network(**options), logits=True, seed=seed)


def small_data(**settings):
    return load(DataSettings(**settings), SHAPE)


def settings(**values):
    return Recipe(**{"epochs": 2, "batch_size": 64, "device": "cpu", **values})


def curve(events):
    """All that a run's figures are, without times."""
    return [(event.epoch, event.train, event.validation) for event in events if isinstance(event, EpochDone)]


def steps(events):
    return [(event.step, event.loss, event.learning_rate) for event in events if isinstance(event, StepDone)]


def weights_equal(one, other):
    pairs = zip(one.state_dict().items(), other.state_dict().items(), strict=True)
    return all(a == b and torch.equal(x, y) for (a, x), (b, y) in pairs)
