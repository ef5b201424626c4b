"""What is merely not drawn yet: nothing is wrong with it, and the first fix builds what is missing."""

import pytest

from engine.layers import LAYERS
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.merge import Add, Concat
from engine.layers.reshaping import Flatten
from engine.network import Network, Severity, analyse
from templates import TEMPLATES


def drawing() -> Network:
    """Maps of 8×8, then features, then an output."""
    network = Network()
    network.add(Input(channels=4, height=8, width=8), "input")
    network.add(Conv2d(out_channels=4, kernel_size=3, padding=1), "conv1", inputs="input")
    network.add(ReLU(), "relu1", inputs="conv1")
    network.add(Flatten(), "flatten1", inputs="relu1")
    network.add(Linear(out_features=10), "fc1", inputs="flatten1")
    network.add(Output(), "output", inputs="fc1")
    return network


def applied(network, fix):
    other = network.copy()
    other.edit(fix.edit)
    return other


def labels(problem):
    return [fix.label for fix in problem.fixes]


@pytest.mark.parametrize("name", list(LAYERS))
@pytest.mark.parametrize("beside", ["nothing", "an input", "a network"])
def test_a_layer_that_was_just_dropped_is_no_error_and_is_first_offered_more(name, beside):
    network = {"nothing": Network, "an input": Network, "a network": drawing}[beside]()
    if beside == "an input":
        network.add(Input(channels=4, height=8, width=8), "input")
    dropped = network.add(LAYERS[name]())
    analysis = analyse(network)
    assert analysis.errors == ()
    for problem in analysis.problems:
        fixes = problem.fixes
        assert [fix.removes for fix in fixes] == sorted(fix.removes for fix in fixes), labels(problem)
        if fixes and not fixes[0].removes:
            after = analyse(applied(network, fixes[0]))
            assert (problem.code, problem.node) not in {(other.code, other.node) for other in after.problems}
            assert dropped in after.nodes


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.name)
def test_after_any_wire_is_cut_something_that_builds_comes_first(template):
    whole = template.build()
    edges = list(whole.edges())
    lacking = 0
    for edge in edges[:: max(1, len(edges) // 12)]:
        network = whole.copy()
        network.disconnect(edge)
        for problem in analyse(network).unfinished:
            lacking += problem.code == "input_missing"
            assert not problem.fixes[0].removes, labels(problem)
            after = analyse(applied(network, problem.fixes[0]))
            assert (problem.code, problem.node) not in {(other.code, other.node) for other in after.problems}
    assert lacking


def test_where_nothing_is_free_the_nearest_outputs_are_offered():
    network = drawing()
    network.add(ReLU(), "relu9")
    (problem,) = analyse(network).unfinished
    assert labels(problem)[-1] == "Remove relu9"
    assert all(label.startswith("Connect ") for label in labels(problem)[:-1])
    assert len(problem.fixes) == 3


def test_a_branch_that_ends_nowhere_is_added_to_a_value_of_its_shape():
    network = drawing()
    network.add(Conv2d(out_channels=4, kernel_size=1), "side", inputs="input")
    (problem,) = analyse(network).problems
    assert problem.severity is Severity.WARNING
    assert labels(problem) == ["Add it to relu1", "Remove side"]
    fixed = applied(network, problem.fixes[0])
    assert analyse(fixed).problems == ()
    (merged,) = fixed.incoming("flatten1")
    assert [edge.source for edge in fixed.incoming(merged.source)] == ["relu1", "side"]


def test_a_branch_of_another_width_is_set_beside_one_of_its_size():
    network = drawing()
    network.add(Conv2d(out_channels=7, kernel_size=1), "side", inputs="input")
    (problem,) = analyse(network).problems
    assert labels(problem) == ["Concatenate it with relu1", "Remove side"]
    fixed = analyse(applied(network, problem.fixes[0]))
    assert fixed.problems == ()
    assert fixed["flatten1"].output.elements == (4 + 7) * 8 * 8


def test_an_output_goes_nowhere_without_a_word_while_an_input_is_missing():
    network = drawing()
    network.add(ReLU(), "side", inputs="conv1")
    network.add(Add(), "sum", inputs="input")
    assert [(problem.code, problem.node) for problem in analyse(network).problems] == [("input_missing", "sum")]


def test_what_does_not_fit_yet_is_connected_through_what_makes_it_fit():
    network = Network()
    network.add(Input(channels=4, height=8, width=8), "input")
    network.add(Linear(out_features=10), "fc")
    network.add(Output(), "output", inputs="fc")
    (problem,) = analyse(network).problems
    assert labels(problem) == ["Connect input, insert Flatten"]
    fixed = analyse(applied(network, problem.fixes[0]))
    assert fixed.problems == ()
    assert fixed["fc"].parameters == 4 * 8 * 8 * 10 + 10


def test_of_several_ends_the_last_ones_may_give_the_output():
    network = drawing()
    network.remove("output")
    network.add(ReLU(), "side", inputs="conv1")
    (problem,) = analyse(network).problems
    assert problem.severity is Severity.UNFINISHED
    assert sorted(labels(problem)) == ["Add an output after fc1", "Add an output after side"]


def residual(main: int, shortcut: int) -> Network:
    """A block whose sum adds two widths, in a network where most have 128 maps."""
    network = Network()
    network.add(Input(channels=128, height=8, width=8), "input")
    network.add(Conv2d(out_channels=128, kernel_size=3, padding=1), "conv0", inputs="input")
    network.add(Conv2d(out_channels=main, kernel_size=3, padding=1), "block.conv2", inputs="conv0")
    network.add(Conv2d(out_channels=shortcut, kernel_size=1), "block.downsample.0", inputs="conv0")
    network.add(Add(), "block.add", inputs=["block.conv2", "block.downsample.0"])
    network.add(Output(), "output", inputs="block.add")
    return network


@pytest.mark.parametrize(
    ("main", "shortcut", "first", "second"),
    [
        (96, 128, "Set conv2 to 128", "Set downsample.0 to 96"),
        (128, 96, "Set downsample.0 to 128", "Set conv2 to 96"),
        (64, 96, "Set conv2 to 96", "Set downsample.0 to 64"),
    ],
)
def test_the_layer_that_left_the_usual_width_goes_back_to_it(main, shortcut, first, second):
    network = residual(main, shortcut)
    (problem,) = analyse(network).errors
    assert [label for label in labels(problem) if label.startswith("Set ")] == [first, second]
    for fix in problem.fixes:
        assert analyse(applied(network, fix)).errors == ()


@pytest.mark.parametrize("kind", [Add, Concat])
def test_a_merge_whose_only_input_is_blocked_is_led_on_too(kind):
    network = drawing()
    network.add(ReLU(), "loose")
    network.add(kind(), "merge", inputs="loose")
    network.add(ReLU(), "after", inputs="merge")
    (problem,) = (problem for problem in analyse(network).unfinished if problem.node == "merge")
    assert [fix.removes for fix in problem.fixes] == [False, False, True]
    assert problem.fixes[0].label == "Connect fc1"
    for fix in problem.fixes:
        after = applied(network, fix)
        assert ("merge" in after) is not fix.removes
        assert [found.node for found in analyse(after).blocking] == ["loose"]
        assert after.incoming("after")


def test_what_is_blocked_is_offered_to_be_removed_only_where_the_rest_stays_fed():
    network = drawing()
    network.add(Add(), "merge")
    network.add(ReLU(), "after", inputs="merge")
    problems = [problem for problem in analyse(network).unfinished if problem.node == "merge"]
    assert not any(fix.removes for problem in problems for fix in problem.fixes)
