"""Problems: each cause once, in words with both numbers, and fixes that do what they say."""

import pytest
from drawings import networks, residual
from hypothesis import given, settings

from engine.layers import Shape
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.merge import Add, Concat
from engine.layers.normalisation import BatchNorm2d
from engine.layers.pooling import MaxPool2d
from engine.layers.reshaping import Flatten, Reshape
from engine.network import Network, Severity, State, analyse
from engine.network.layout import tidy
from engine.recipe.losses import CrossEntropy
from engine.tasks.class_problems import class_problems


def line(*stack):
    """A network of layers in a row with names by their stems."""
    network = Network()
    last = ()
    for layer in stack:
        last = network.add(layer, inputs=last)
    return network


def codes(network):
    return [(problem.code, problem.node) for problem in analyse(network).problems]


def applied(network, fix):
    """A copy of the network with the fix applied."""
    other = network.copy()
    other.edit(fix.edit)
    return other


def labels(problem):
    return [fix.label for fix in problem.fixes]


def shortcut(main: int, *, stride: int, channels: int = 64, size: int = 56, norm: bool = False) -> Network:
    """A residual sum whose main path is ``main`` maps with a stride."""
    network = Network()
    network.add(Input(channels=channels, height=size, width=size), "input")
    network.add(
        Conv2d(out_channels=main, kernel_size=3, stride=stride, padding=1, bias=not norm), "conv", inputs="input"
    )
    last = network.add(BatchNorm2d(), "bn", inputs="conv") if norm else "conv"
    network.add(Add(), "add", inputs=[last, "input"])
    network.add(Output(), "output", inputs="add")
    return network


def test_linear_after_a_map():
    network = line(Input(), Conv2d(out_channels=4, kernel_size=3, padding=1), Linear(), ReLU(), Output())
    analysis = analyse(network)
    (problem,) = analysis.problems
    assert problem.message == "Linear needs a vector, but conv1 gives a 4×32×32 map."
    assert labels(problem)[:2] == ["Insert Flatten", "Insert global average pool"]
    assert problem.fixes[0].effect == "Flatten turns 4×32×32 into 4\u202f096 features (no parameters)."
    assert problem.fixes[0].assumed == Shape(10)
    assert analysis["fc1"].state is State.ASSUMED
    assert analysis["relu1"].state is State.ASSUMED
    assert analysis["relu1"].output == Shape(10)
    assert not analyse(applied(network, problem.fixes[0])).problems


def test_a_projection_makes_a_shortcut_fit_and_says_its_cost():
    (problem,) = analyse(shortcut(128, stride=2)).problems
    assert problem.message == "Add needs equal shapes: conv gives 128×28×28, input gives 64×56×56."
    fix = problem.fixes[0]
    assert fix.label == "Insert 1×1 projection"
    assert fix.effect == "A 1×1 convolution with stride 2 and 128 maps makes them equal (+8\u202f320 params)."
    assert fix.assumed == Shape(128, 28, 28)


def test_what_two_paths_give_is_said_of_the_nodes_that_give_it_whichever_port_they_enter():
    network = Network()
    network.add(Input(channels=3, height=8, width=8), "input")
    for name, channels in (("left.conv", 4), ("right.conv", 6), ("stem", 4)):
        network.add(Conv2d(out_channels=channels, kernel_size=1), name, inputs="input")
    network.add(Add(), "add", inputs=["stem", "left.conv", "right.conv"])
    network.add(Output(), "output", inputs="add")
    (problem,) = analyse(network).problems
    assert problem.message == "Add needs equal shapes: stem gives 4×8×8, right › conv gives 6×8×8."
    network.remove("stem")
    (problem,) = analyse(network).problems
    assert problem.message == "Add needs equal shapes: left › conv gives 4×8×8, right › conv gives 6×8×8."
    network.add(Add(), "right.sum", inputs=["right.conv", "input"])
    message = next(found.message for found in analyse(network).errors if found.node == "right.sum")
    assert message == "Add needs equal shapes: conv gives 6×8×8, input gives 3×8×8."


