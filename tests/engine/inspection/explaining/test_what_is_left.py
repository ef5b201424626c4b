"""Explaining leaves weights, modes and statistics bit for bit as they were, however it ends."""

import numpy as np
import pytest
import torch
from explained_by_hand import lens_on, pixels_for

from engine.errors import LayerloomError
from engine.inspection import VIEWS
from engine.inspection.explaining import GradCamEverywhere, Occlusion, SanityCheck, SmoothGrad
from engine.inspection.explaining.explanation import Explanation
from engine.inspection.sight import Asked
from engine.layers import LAYERS
from engine.network import Network

METHODS = tuple(kind() for kind in VIEWS.values() if issubclass(kind, Explanation))
EVERY = (*METHODS, GradCamEverywhere(), GradCamEverywhere(blocks=True), SanityCheck(methods=METHODS))


def drawn():
    """Two convolutions with norms and dropout in a block, and a head."""
    network = Network("drawn")
    network.add(LAYERS["Input"](channels=3, height=10, width=10), "input")
    source = "input"
    for name in ("block.conv1", "block.conv2"):
        network.add(LAYERS["Conv2d"](out_channels=4, kernel_size=3), name, inputs=source)
        network.add(LAYERS["BatchNorm2d"](), f"{name}_bn", inputs=name)
        network.add(LAYERS["ReLU"](), f"{name}_relu", inputs=f"{name}_bn")
        network.add(LAYERS["Dropout"](), source := f"{name}_drop", inputs=f"{name}_relu")
    network.add(LAYERS["Flatten"](), "flatten", inputs=source)
    network.add(LAYERS["Linear"](out_features=3), "fc", inputs="flatten")
    network.add(LAYERS["Softmax"](), "softmax", inputs="fc")
    network.add(LAYERS["Output"](), "output", inputs="softmax")
    return network


@pytest.fixture
def lens():
    """A lens on a network of which parts are in training mode, as if somebody trained it."""
    lens = lens_on(drawn())
    for name in ("block.conv1_bn", "block.conv2_drop", "fc"):
        lens.module.get_submodule(name).train()
    return lens


def state(lens):
    tensors = {name: value.clone() for name, value in lens.module.state_dict().items()}
    modes = {name: module.training for name, module in lens.module.named_modules()}
    needs = [(parameter.requires_grad, parameter.grad) for parameter in lens.module.parameters()]
    graph = [(node.name, node.op, node.target) for node in lens.module.graph.nodes]
    hooks = [len(module._forward_hooks) + len(module._backward_hooks) for module in lens.module.modules()]
    return tensors, (modes, needs, graph, hooks, torch.get_rng_state().tolist(), torch.is_grad_enabled())


def require_same(before, after):
    assert before[1] == after[1]
    assert before[0].keys() == after[0].keys()
    assert all(torch.equal(before[0][name], after[0][name]) for name in before[0])


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view.name)
def test_nothing_changes_and_the_next_answer_is_the_same(lens, view):
    before, pixels = state(lens), pixels_for(lens)
    asked = Asked(view, "block.conv2")
    found = [list(lens.steps(asked, pixels))[-1] for _ in range(2)]
    require_same(before, state(lens))
    if not isinstance(view, GradCamEverywhere):
        np.testing.assert_array_equal(found[0].array, found[1].array)


@pytest.mark.parametrize("view", [Occlusion(), SmoothGrad(samples=40), SanityCheck(methods=METHODS)],
                         ids=lambda view: view.name)  # fmt: skip
def test_nothing_changes_where_it_is_cancelled(lens, view, monkeypatch):
    monkeypatch.setattr("engine.inspection.explaining.slopes._BATCH", 1)
    before = state(lens)
    steps = lens.steps(Asked(view, "block.conv2"), pixels_for(lens))
    first, second = next(steps), next(steps)
    assert 0 < first.done < second.done < 1
    steps.close()
    require_same(before, state(lens))


@pytest.mark.parametrize("view", EVERY, ids=lambda view: view.name)
def test_nothing_changes_where_it_fails(lens, view, monkeypatch):
    before = state(lens)

    def failing(*_):
        raise ArithmeticError("in the middle of it")

    monkeypatch.setattr(type(lens.loss), "scores", failing)
    with pytest.raises(LayerloomError, match="ended unexpectedly: ArithmeticError"):
        lens.show(Asked(view, "block.conv2"), pixels_for(lens))
    require_same(before, state(lens))


@pytest.mark.parametrize("method", METHODS, ids=lambda view: view.name)
def test_modes_of_the_network_do_not_matter(lens, method):
    pixels, asked = pixels_for(lens), Asked(method, "block.conv2")
    mixed = lens.show(asked, pixels).array
    lens.module.eval()
    np.testing.assert_array_equal(lens.show(asked, pixels).array, mixed)
    lens.module.train()
    np.testing.assert_array_equal(lens.show(asked, pixels).array, mixed)


@pytest.mark.parametrize("method", METHODS, ids=lambda view: view.name)
def test_what_is_asked_in_any_gradient_mode_is_answered(lens, method):
    pixels, asked = pixels_for(lens), Asked(method, "block.conv2")
    expected = lens.show(asked, pixels).array
    for mode in (torch.inference_mode, torch.no_grad):
        with mode():
            np.testing.assert_array_equal(lens.show(asked, pixels).array, expected)
    np.testing.assert_array_equal(lens.look(pixels, [asked]).results[asked].array, expected)
