"""What the inspector says of a shape that is not certain, or not there."""

import pytest

from engine.layers import Shape
from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input
from engine.layers.linear import Linear
from engine.layers.merge import Add
from engine.network import Network, State, analyse
from gui.draw.inspector.shape_section import ShapeSection


def drawn() -> Network:
    network = Network()
    network.add(Input(channels=1, height=8, width=8), "input")
    network.add(Linear(out_features=5), "wrong", inputs="input")
    network.add(ReLU(), "assumed", inputs="wrong")
    network.add(Conv2d(), "loose")
    network.add(Add(), "blocked", inputs=["loose", "input"])
    network.add(ReLU(), "below", inputs="blocked")
    return network


def without_input() -> Network:
    network = Network()
    network.add(Conv2d(), "first")
    network.add(ReLU(), "second", inputs="first")
    return network


@pytest.mark.parametrize(
    ("network", "node", "state", "output", "note"),
    [
        (drawn(), "input", State.KNOWN, Shape(1, 8, 8), ""),
        (drawn(), "wrong", State.ASSUMED, Shape(5), "Assumed: the shape that the first fix would give."),
        (drawn(), "assumed", State.ASSUMED, Shape(5), "Assumed: the shape that the first fix would give."),
        (drawn(), "loose", State.BLOCKED, None, ""),
        (drawn(), "blocked", State.BLOCKED, None, "Waits for what stands above it."),
        (drawn(), "below", State.BLOCKED, None, "Waits for what stands above it."),
        (without_input(), "first", State.BLOCKED, None, "Waits for its input."),
        (without_input(), "second", State.BLOCKED, None, "Waits for what stands above it."),
    ],
)
def test_a_shape_that_is_not_certain_says_what_it_waits_for(qtbot, network, node, state, output, note):
    found = analyse(network)[node]
    assert (found.state, found.output) == (state, output)
    section = ShapeSection()
    qtbot.addWidget(section)
    section.show()
    section.show_node(found)
    assert section.note.text() == note
    assert section.note.isVisible() is bool(note)
