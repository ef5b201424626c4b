"""Several outputs: which of them is reported, and what each counts in the loss."""

import pytest
import torch

from engine.layers import LAYERS
from engine.network import Network
from engine.recipe.losses import CrossEntropy
from engine.tasks.heads import Heads, heads_of


def with_outputs(*layers):
    """A network that ends in these outputs, in this order."""
    network = Network()
    network.add(LAYERS["Input"](channels=1, height=1, width=1), "input")
    network.add(LAYERS["Flatten"](), "flatten", inputs="input")
    for index, layer in enumerate(layers):
        network.add(layer, f"out{index}", inputs="flatten")
    return network


def output(weight=1.0, *, auxiliary=False):
    return LAYERS["Output"](loss_weight=weight, auxiliary=auxiliary)


@pytest.mark.parametrize(
    ("layers", "main"),
    [
        ((output(), output(auxiliary=True)), "out0"),
        ((output(auxiliary=True), output()), "out1"),
        ((output(auxiliary=True), output(auxiliary=True)), "out0"),
    ],
    ids=["the first", "the first that is not auxiliary", "the first where all are auxiliary"],
)
def test_one_output_is_reported(layers, main):
    assert heads_of(with_outputs(*layers)).main == main


def test_every_output_counts_by_its_weight_and_the_main_one_is_reported_as_it_is():
    heads = heads_of(with_outputs(output(0.3, auxiliary=True), output(2.0)))
    outputs = {"out0": torch.randn(4, 3), "out1": torch.randn(4, 3)}
    targets, loss = torch.tensor([0, 1, 2, 0]), CrossEntropy()
    total, main = heads.losses(outputs, targets, loss)
    assert main == loss.of(outputs["out1"], targets)
    assert torch.isclose(total, 2 * main + 0.3 * loss.of(outputs["out0"], targets))


def test_a_single_output_is_the_main_one():
    outputs, targets = torch.randn(4, 3), torch.tensor([0, 1, 2, 0])
    total, main = Heads().losses(outputs, targets, CrossEntropy())
    assert total == main == CrossEntropy().of(outputs, targets)
