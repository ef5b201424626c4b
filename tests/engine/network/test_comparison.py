"""Comparing two networks: totals, ratios, and which layer belongs to which."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.layers import LAYERS
from engine.network import Network, analyse
from engine.network.comparison import QUANTITIES, Match, compare
from templates import TEMPLATES, build


def chain(*parts):
    """A network of named layers one after the other, each ``(name, layer)``."""
    network = Network("chain")
    last = network.add(LAYERS["Input"](channels=3, height=16, width=16), "input")
    for name, layer in parts:
        last = network.add(layer, name, inputs=last)
    network.add(LAYERS["Output"](), "output", inputs=last)
    return network


def conv(maps, kernel=3):
    return LAYERS["Conv2d"](out_channels=maps, kernel_size=(kernel, kernel), padding=(kernel // 2, kernel // 2))


def relu():
    return LAYERS["ReLU"]()


def matches(comparison):
    """Each row as its kind and the two names."""
    return [(row.match, row.a and row.a.name, row.b and row.b.name) for row in comparison.rows]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_network_is_the_same_as_its_copy(name):
    network = build(name)
    found = compare(network, network.copy())
    assert found.count(Match.SAME) == len(found.rows) == len(network)
    assert [row.a.name for row in found.rows] == network.topological()
    assert all(found.ratio(quantity) in (1, None) for quantity in QUANTITIES)


def test_totals_are_those_of_the_analysis():
    network = build("lenet5")
    totals, analysis = compare(network, network).a, analyse(network)
    assert totals.parameters == analysis.parameters
    assert totals.multiply_adds == analysis.multiply_adds
    assert totals.activation_bytes == analysis.activation_bytes()
    assert totals.receptive_field == (32, 32)
    assert totals.layers == len(network)


def test_a_changed_setting_an_extra_layer_and_a_missing_one():
    a = chain(("conv1", conv(8)), ("relu1", relu()), ("conv2", conv(8)))
    b = chain(("conv1", conv(16)), ("norm", LAYERS["BatchNorm2d"]()), ("relu1", relu()))
    found = compare(a, b)
    assert matches(found) == [
        (Match.SAME, "input", "input"),
        (Match.CHANGED, "conv1", "conv1"),
        (Match.ONLY_B, None, "norm"),
        (Match.SAME, "relu1", "relu1"),
        (Match.ONLY_A, "conv2", None),
        (Match.SAME, "output", "output"),
    ]
    assert [str(difference) for difference in found.rows[1].differences] == ["Output channels 8 → 16"]


def test_other_names_are_aligned_by_their_order():
    a = chain(("conv1", conv(8)), ("relu1", relu()), ("conv2", conv(16)), ("relu2", relu()))
    b = chain(("features.0", conv(8)), ("features.1", relu()), ("features.2", conv(32, 5)), ("features.3", relu()))
    assert matches(compare(a, b))[1:-1] == [
        (Match.SAME, "conv1", "features.0"),
        (Match.SAME, "relu1", "features.1"),
        (Match.CHANGED, "conv2", "features.2"),
        (Match.SAME, "relu2", "features.3"),
    ]


def test_a_layer_called_like_a_kind_is_not_taken_for_it():
    a = chain(("ReLU", relu()), ("conv", conv(8)))
    b = chain(("act", relu()), ("ReLU", relu()), ("conv", conv(8)))
    assert matches(compare(a, b))[1:-1] == [
        (Match.ONLY_B, None, "act"),
        (Match.SAME, "ReLU", "ReLU"),
        (Match.SAME, "conv", "conv"),
    ]


def test_other_wires_between_equal_layers_are_a_difference():
    plain = chain(("conv1", conv(3)), ("relu1", relu()), ("conv2", conv(3)), ("relu2", relu()))
    residual = plain.copy()
    residual.disconnect(residual.incoming("relu2")[0])
    residual.add(LAYERS["Add"](), "add", inputs=("conv2", "relu1"))
    residual.connect("add", "relu2")
    found = compare(plain, residual)
    row = next(row for row in found.rows if row.a and row.a.name == "relu2")
    assert row.match is Match.CHANGED
    assert [str(difference) for difference in row.differences] == ["Inputs conv2 → conv2 and relu1"]
    assert [row.b.name for row in found.rows if row.match is Match.ONLY_B] == ["add"]


def test_frozen_and_bypassed_layers_differ():
    a = chain(("conv1", conv(8)), ("relu1", relu()))
    b = a.copy()
    b.set_node("conv1", frozen=True)
    b.set_node("relu1", bypassed=True)
    found = compare(a, b)
    assert [str(d) for row in found.rows for d in row.differences] == ["Frozen off → on", "Bypassed off → on"]
    assert found.ratio("trainable_parameters") == 0
    assert found.ratio("parameters") == 1


def test_unfinished_and_empty_networks_compare():
    found = compare(Network("empty"), chain(("conv1", conv(8))))
    assert {row.match for row in found.rows} == {Match.ONLY_B}
    assert found.a.receptive_field is None
    assert found.ratio("parameters") is None
    json.dumps(found.to_json(), allow_nan=False)


LAYER = st.sampled_from([conv(4), conv(8), relu(), LAYERS["BatchNorm2d"](), LAYERS["MaxPool2d"]()])
CHAINS = st.lists(st.tuples(st.sampled_from([f"n{i}" for i in range(9)]), LAYER), max_size=8, unique_by=lambda p: p[0])


@given(CHAINS, CHAINS)
def test_every_layer_of_both_stands_in_one_row_and_order(first, second):
    a, b = chain(*first), chain(*second)
    found, back = compare(a, b), compare(b, a)
    assert [row.a.name for row in found.rows if row.a] == a.topological()
    assert sorted(row.b.name for row in found.rows if row.b) == sorted(b)
    assert all(row.a.layer == row.b.layer for row in found.rows if row.a and row.b)
    assert (found.a, found.b) == (back.b, back.a)
