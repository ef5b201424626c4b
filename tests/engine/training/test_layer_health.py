"""What each layer's health says, beside what hooks and weights say of the same step."""

import math

import pytest
import torch
from small_training import settings, small_data, small_model, small_network
from torch import nn
from train_parts import tiny_network

from engine.compiling import compile_network
from engine.layers import LAYERS
from engine.network import Network
from engine.training.events import Health, HealthMeasured
from engine.training.health import HealthMeter
from engine.training.layer_health import health_rows
from engine.training.loop import train


def test_a_relu_counts_to_what_feeds_it_and_healthy_layers_have_nothing_wrong():
    rows = health_rows(tiny_network(), {"conv": Health(0.3, 1e-3), "relu": Health(dead=0.1), "fc": Health(0.5, 2e-3)})
    assert [(row.name, row.dead) for row in rows] == [("conv", 0.1), ("fc", None)]
    assert not any(row.wrong for row in rows)


@pytest.mark.parametrize(
    ("health", "wrong"),
    [
        (Health(1e-7, 1e-3), "gradient"),
        (Health(math.nan, 1e-3), "gradient"),
        (Health(1e4, 1e-3), "gradient"),
        (Health(0.1, 5e-2), "ratio"),
        (Health(0.1, math.inf), "ratio"),
        (Health(0.1, math.nan), "ratio"),
        (Health(0.1, 5e-5), "ratio"),
    ],
)
def test_what_is_out_of_its_range_is_wrong(health, wrong):
    (row,) = health_rows(tiny_network(), {"conv": health})
    assert row.wrong == {wrong}


def test_a_quarter_of_dead_maps_is_borne_and_more_is_not():
    wrong = [
        health_rows(tiny_network(), {"conv": Health(0.1, 1e-3), "relu": Health(dead=dead)})[0].wrong
        for dead in (0.25, 0.5)
    ]
    assert wrong == [set(), {"dead"}]


def test_dead_units_are_told_when_enough_images_have_shown_it():
    told = [
        health_rows(tiny_network(), {"conv": Health(0.1, 1e-3), "relu": Health(dead=0.5, seen=seen)})[0].is_dead
        for seen in (16, 127, 128, 5000, 0)
    ]
    assert told == [False, False, True, True, True]


def test_a_unit_that_fires_now_and_then_is_alive():
    model = mostly_dead()
    meter, optimiser = HealthMeter(model), torch.optim.SGD(model.parameters(), lr=0.0)
    shares = []
    for images in (torch.zeros(100, 1, 8, 8), torch.randn(20, 1, 8, 8) * 20, torch.zeros(100, 1, 8, 8)):
        with meter.forward():
            model(images).sum().backward()
        shares.append(meter.update(optimiser.step)["relu"].dead)
    assert shares[0] > shares[1] == shares[2] == 3 / 8  # three have a bias of -100


def in_a_block(*names):
    network = tiny_network()
    network.rename("conv", "stem.conv")
    network.rename("relu", "stem.relu")
    for name in names:
        network.add(network.layer("stem.relu" if "relu" in name else "stem.conv"), f"stem.{name}")
    return network


def test_a_block_is_one_row_of_all_its_weights_and_maps():
    health = {"stem.conv": Health(3.0, 1e-3), "stem.second": Health(4.0, 1e-5)}
    health |= {"stem.relu": Health(dead=1.0, maps=64), "stem.relu2": Health(dead=0.0, maps=192)}
    (row,) = health_rows(in_a_block("second", "relu2"), health)
    assert (row.name, row.gradient, row.ratio, row.dead) == ("stem", 5.0, 1e-5, 0.25)


def test_small_updates_are_no_fault_where_the_schedule_has_lowered_the_rate():
    told = [
        health_rows(tiny_network(), {"conv": Health(0.1, ratio)}, rate_share=share)[0].hardly_moves
        for ratio, share in ((5e-5, 1.0), (5e-5, 0.1), (5e-7, 0.1))
    ]
    assert told == [True, False, True]


def test_rows_stand_as_values_flow():
    rows = [
        health_rows(small_network(), event.nodes)
        for event in train(small_model(), small_data(), settings(epochs=1))
        if isinstance(event, HealthMeasured)
    ]
    assert [row.name for row in rows[0]] == ["conv", "bn", "fc"]


def mostly_dead():
    """A convolution, its ReLU, and a batch norm, of which some maps never fire."""
    network = Network("dead")
    layers = {
        "input": LAYERS["Input"](channels=1, height=8, width=8),
        "conv": LAYERS["Conv2d"](out_channels=8),
        "relu": LAYERS["ReLU"](),
        "bn": LAYERS["BatchNorm2d"](),
        "flatten": LAYERS["Flatten"](),
        "fc": LAYERS["Linear"](out_features=10),
        "output": LAYERS["Output"](),
    }
    before = ()
    for name, layer in layers.items():
        before = (network.add(layer, name, inputs=before),)
    model = compile_network(network, logits=True, seed=0)
    with torch.no_grad():
        model.conv.bias[:3] = -100
    return model


def test_health_is_what_hooks_and_weights_tell_of_the_same_step():
    model, images, targets = mostly_dead(), torch.randn(32, 1, 8, 8), torch.arange(32) % 10
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    fired, gradients = [], {}
    model.relu.register_forward_hook(lambda _, __, out: fired.append((out > 0).any(dim=0).flatten(1).any(dim=1)))
    for name, parameter in model.named_parameters():
        parameter.register_hook(lambda gradient, name=name: gradients.__setitem__(name, gradient.clone()))
    before = {name: parameter.detach().double().clone() for name, parameter in model.named_parameters()}
    meter = HealthMeter(model)
    with meter.forward():
        loss = nn.functional.cross_entropy(model(images), targets)
    loss.backward()
    found = meter.update(optimiser.step)
    assert set(found) == {"conv", "relu", "bn", "fc"}
    for node in ("conv", "bn", "fc"):
        names = [f"{node}.weight", f"{node}.bias"]
        gradient, weight, change = (
            torch.cat([values[name].flatten().double() for name in names]).norm().item()
            for values in (gradients, before, {n: p.detach() - before[n] for n, p in model.named_parameters()})
        )
        assert found[node].gradient_norm == pytest.approx(gradient, rel=1e-4)
        assert found[node].update_ratio == pytest.approx(change / weight, rel=1e-3)
    assert found["relu"].maps == 8
    assert found["relu"].dead == (~fired[0]).double().mean().item() >= 3 / 8
