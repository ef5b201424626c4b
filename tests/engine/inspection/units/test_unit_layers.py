"""Layers are listed with their activations, and parameters counted by unit."""

import numpy as np
import pytest
from unit_parts import lens_on, small

from engine.compiling import compile_network
from engine.inspection.units.answers import useless_words
from engine.inspection.units.histogram import BINS, Histograms
from engine.inspection.units.layers import layer_of, layers_with_units, parameters_of_unit
from engine.layers import LAYERS
from templates import build


def test_layers_are_listed_as_they_are_read():
    found = {layer.title: (layer.node, layer.units) for layer in layers_with_units(build("lenet5"))}
    assert found == {
        "conv1 + relu1": ("relu1", 6),
        "conv2 + relu2": ("relu2", 16),
        "fc1 + relu3": ("relu3", 120),
        "fc2 + relu4": ("relu4", 84),
        "fc3": ("fc3", 10),
    }
    resnet = layers_with_units(build("resnet", depth=18))
    assert [layer.title for layer in resnet[:3]] == [
        "conv1 + bn1 + relu",
        "layer1 › block 0 › conv1 + bn1 + relu",
        "layer1 › block 0 › conv2 + bn2",
    ]
    assert layer_of(small(), "l2").nodes == ("l1", "l2", "l3")
    assert layer_of(small(), "l4").nodes == ("l4",)


def test_what_others_read_too_ends_its_layer():
    network = small()
    network.add(LAYERS["Add"](), "sum", inputs=["l2", "l3"])
    network.add(LAYERS["Output"](), "other", inputs="sum")
    assert layer_of(network, "l1").nodes == ("l1", "l2")
    assert layer_of(network, "l3").nodes == ("l3",)


@pytest.mark.parametrize("variant", ["modern", "1998", "rbf"])
def test_the_parameters_of_all_units_are_those_of_the_layer(variant):
    network = build("lenet5", variant=variant)
    module = compile_network(network)
    counts = {name: sum(p.numel() for p in child.parameters()) for name, child in module.named_modules() if name}
    for layer in layers_with_units(network):
        mine = [parameters_of_unit(module, layer, unit) for unit in range(layer.units)]
        assert sum(mine) == sum(counts.get(node, 0) for node in layer.nodes)


def test_the_parameters_of_a_dead_unit_do_nothing():
    network = build("lenet5")
    lens = lens_on(network)
    layer = layer_of(network, "relu2")
    assert parameters_of_unit(lens.module, layer, 0) == 151
    assert useless_words(151) == "Its 151 parameters do nothing."
    assert useless_words(1) == "Its 1 parameter does nothing."


@pytest.mark.parametrize("seed", range(6))
def test_histograms_count_what_numpy_counts_however_values_come(seed):
    random = np.random.default_rng(seed)
    values = (random.normal(size=(300, 4)) * 10.0 ** random.integers(-6, 6, 4) + random.normal(size=4)).astype(
        np.float32
    )
    values[:, 3] = random.choice([0.0, 0.1], 300) if seed % 2 else 0.25
    labels = random.integers(0, 3, 300)
    whole, by_parts = Histograms(4, 3), Histograms(4, 3)
    whole.add(values, labels)
    for some in np.array_split(random.permutation(300), 1 + seed * 20):
        by_parts.add(values[some], labels[some])
    np.testing.assert_array_equal(whole.counts, by_parts.counts)
    np.testing.assert_array_equal(whole.first, by_parts.first)
    assert whole.counts.sum() == values.size
    for unit in range(4):
        edges = whole.first[unit] + np.arange(BINS + 1) * whole.width[unit]
        for label in range(3):
            expected, _ = np.histogram(values[labels == label, unit].astype(np.float64), edges)
            assert whole.counts[unit, label].tolist() == expected.tolist()
        used = np.flatnonzero(whole.counts[unit].sum(axis=0))
        assert np.ptp(values[:, unit]) == 0 or used[-1] - used[0] >= BINS // 2 - 1


def test_many_classes_share_a_histogram_a_unit():
    shared = Histograms(4096, 1000)
    shared.add(np.ones((3, 4096), np.float32), np.array([1, 2, 999]))
    assert shared.counts.shape == (4096, 1, BINS)
    assert shared.counts.sum() == 3 * 4096


def test_a_layer_with_a_connection_table_has_kernels_of_different_numbers():
    network = build("lenet5", variant="1998")
    module = compile_network(network)
    (layer,) = (one for one in layers_with_units(network) if hasattr(module.get_submodule(one.nodes[0]), "table"))
    table = module.get_submodule(layer.nodes[0]).table
    assert [parameters_of_unit(module, layer, unit) for unit in range(16)] == [25 * len(row) + 1 for row in table]
