"""Memory that is used again changes no value, no gradient and no feature map."""

import operator

import torch
from small_networks import conv, finish, layer, start

from engine.compiling.graph import compile_network
from engine.compiling.taps import feature_maps

IMAGES = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))


def drawn():
    network = start("overwriting")
    x = network.add(layer("ReLU"), "after_input", inputs="input")
    x = conv(network, "conv1", x)
    x = network.add(layer("BatchNorm2d"), "bn1", inputs=x)
    x = network.add(layer("ReLU"), "alone", inputs=x)
    y = conv(network, "conv2", x)
    z = network.add(layer("ReLU"), "shared", inputs=y)
    x = network.add(layer("Add"), "add", inputs=[y, z])
    x = network.add(layer("ReLU"), "after_add", inputs=x)
    x = shortcut = network.add(layer("ReLU"), "after_relu", inputs=x)
    x = conv(network, "conv3", x)
    x = network.add(layer("BatchNorm2d"), "bn3", inputs=x)
    x = network.add(layer("Add"), "residual", inputs=[shortcut, x])
    x = network.add(layer("Add"), "twice", inputs=[x, x])
    x = network.add(layer("Add"), "three", inputs=[shortcut, x, x])
    return finish(network, x)


def test_only_what_alone_reads_a_fresh_value_overwrites_it():
    module = compile_network(drawn(), reuse_memory=True)
    inplace = {name for name, child in module.named_modules() if getattr(child, "inplace", False)}
    assert inplace == {"alone", "after_add"}
    added = {node.name: node.args[0].name for node in module.graph.nodes if node.target is operator.iadd}
    assert added == {"residual": "bn3", "twice": "residual", "three_1": "three"}


def test_values_gradients_and_maps_stay():
    network = drawn()
    plain, thrifty = (compile_network(network, seed=0, reuse_memory=reuse) for reuse in (False, True))
    for module in (plain, thrifty):
        module(IMAGES).square().sum().backward()
    torch.testing.assert_close(thrifty(IMAGES), plain(IMAGES))
    gradients = ([p.grad for p in module.parameters()] for module in (thrifty, plain))
    torch.testing.assert_close(*gradients)
    nodes = list(network)
    expected, maps = (feature_maps(module, IMAGES, nodes) for module in (plain, thrifty))
    torch.testing.assert_close(maps, expected)
