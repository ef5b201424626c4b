"""Problems of a network with a task and its data: the first fix keeps what was drawn and settles the problem."""

import pytest
from small_training import settings, small_network

from engine.data.published import Digits
from engine.layers import LAYERS, Shape
from engine.network import Network, Severity, analyse
from engine.network.edits import freeze
from engine.tasks import Classification, Setup


def problems_of(network, **known):
    known = {"classes": 10, "images": 100, "colour": False, "batch_size": 8, **known}
    recipe = settings(batch_size=known.pop("batch_size"))
    return Classification().problems(Setup(network, analyse(network), Digits(), recipe, **known))


def stack(*layers, size=8, channels=1):
    """An input, these layers by name in a row, and an output."""
    network = Network()
    last = network.add(LAYERS["Input"](channels=channels, height=size, width=size), "input")
    for name, values in layers:
        last = network.add(LAYERS[name](**values), inputs=last)
    network.add(LAYERS["Output"](), "output", inputs=last)
    return network


def two_inputs():
    network = small_network()
    network.add(LAYERS["Input"](channels=1, height=8, width=8), "second")
    network.add(LAYERS["Conv2d"](out_channels=8, kernel_size=1), "side", inputs="second")
    network.disconnect(network.incoming("flatten")[0])
    network.add(LAYERS["MaxPool2d"](), "pool2", inputs="side")
    network.add(LAYERS["Add"](), "sum", inputs=["pool", "pool2"])
    network.connect("sum", "flatten")
    return network


def frozen():
    network = small_network()
    freeze(network, list(network))
    return network


def one_value_a_map():
    network = small_network()
    network.set_layer("conv", LAYERS["Conv2d"](out_channels=8, kernel_size=8, padding=0))
    network.remove("pool")
    network.connect("relu", "flatten")
    return network


CONV = ("Conv2d", {"out_channels": 6, "kernel_size": 3, "padding": 1})
FLAT, FC = ("Flatten", {}), ("Linear", {"out_features": 7})
BEHIND = [("Softmax", {}), ("Dropout", {"p": 0.5}), ("Identity", {}), ("ReLU", {}), ("Sigmoid", {})]

CASES = [
    ("no_network", Network, {}),
    ("several_inputs", two_inputs, {}),
    ("channels", lambda: stack(CONV, FLAT, FC, channels=5), {}),
    ("channels", lambda: stack(CONV, FLAT, FC, channels=5), {"colour": True}),
    ("made_grey", small_network, {"colour": True}),
    ("nothing_to_learn", lambda: stack(FLAT), {}),
    ("nothing_to_learn", lambda: stack(("MaxPool2d", {})), {}),
    ("nothing_to_learn", lambda: stack(), {}),
    ("nothing_to_learn", frozen, {}),
    ("one_image_a_batch", one_value_a_map, {"batch_size": 1}),
    ("output_not_vector", lambda: stack(CONV), {}),
    ("output_not_vector", lambda: stack(CONV), {"classes": None}),
    ("output_not_vector", lambda: stack(CONV, *BEHIND[:2]), {"classes": 3}),
    ("classes_differ", lambda: stack(CONV, FLAT, FC), {}),
    ("classes_differ", lambda: stack(CONV, FLAT), {}),
    ("classes_differ", lambda: stack(FLAT), {"classes": 1000}),
    *(("classes_differ", lambda name=name: stack(CONV, FLAT, name), {}) for name in BEHIND),
    *(("classes_differ", lambda name=name: stack(CONV, FLAT, FC, name), {}) for name in BEHIND),
    ("classes_differ", lambda: stack(CONV, ("GlobalAvgPool", {}), FLAT, *BEHIND), {}),
    ("scores_squashed", lambda: stack(CONV, FLAT, ("Linear", {"out_features": 10}), ("Sigmoid", {})), {}),
    ("scores_squashed", lambda: stack(FLAT, ("Linear", {"out_features": 10}), ("Softmax", {}), ("Softmax", {})), {}),
]


@pytest.mark.parametrize(("code", "drawn", "known"), CASES)
def test_the_first_fix_builds_something_and_settles_the_problem(code, drawn, known):
    network = drawn()
    before = problems_of(network, **known)
    (problem,) = (problem for problem in before if problem.code == code)
    assert [fix.removes for fix in problem.fixes] == sorted(fix.removes for fix in problem.fixes)
    for fix in problem.fixes:
        after = network.copy()
        after.edit(fix.edit)
        found = problems_of(after, **known)
        assert (code, problem.node) not in {(other.code, other.node) for other in found}, fix.label
        made = {(p.code, p.node) for p in analyse(after).errors}
        assert made <= {(p.code, p.node) for p in analyse(network).errors}, fix.label
    assert not problem.fixes[0].removes
    if code != "several_inputs":
        after = network.copy()
        after.edit(problem.fixes[0].edit)
        assert set(network) <= set(after)


@pytest.mark.parametrize("behind", BEHIND)
def test_scores_are_made_before_what_keeps_their_number(behind):
    network = stack(CONV, FLAT, behind)
    (problem,) = (problem for problem in problems_of(network) if problem.code == "classes_differ")
    assert [fix.label for fix in problem.fixes] == ["Insert Linear 10"]
    network.edit(problem.fixes[0].edit)
    analysis = analyse(network)
    (linear,) = (name for name, node in analysis.nodes.items() if type(node.layer) is LAYERS["Linear"])
    assert analysis[linear].inputs == (Shape(6 * 8 * 8),)
    assert [edge.target for edge in network.outgoing(linear)] == [list(network.topological())[-2]]


@pytest.mark.parametrize("layers", [(CONV,), (CONV, FLAT, FC)])
def test_no_network_tells_no_classes_apart(layers):
    assert [problem.severity for problem in problems_of(stack(*layers), classes=0)] == [Severity.ERROR]


@pytest.mark.parametrize(
    ("colour", "labels"),
    [(True, ["Take 3 channels", "Take 1 channel"]), (False, ["Take 1 channel", "Take 3 channels"])],
)
def test_an_input_takes_first_what_the_images_have(colour, labels):
    problems = problems_of(stack(CONV, FLAT, FC, channels=5), colour=colour)
    (problem,) = (problem for problem in problems if problem.code == "channels")
    assert [fix.label for fix in problem.fixes] == labels


def test_what_is_not_drawn_yet_is_no_error_and_says_the_next_step():
    for network in (Network(), stack(FLAT), stack()):
        first = next(problem for problem in problems_of(network, classes=64) if problem.severity.blocks)
        assert first.severity is Severity.UNFINISHED
        assert first.hint


def test_a_network_that_no_machine_holds_is_made_smaller():
    network = stack(FLAT, ("Linear", {"out_features": 1_000_000}), ("Linear", {"out_features": 1_000_000}))
    (problem,) = (problem for problem in analyse(network).problems if problem.code == "too_large")
    fix = problem.fixes[0]
    assert fix.label == "Set fc2 to 15\u202f625"  # 4 bytes × 10⁶ × 15 625 = 62.5 GB, of 68.7 GB
    network.edit(fix.edit)
    assert not analyse(network).errors


def test_an_image_that_no_machine_holds_is_made_smaller():
    network = stack(("ReLU", {}), CONV, channels=3, size=100_000)
    (problem,) = (problem for problem in analyse(network).problems if problem.code == "too_large")
    for fix in problem.fixes:
        after = network.copy()
        after.edit(fix.edit)
        assert not analyse(after).errors
    assert [fix.label for fix in problem.fixes][-1] == "Set input to 25\u202f000×25\u202f000"
