"""The source of a drawing that somebody is in the middle of: it is always there, and what it says always runs."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import conv, layer, start

from engine.compiling import python_source
from engine.compiling.plan import plan
from engine.network import Network
from templates import TEMPLATES, build

# Those that are built, written and run in a moment.
SMALL = [name for name in TEMPLATES if len(build(name)) < 120]


def nothing():
    return Network("nothing")


def only_an_input():
    return start("only an input")


def input_and_output():
    network = start("input and output")
    network.add(layer("Output"), "output", inputs="input")
    return network


def input_and_two_outputs():
    network = input_and_output()
    network.add(layer("Output"), "again", inputs="input")
    return network


def input_and_a_loose_layer():
    network = start("input and a loose layer")
    network.add(layer("Conv2d"), "conv1")
    return network


def no_input():
    network = Network("no input")
    network.add(layer("Output"), "output", inputs=network.add(layer("ReLU"), "relu1"))
    return network


def two_inputs():
    network = start("two inputs")
    network.add(layer("Input", channels=1, height=4, width=4), "other")
    return network


def only_bypassed():
    network = start("only bypassed")
    network.add(layer("ReLU"), "block.relu1", inputs="input")
    network.set_node("block.relu1", bypassed=True)
    return network


def nothing_fits():
    network = start("nothing fits")
    network.add(layer("Linear"), "fc1", inputs="input")
    network.add(layer("Output"), "output", inputs="fc1")
    return network


def an_auxiliary_output_of_the_input():
    network = input_and_output()
    network.add(layer("Output", auxiliary=True), "aux", inputs="input")
    return network


def layers_for_the_auxiliary_output_alone():
    network = input_and_output()
    network.add(layer("Output", auxiliary=True), "aux", inputs=conv(network, "head.conv1", "input"))
    return network


DRAWN = (
    nothing,
    only_an_input,
    input_and_output,
    input_and_two_outputs,
    input_and_a_loose_layer,
    no_input,
    two_inputs,
    only_bypassed,
    nothing_fits,
    an_auxiliary_output_of_the_input,
    layers_for_the_auxiliary_output_alone,
)


def assert_runs(network):
    """The source is Python, makes a module, and gives in both modes every value that can be computed."""
    steps = plan(network)
    namespace = {"__name__": "exported"}
    exec(compile(python_source(network).text, "exported.py", "exec"), namespace)
    with torch.device("meta"):
        module = namespace["build"]()
        images = [torch.zeros(2, *steps.steps[name].shape) for name in steps.inputs] or [torch.zeros(2)]
        for mode in (True, False):
            given_back = module.train(mode)(*images)
            values = list(given_back.values()) if isinstance(given_back, dict) else [given_back]
            shapes = [tuple(steps.steps[name].shape) for name in steps.outputs_in(training=mode)]
            assert [tuple(value.shape[1:]) for value in values] == (shapes or [()])


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_the_first_steps_of_a_drawing_have_code_that_runs(draw):
    assert_runs(draw())


def test_what_cannot_run_yet_is_named_in_the_code():
    source = python_source(input_and_a_loose_layer())
    assert "# conv1: " in source.text
    assert source.lines["conv1"]
    assert "        return x" in source.text


@settings(max_examples=60)
@given(
    name=st.sampled_from(SMALL),
    random=st.randoms(use_true_random=False),
    nodes=st.floats(0, 1),
    edges=st.floats(0, 0.3),
)
def test_whatever_is_taken_out_of_a_template_the_rest_has_code_that_runs(name, random, nodes, edges):
    network = build(name)
    network.remove(*random.sample(list(network), round(nodes * len(network))))
    for edge in random.sample(network.edges(), round(edges * len(network.edges()))):
        network.disconnect(edge)
    assert_runs(network)
