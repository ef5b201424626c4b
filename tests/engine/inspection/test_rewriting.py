"""The same network gives the same explanations however it is written, and is itself never changed."""

import operator

import pytest
import torch
from explained_by_hand import lens_on, pixels_for
from torch import fx, nn
from torch.nn import functional

from engine.inspection import GradCam, GradientInput, GuidedBackprop, Saliency
from engine.inspection.activations import activation_of
from engine.inspection.rewriting import Call, calls, rewritten
from engine.inspection.sight import Asked
from engine.layers import LAYERS
from engine.layers.activation import Activation
from engine.network import Network


def drawn():
    """input → conv1 → relu → conv2 → + relu → relu → pool → fc, on two 9×9 maps."""
    network = Network("drawn")
    network.add(LAYERS["Input"](channels=2, height=9, width=9), "input")
    network.add(LAYERS["Conv2d"](out_channels=5, kernel_size=3), "conv1", inputs="input")
    network.add(LAYERS["ReLU"](), "relu1", inputs="conv1")
    network.add(LAYERS["Conv2d"](out_channels=5, kernel_size=3, padding=1), "conv2", inputs="relu1")
    network.add(LAYERS["Add"](), "add", inputs=["conv2", "relu1"])
    network.add(LAYERS["ReLU"](), "relu2", inputs="add")
    network.add(LAYERS["Flatten"](), "flatten", inputs="relu2")
    network.add(LAYERS["Linear"](out_features=4), "fc", inputs="flatten")
    network.add(LAYERS["Output"](), "output", inputs="fc")
    return network


def overwritten(x):
    """What reads it later gets another value without taking one: such a graph cannot be cut, but for a copy of it."""
    x.relu_()
    return x


FORMS = {
    "torch.relu": torch.relu,
    "functional": functional.relu,
    "functional, in place": lambda x: functional.relu(x, inplace=True),
    "functional, in place by its place": lambda x: functional.relu(x, True),
    "relu_ of functional": functional.relu_,
    "relu_ of torch": torch.relu_,
    "method": lambda x: x.relu(),
    "method in place": lambda x: x.relu_(),
    "method in place whose value nobody takes": overwritten,
    "clamp": lambda x: x.clamp(min=0),
    "clamp_": lambda x: x.clamp_(0),
    "clamp_min": lambda x: x.clamp_min(0),
    "torch.clamp": lambda x: torch.clamp(x, 0, None),
    "threshold": lambda x: functional.threshold(x, 0, 0),
}


class Written(nn.Module):
    """The drawn network, with ReLUs in a form of their own; what adds may write over what it reads."""

    def __init__(self, relu, *, add=operator.add):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(2, 5, 3), nn.Conv2d(5, 5, 3, padding=1)
        self.fc = nn.Linear(245, 4)
        self.relu, self.add = relu, add

    def forward(self, x):
        conv1 = self.conv1(x)
        x = self.relu(conv1)
        x = self.relu(self.add(self.conv2(x), x))
        return self.fc(x.flatten(1))


MODULES = {"one module twice": nn.ReLU(), "one module twice, in place": nn.ReLU(inplace=True), "ReLU6": nn.ReLU6()}
VIEWS_ASKED = (Asked(GuidedBackprop(target=1)), Asked(Saliency(target=1)), Asked(GradientInput(target=1)),
               Asked(GradCam(target=1), "conv1"), Asked(GradCam(target=1), "conv2"))  # fmt: skip


@pytest.fixture(scope="module")
def lens():
    return lens_on(drawn())


def through(lens, written):
    """The lens on the same network as somebody else wrote it, with the same weights."""
    written.load_state_dict(lens.module.state_dict())
    traced = fx.symbolic_trace(written.double().eval().requires_grad_(False))
    names = [node.name for node in traced.graph.nodes]
    traced.meta["values"] = {name: name for name in ("conv1", "conv2", "fc")} | {"output": "fc"}
    assert {"conv1", "conv2", "fc"} <= set(names)
    return lens.through(rewritten(traced, ()) if written.relu is overwritten else traced)


@pytest.mark.parametrize("add", [operator.add, operator.iadd], ids=["add", "add in place"])
@pytest.mark.parametrize("relu", [*FORMS.values(), *MODULES.values()], ids=[*FORMS, *MODULES])
def test_every_form_of_a_network_gives_the_same(lens, relu, add):
    other, pixels = through(lens, Written(relu, add=add)), pixels_for(lens)
    for asked in VIEWS_ASKED:
        expected = lens.show(asked, pixels).array
        assert torch.equal(torch.from_numpy(other.show(asked, pixels).array), torch.from_numpy(expected)), asked


