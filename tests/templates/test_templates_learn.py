"""Every template compiles, runs forward and backward, and one training step lowers the loss on its batch."""

from __future__ import annotations

import pytest
import torch
from template_variants import VARIANTS, label
from torch.nn import functional

from engine.compiling import compile_network
from engine.network import Severity, analyse
from engine.project import problems_of
from templates import TEMPLATES, build
from templates.targets import load_target

BATCH = 4
CHEAPEST = {"depth": {"resnet": 18, "plain": 18, "densenet": 121, "wide_resnet": 16}, "configuration": {"vgg": "A"}}


def telling(name, options):
    """Whether a variant differs from its template's cheapest in one option at most: the others repeat its parts."""
    cheapest = {key: CHEAPEST.get(key, {}).get(name, option.default) for key, option in TEMPLATES[name].options.items()}
    differing = [key for key, value in options.items() if value != cheapest[key]]
    return not differing or (len(differing) == 1 and differing[0] not in ("depth", "configuration", "norm_order"))


def small(name, options):
    """The variant on small images, with three classes, where it allows them."""
    offered = TEMPLATES[name].options
    changes = {"classes": 3} if options.get("variant") != "1998" and "classes" in offered else {}
    if "input_size" in offered and name not in ("inception_v3", "googlenet"):
        changes["input_size"] = max(32, int(offered["input_size"].least))
    return {**options, **changes}


def total_loss(outputs, labels, weights):
    if isinstance(outputs, torch.Tensor):
        return functional.cross_entropy(outputs, labels)
    return sum(weights[name] * functional.cross_entropy(output, labels) for name, output in outputs.items())


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_can_be_trained(name):
    project = load_target(name, fit_classes=True)
    assert [problem for problem in problems_of(project) if problem.severity is Severity.ERROR] == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "options"), [variant for variant in VARIANTS if telling(*variant)], ids=label)
def test_one_step_downhill_lowers_the_loss(name, options):
    network = build(name, **small(name, options))
    torch.manual_seed(0)
    model = compile_network(network, seed=0).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.eval()  # a new draw would change the loss as well
    images = torch.randn(BATCH, *analyse(network)["input"].output)
    labels = torch.arange(BATCH) % 3
    weights = {output: network.layer(output).loss_weight for output in network.outputs}
    before = total_loss(model(images), labels, weights)
    before.backward()
    gradients = [parameter.grad for parameter in model.parameters()]
    assert all(gradient is not None and torch.isfinite(gradient).all() for gradient in gradients)
    steepness = sum(gradient.square().sum() for gradient in gradients)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= 0.01 * before / steepness * parameter.grad
        after = total_loss(model(images), labels, weights)
    assert after < before


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_auxiliary_outputs_train_and_cost_nothing_in_evaluation(name):
    network = build(name, classes=5)
    auxiliary = [output for output in network.outputs if network.layer(output).auxiliary]
    assert auxiliary
    assert {network.layer(output).loss_weight for output in auxiliary} == {0.3}
    model = compile_network(network, device="meta")
    images = torch.empty(2, *analyse(network)["input"].output, device="meta")
    assert set(model.train()(images)) == {"output", *auxiliary}
    assert model.eval()(images).shape == (2, 5)
