"""A final softmax is left to the loss only where nothing else reads it."""

import pytest
import torch

from engine.compiling import compile_network, final_softmaxes
from engine.layers import LAYERS
from engine.layers.activation import Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.merge import Add
from engine.layers.regularisation import Dropout, Dropout2d
from engine.layers.reshaping import Flatten, Reshape
from engine.network import Network, Severity
from engine.recipe.losses import CrossEntropy
from engine.tasks.heads import heads_of
from engine.tasks.score_problems import score_problems


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


@pytest.mark.parametrize("between", [Identity(), Dropout(p=0.5), Dropout2d(p=0.5)])
def test_what_hands_its_input_on_may_stand_behind_it(network, image, between):
    network.remove("output")
    network.add(between, "between", inputs="softmax")
    network.add(Output(), "output", inputs="between")
    if isinstance(between, Dropout2d):
        network.set_node("between", bypassed=True)
    assert final_softmaxes(network) == ("softmax",)
    scores, shares = (compile_network(network, logits=logits, seed=0).eval()(image) for logits in (True, False))
    torch.testing.assert_close(scores.softmax(dim=1), shares)
    assert heads_of(network).after_softmax


def test_one_that_is_bypassed_is_none(network):
    network.set_node("softmax", bypassed=True)
    assert final_softmaxes(network) == ()
    assert not heads_of(network).after_softmax


def test_one_whose_value_is_handed_on_to_another_layer_stays(network):
    network.add(Identity(), "identity", inputs="softmax")
    network.add(Linear(out_features=3), "second", inputs="identity")
    network.add(Output(), "other", inputs="second")
    assert final_softmaxes(network) == ()


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        ([], []),
        ([Softmax()], []),
        ([Softmax(), Identity()], []),
        ([Softmax(), Softmax()], ["layer0"]),
        ([Softmax(), Dropout(), Softmax(), Identity()], ["layer0"]),
        ([Sigmoid()], ["layer0"]),
        ([Sigmoid(), Identity()], ["layer0"]),
        ([Tanh(), Softmax()], ["layer0"]),
        ([Sigmoid(), Linear(out_features=5)], []),
        ([Softmax(), Flatten()], ["layer0"]),
        ([Softmax(), Reshape(channels=5, height=1, width=1), GlobalAvgPool()], ["layer0"]),
        ([Sigmoid(), ReLU(), LeakyReLU(), Softmax()], ["layer0"]),
        ([Tanh(), Linear(out_features=5), ReLU()], []),
        ([ReLU(), Flatten()], []),
    ],
)
def test_scores_between_limits_are_told_of(network, layers, told):
    network.remove("softmax")
    network.remove("output")
    before = "fc"
    for place, layer in enumerate(layers):
        before = network.add(layer, f"layer{place}", inputs=before)
    network.add(Output(), "output", inputs=before)
    problems = list(score_problems(network, CrossEntropy()))
    assert [problem.node for problem in problems] == told
    assert all(problem.severity is Severity.WARNING for problem in problems)
    for place, removes in enumerate((False, True)):
        mended = network.copy()
        for problem in problems:
            assert problem.fixes[place].removes is removes
            problem.fixes[place].edit(mended)
        assert not list(score_problems(mended, CrossEntropy()))


@pytest.mark.parametrize(("other", "told"), [(Sigmoid(), ["softmax", "other"]), (ReLU(), [])])
def test_a_sum_has_limits_where_all_its_parts_have(network, other, told):
    network.remove("output")
    network.add(other, "other", inputs="fc")
    network.add(Add(), "add", inputs=("softmax", "other"))
    network.add(Output(), "output", inputs="add")
    assert [problem.node for problem in score_problems(network, CrossEntropy())] == told


WEIGHTLESS = [
    name
    for name, kind in LAYERS.items()
    if kind.input_ports and kind.has_output and not (kind.learns() or kind.has_limits or kind.hands_on)
]


@pytest.mark.parametrize("name", WEIGHTLESS)
def test_no_layer_without_weights_leads_out_of_limits(network, name):
    layer = LAYERS[name]()
    network.remove("output")
    network.add(layer, "last", inputs=("softmax", "softmax") if layer.variadic else "softmax")
    network.add(Output(), "output", inputs="last")
    assert [problem.node for problem in score_problems(network, CrossEntropy())] == ["softmax"]
