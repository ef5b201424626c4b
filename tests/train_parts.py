"""What the tests of runs are made of: a small network for the digits, settings that train it in a second."""

from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.reshaping import Flatten
from engine.network import Network
from engine.recipe.recipe import Device, Recipe

PATIENCE = 60_000  # ms; torch loads in the first run


def tiny_network(classes=10):
    network = Network("tiny")
    network.add(Input(channels=1, height=8, width=8), "input")
    network.add(Conv2d(out_channels=4), "conv", inputs="input")
    network.add(ReLU(), "relu", inputs="conv")
    network.add(Flatten(), "flatten", inputs="relu")
    network.add(Linear(out_features=classes), "fc", inputs="flatten")
    network.add(Output(), "output", inputs="fc")
    return network


def settings(**changes):
    return Recipe(**{"epochs": 2, "device": Device.CPU, "batch_size": 64, **changes})
