"""A final softmax is left to the loss only where nothing else reads it."""

import pytest
import torch

from engine.compiling import compile_network, final_softmaxes
from engine.layers.activation import Softmax
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.reshaping import Flatten
from engine.network import Network
from engine.recipe.losses import CrossEntropy
from engine.tasks.heads import heads_of


@pytest.fixture
def network():
    """input → flatten → fc → softmax → output."""
    network = Network("small")
    network.add(Input(channels=1, height=4, width=4), "input")
    network.add(Flatten(), "flatten", inputs="input")
    network.add(Linear(out_features=5), "fc", inputs="flatten")
    network.add(Softmax(), "softmax", inputs="fc")
    network.add(Output(), "output", inputs="softmax")
    return network


@pytest.fixture
def image():
    return torch.randn(2, 1, 4, 4, generator=torch.Generator().manual_seed(0))


def test_one_that_only_the_output_reads_is_left_to_the_loss(network, image):
    assert final_softmaxes(network) == ("softmax",)
    scores, shares = (compile_network(network, logits=logits, seed=0)(image) for logits in (True, False))
    torch.testing.assert_close(scores.softmax(dim=1), shares)
    assert not torch.allclose(scores, shares)


def test_one_that_another_layer_reads_stays(network, image):
    network.add(Linear(out_features=3), "second", inputs="softmax")
    network.add(Output(), "other", inputs="second")
    assert final_softmaxes(network) == ()
    with_logits, plain = (compile_network(network, logits=logits, seed=0)(image) for logits in (True, False))
    for name in ("output", "other"):
        torch.testing.assert_close(with_logits[name], plain[name], rtol=0, atol=0)
    assert not heads_of(network).gives_probabilities(CrossEntropy())


def test_one_that_two_outputs_read_is_left_out_for_both(network, image):
    network.add(Output(), "other", inputs="softmax")
    assert final_softmaxes(network) == ("softmax",)
    scores = compile_network(network, logits=True, seed=0)(image)
    assert torch.equal(scores["output"], scores["other"])