def test_guided_backprop_is_no_plain_gradient_here(lens):
    pixels = pixels_for(lens)
    guided, plain = (lens.show(asked, pixels).values for asked in VIEWS_ASKED[:2])
    assert not torch.allclose(torch.from_numpy(guided).abs(), torch.from_numpy(plain))


def test_a_graph_within_the_graph_is_rewritten_too(lens):
    inner = fx.symbolic_trace(Written(functional.relu).double().eval())
    inner.load_state_dict(lens.module.state_dict())
    whole = fx.Graph()
    whole.output(whole.call_module("inner", (whole.placeholder("x"),)))
    outer = fx.GraphModule({"inner": inner}, whole)
    seen = []
    copied = rewritten(outer, [lambda node, target, arguments: seen.append(target)])
    assert functional.relu in seen
    assert [call.target for _, call in calls(outer)].count(functional.relu) == 2
    image = lens.prepare(pixels_for(lens))
    assert torch.equal(copied(image), outer(image))


def test_a_rule_answers_what_is_called_instead_and_the_first_answer_holds(lens):
    def doubles(node, target, arguments):
        return (lambda x: 2 * target(x)) if isinstance(target, nn.ReLU) and node.name == "relu2" else None

    def never(node, target, arguments):
        return torch.zeros_like if isinstance(target, nn.ReLU) and node.name == "relu2" else None

    image = lens.prepare(pixels_for(lens))
    changed = lens.through(rewritten(lens.module, [doubles, never]))
    before, after = (one.values(image, ("relu1", "relu2")) for one in (lens, changed))
    assert torch.equal(after["relu1"], before["relu1"])
    assert torch.equal(after["relu2"], 2 * before["relu2"])
    assert torch.equal(lens.values(image, ("relu2",))["relu2"], before["relu2"])
    assert [node.name for node in changed.module.graph.nodes] == [node.name for node in lens.module.graph.nodes]


def test_what_a_rule_made_has_the_weights_that_are_in_use(lens):
    other = lens_on(drawn())
    image, guided = other.prepare(pixels_for(other)), other.by_rules(lambda *_: None)
    other.load({name: value * 2 for name, value in other.module.state_dict().items()})
    assert torch.equal(guided.scores(image), other.scores(image))
    assert not torch.equal(guided.scores(image), lens.scores(image))


# Activations

RECTIFIERS = {"ReLU", "ReLU6", "LeakyReLU", "PReLU", "RReLU"}
LAYER_KINDS = [kind for kind in LAYERS.values() if issubclass(kind, Activation)]


@pytest.mark.parametrize("kind", LAYER_KINDS, ids=lambda kind: kind.__name__)
def test_every_activation_that_can_be_drawn_is_one_or_hands_on_or_makes_probabilities(kind):
    network = Network()
    network.add(LAYERS["Input"](channels=2, height=4, width=4), "input")
    network.add(kind(), "activation", inputs="input")
    network.add(LAYERS["Output"](), "output", inputs="activation")
    found = [activation_of(call) for _, call in calls(lens_on(network).module)]
    if kind.gives_probabilities or kind.hands_on:
        assert found == [None]
    else:
        assert found == [(kind.title, kind.__name__ in RECTIFIERS)]


def of(function, *more, **named):
    return activation_of(Call(function, (None, *more), named))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (of(functional.gelu), ("GELU", False)),
        (of(functional.silu), ("SiLU", False)),
        (of(functional.hardswish), ("Hardswish", False)),
        (of(torch.tanh), ("Tanh", False)),
        (of(torch.Tensor.sigmoid), ("Sigmoid", False)),
        (of(functional.leaky_relu, 0.1), ("Leaky ReLU", True)),
        (of(functional.relu6), ("ReLU6", True)),
        (of(torch.Tensor.clamp, 0, 6), ("ReLU6", True)),
        (of(torch.Tensor.clamp, min=0), ("ReLU", True)),
        (of(torch.clamp, -1, 1), None),
        (of(torch.clamp, max=1), None),
        (of(functional.hardtanh), ("Hardtanh", False)),
        (of(functional.hardtanh, 0.0, 4.0), ("ReLU6", True)),
        (of(functional.threshold, 0.5, 0.0), ("Threshold", False)),
        (of(functional.softmax, 1), None),
        (of(functional.max_pool2d, 2), None),
        (of(torch.add, None), None),
        (activation_of(Call(nn.Hardtanh(0, 6), (None,), {})), ("ReLU6", True)),
        (activation_of(Call(nn.Threshold(0, 0), (None,), {})), ("ReLU", True)),
        (activation_of(Call(nn.Conv2d(1, 1, 1), (None,), {})), None),
        (activation_of(Call(lambda relu: relu, (None,), {})), None),
    ],
)
def test_functions_and_methods_are_told_apart_by_what_they_do(call, expected):
    assert call == expected