def test_a_projection_beside_batch_norm_is_normed_too():
    network = shortcut(128, stride=2, norm=True)
    fix = analyse(network).problems[0].fixes[0]
    assert "(+8\u202f448 params)" in fix.effect
    assert [type(applied(network, fix).layer(n)).__name__ for n in applied(network, fix)][-2:] == [
        "Conv2d",
        "BatchNorm2d",
    ]


def test_zero_padding_resizing_cropping_and_matching_are_offered_where_they_work():
    assert "Zero-pad the channels" in labels(analyse(shortcut(128, stride=2)).problems[0])
    assert "Resize with stride" in labels(analyse(shortcut(64, stride=2)).problems[0])
    network = line(Input(channels=8), Conv2d(out_channels=8, kernel_size=3))
    network.add(Add(), "add", inputs=["conv1", "input1"])
    network.add(Output(), inputs="add")
    assert "Crop" in labels(analyse(network).problems[0])
    network = line(Input(channels=8), Conv2d(out_channels=8, kernel_size=1))
    network.add(Conv2d(out_channels=4, kernel_size=1), "side", inputs="input1")
    network.add(Add(), "add", inputs=["conv1", "side"])
    network.add(Output(), inputs="add")
    assert "Set side to 8" in labels(analyse(network).problems[0])


def test_concat_needs_equal_sizes_only():
    network = line(Input(), Conv2d(out_channels=8, kernel_size=2, stride=2))
    network.add(Concat(), "join", inputs=["conv1", "input1"])
    network.add(Output(), inputs="join")
    (problem,) = analyse(network).problems
    assert problem.fixes
    assert problem.fixes[0].assumed == Shape(16, 16, 16) or problem.fixes[0].assumed[1:] == (16, 16)


def test_vectors_of_different_length_are_matched():
    network = line(Input(), Flatten(), Linear(out_features=5))
    network.add(Linear(out_features=7), "side", inputs="flatten1")
    network.add(Add(), "add", inputs=["fc1", "side"])
    network.add(Output(), inputs="add")
    assert labels(analyse(network).problems[0])[:3] == ["Set fc1 to 7", "Set side to 5", "Insert Linear 5"]


def test_a_window_larger_than_its_map_gets_the_layers_own_suggestions():
    network = line(Input(height=5, width=5), Conv2d(out_channels=2, kernel_size=7), Output())
    (problem,) = analyse(network).problems
    assert "7×7" in problem.message
    assert "5×5" in problem.message
    assert {"Pad 1", "Kernel 5"} <= set(labels(problem))


def test_a_mistake_is_reported_once_and_the_next_one_too():
    network = shortcut(128, stride=2)
    network.remove("output")
    network.add(Linear(), "fc", inputs="add")
    network.add(ReLU(), "relu", inputs="fc")
    network.add(Output(), "output", inputs="relu")
    assert codes(network) == [("inputs_differ", "add"), ("needs_vector", "fc")]


def test_what_waits_for_a_missing_input_is_blocked_and_silent():
    network = line(Input(), ReLU(), Output())
    network.add(Conv2d(), "loose")
    network.add(ReLU(), "below", inputs="loose")
    network.add(Output(), "output2", inputs="below")
    analysis = analyse(network)
    assert [(p.code, p.node) for p in analysis.problems] == [("input_missing", "loose")]
    assert analysis["below"].state is analysis["output2"].state is State.BLOCKED


def test_the_only_free_output_is_offered():
    network = line(Input(), ReLU())
    network.add(Output(), "output")
    problem = analyse(network).unfinished[0]
    assert labels(problem) == ["Connect relu1"]
    assert analyse(applied(network, problem.fixes[0])).ok


def test_a_merge_with_one_input_can_be_taken_out():
    network = line(Input(), ReLU(), Add(), ReLU(), Output())
    (problem,) = analyse(network).problems
    assert problem.message == "Add needs two or more inputs, but add1 has one."
    assert labels(problem) == ["Connect input1", "Add a path beside", "Remove add1"]
    assert analyse(network)["relu2"].state is State.ASSUMED


