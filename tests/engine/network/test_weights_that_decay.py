"""Which of the learned values are weights is what training goes by when it decays them."""

import pytest

from engine.compiling import compile_network
from engine.network import analyse
from engine.recipe.optimisation import decaying
from engine.recipe.recipe import Recipe
from templates import build


@pytest.mark.parametrize("name", ["lenet5", "neocognitron", "alexnet", "googlenet", "densenet", "mobilenet"])
def test_weights_are_what_decays(name):
    network = build(name)
    model = compile_network(network, device="meta")
    assert analyse(network).trainable_weights == sum(one.numel() for one in decaying(model, Recipe()))


def test_frozen_weights_do_not_learn():
    network = build("lenet5")
    before = analyse(network).trainable_weights
    network.set_node("fc1", frozen=True)
    assert analyse(network).trainable_weights < before
