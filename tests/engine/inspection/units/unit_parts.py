"""A small network on 12×12 digits, a lens on it, and what must not change."""

from contextlib import contextmanager

import torch

from engine.inspection.lens import Lens
from engine.layers import LAYERS
from engine.network import Network
from engine.project import Project


def line(*layers, image=(1, 12, 12)):
    """An input, layers in a row that are named after their place, l1, l2 …, and an output."""
    network = Network("line")
    before = network.add(LAYERS["Input"](channels=image[0], height=image[1], width=image[2]), "input")
    for index, (kind, settings) in enumerate(layers, start=1):
        before = network.add(LAYERS[kind].model_validate(settings), f"l{index}", inputs=before)
    network.add(LAYERS["Output"](), "output", inputs=before)
    return network


def small():
    """conv, batch norm, ReLU, an overlapping pool that hangs over the edge, conv, ReLU, pool, ten scores, softmax."""
    return line(
        ("Conv2d", {"out_channels": 6, "kernel_size": 3, "padding": 1}),
        ("BatchNorm2d", {}),
        ("ReLU", {}),
        ("MaxPool2d", {"kernel_size": 3, "stride": 2, "ceil_mode": True}),
        ("Conv2d", {"out_channels": 8, "kernel_size": 3, "padding": 1}),
        ("ReLU", {}),
        ("MaxPool2d", {}),
        ("Flatten", {}),
        ("Linear", {"out_features": 10}),
        ("Softmax", {}),
    )


def lens_on(network, **values):
    """The lens of a project on the digits, whose batch norms have seen something."""
    lens = Lens.of_project(Project(network), **values)
    for name, value in lens.module.named_buffers():
        if "running" in name:
            value.copy_(torch.linspace(0.5, 1.5, value.numel()) - (0.8 if name.endswith("mean") else 0))
    return lens


@contextmanager
def unchanged(lens):
    """Weights, statistics, modes and what requires gradients, bit by bit, and the modes of torch."""

    def state():
        module = lens.module
        modes = {name: child.training for name, child in module.named_modules()}
        grads = [parameter.requires_grad or parameter.grad is not None for parameter in module.parameters()]
        return modes, grads, torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.initial_seed()

    values = {name: value.clone() for name, value in lens.module.state_dict().items()}
    before, random = state(), torch.random.get_rng_state()
    yield
    assert state() == before
    assert torch.equal(torch.random.get_rng_state(), random)
    assert all(torch.equal(value, values[name]) for name, value in lens.module.state_dict().items())