def test_no_input_and_no_output_are_each_one_problem():
    network = line(Conv2d(), ReLU())
    analysis = analyse(network)
    assert [problem.code for problem in analysis.problems] == ["no_input", "no_output"]
    fixed = applied(network, analysis.problems[0].fixes[0])
    fixed = applied(fixed, analyse(fixed).problems[0].fixes[0])
    assert not analyse(fixed).problems


def test_an_empty_network_has_no_problems():
    assert analyse(Network()).problems == ()


def test_a_dead_end_is_a_warning():
    network = line(Input(), ReLU(), Output())
    network.add(ReLU(), "idle", inputs="relu1")
    (problem,) = analyse(network).problems
    assert problem.severity is Severity.WARNING
    assert problem.message == "The output of idle goes nowhere."
    assert not analyse(applied(network, problem.fixes[0])).problems


def test_bias_before_batch_norm_is_a_warning_with_its_cost():
    network = line(Input(), Conv2d(out_channels=2000, kernel_size=1), BatchNorm2d(), Output())
    (problem,) = analyse(network).warnings
    assert problem.message == "Bias has no effect before batch norm; it costs 2\u202f000 parameters."
    assert labels(problem) == ["Turn bias off"]
    assert not analyse(applied(network, problem.fixes[0])).problems


def test_a_network_that_no_machine_holds_is_an_error():
    network = line(Input(), Flatten(), Linear(out_features=1_000_000), Linear(out_features=1_000_000), Output())
    (problem,) = analyse(network).errors
    assert problem.code == "too_large"
    assert problem.node == "fc2"
    assert problem.message == "One image needs 4.01 TB, 4.00 TB of it in fc2."


def test_data_with_another_number_of_classes():
    network = residual()
    network.add(ReLU(), "act", inputs="fc")
    network.remove("output")
    network.add(Output(), "output", inputs="act")
    (problem,) = class_problems(analyse(network), 8, data="the folder", loss=CrossEntropy())
    assert problem.message == "Output gives 10 classes, the folder has 8."
    assert labels(problem) == ["Set fc to 8", "Insert Linear 8"]
    assert not list(
        class_problems(analyse(applied(network, problem.fixes[0])), 8, data="the folder", loss=CrossEntropy())
    )


def test_maps_are_no_classes():
    network = line(Input(), MaxPool2d(), Output())
    (problem,) = class_problems(analyse(network), 10, data="Digits", loss=CrossEntropy())
    assert problem.code == "output_not_vector"


def keys(analysis):
    return {(problem.code, problem.node) for problem in analysis.blocking}


def may_be(problem, new, analysis):
    """Whether a fix may make problems: what feeds a layer shows what is wrong below it, where nothing was known."""
    feeds = problem.code in ("no_input", "input_missing")
    return not new or (feeds and all(analysis[node].state is not State.KNOWN for _, node in new))


@pytest.mark.slow
@given(networks())
@settings(max_examples=200)
def test_every_fix_removes_its_problem_and_makes_no_other_error(network):
    tidy(network)
    analysis = analyse(network)
    for problem in analysis.problems:
        for fix in problem.fixes:
            fixed = analyse(applied(network, fix))
            assert (problem.code, problem.node) not in {(p.code, p.node) for p in fixed.problems}
            assert may_be(problem, keys(fixed) - keys(analysis), analysis), f"{problem.code}: {fix.label}"
            if fix.assumed and problem.node in fixed.nodes:
                assert fixed[problem.node].output == fix.assumed


@given(networks())
def test_messages_are_sentences_with_thin_spaces(network):
    for problem in analyse(network).problems:
        for text in (problem.message, problem.hint, *(fix.effect for fix in problem.fixes)):
            assert not text or text.endswith((".", "?"))
            assert "{" not in text
            assert "!" not in text
        assert len(problem.short) <= 18


def test_a_reshape_of_more_values_than_it_can_have_channels_is_one_problem():
    network = line(Input(channels=3, height=1000, width=1000), Reshape(), Output())
    (problem,) = analyse(network).problems
    assert problem.code == "sizes_differ"
    assert labels(problem) == ["Average and give 1 value", "Remove reshape1"]
