"""What a fix makes wrong elsewhere, which decides whether it is offered."""

from collections import ChainMap
from dataclasses import replace

import pytest

from engine.layers import LAYERS
from engine.layers.activation import ReLU
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear, RBFOutput
from engine.layers.merge import Add
from engine.layers.reshaping import Flatten, Reshape
from engine.network import Network, analyse
from engine.network.problems import Problem, Severity
from engine.network.results import NodeAnalysis, State
from engine.network.trials import made_wrong


def node(code=""):
    problem = Problem(code, Severity.ERROR, "x", "It is wrong.") if code else None
    return NodeAnalysis(State.KNOWN, LAYERS["ReLU"](), problem=problem)


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [("", "a", True), ("a", "b", True), ("a", "a", False), ("a", "", False), ("", "", False), (None, "a", True)],
)
def test_a_problem_of_another_kind_is_a_new_one(before, after, wrong):
    known = {} if before is None else {"x": node(before)}
    same = {"x": replace(node(after), problem=replace(node(after).problem, message="So it is now."))} if after else {}
    for tried in ({"x": node(after)}, same):
        assert list(made_wrong(ChainMap(tried, known), known)) == (["x"] if wrong and tried else [])


def wide(*after):
    network = Network()
    network.add(Input(channels=1, height=8, width=8), "input")
    network.add(Flatten(), "flatten", inputs="input")
    network.add(Linear(out_features=1_000_000), "fc1", inputs="flatten")
    network.add(Linear(out_features=1_000_000), "fc2", inputs="fc1")
    before = "fc2"
    for name, layer in after:
        before = network.add(layer, name, inputs=before)
    network.add(Output(), "output", inputs=before)
    return network


def test_a_layer_whose_width_is_needed_below_is_not_made_smaller():
    (free,) = (problem for problem in analyse(wide()).problems if problem.code == "too_large")
    assert [fix.label for fix in free.fixes] == ["Set fc2 to 15\u202f625"]
    network = wide(("maps", Reshape(channels=1, height=1000, width=1000)))
    (bound,) = (problem for problem in analyse(network).problems if problem.code == "too_large")
    assert bound.node == "fc2"
    assert bound.fixes == ()


def test_scores_are_not_given_in_another_number_to_fit_a_sum():
    for layer, labels in ((Linear(out_features=10), ["Set a to 12"]), (RBFOutput(classes=10), [])):
        network = Network()
        network.add(Input(channels=1, height=8, width=8), "input")
        network.add(Flatten(), "flatten", inputs="input")
        network.add(layer, "a", inputs="flatten")
        network.add(Linear(out_features=12), "b", inputs="flatten")
        network.add(ReLU(), "after", inputs="a")
        network.add(Add(), "add", inputs=["after", "b"])
        network.add(Output(), "output", inputs="add")
        (problem,) = analyse(network).errors
        assert problem.code == "inputs_differ"
        found = [fix.label for fix in problem.fixes]
        assert [label for label in found if label.startswith("Set a")] == labels
        assert "Set b to 10" in found
