"""Weights of a run that trained another drawing say so, and what was changed; the run's own drawing can be opened."""

import numpy as np
import pytest

from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input
from engine.network import Network, Point
from engine.network.sameness import changes_since
from engine.project import Project
from gui.look.mosaic import Place


def widen(network):
    network.set_layer("conv1", Conv2d(out_channels=9))


def test_what_was_changed_since_the_run_is_said_until_it_is_undone(trained, inside, seen, document, qtbot):
    inside.set_active(True)
    seen()
    notice = inside.maps.other_drawing
    assert not notice.isVisible()
    document.edit("Move", lambda network: network.set_node("conv1", position=Point(300, 300)))
    assert not notice.isVisible()
    document.edit("Widen", widen)
    assert notice.isVisible()
    assert notice.message.text() == "The drawing has changed since run 1: conv1 has other settings."
    with qtbot.waitSignal(notice.wanted) as wanted:
        notice.button.click()
    assert wanted.args == [trained]
    document.undo_stack.undo()
    assert not notice.isVisible()
    document.edit("Add", lambda network: network.add(Conv2d(), "more"))
    assert notice.message.text() == "The drawing has changed since run 1: more is new."


def test_what_was_drawn_while_another_workspace_was_in_front_is_said_too(trained, inside, seen, document):
    inside.set_active(True)
    seen()
    inside.set_active(False)
    document.edit("Widen", widen)
    inside.set_active(True)
    assert inside.maps.other_drawing.isVisible()


@pytest.fixture
def two(document):
    return document.network, document.network.copy()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda n: n.set_layer("conv1", Conv2d(out_channels=9)), "conv1 has other settings"),
        (lambda n: n.set_node("fc", frozen=True), "fc has other settings"),
        (lambda n: n.remove("fc"), "fc is gone"),
        (lambda n: n.rename("fc", "head.fc"), "head › fc is new, fc is gone"),
        (lambda n: n.disconnect(n.edges()[0]), "the wires go otherwise"),
        (lambda n: (n.disconnect(n.incoming("pool")[0]), n.connect("conv1", "pool")), "the wires go otherwise"),
        (lambda n: n.set_node("fc", position=Point(1, 2)), ""),
        (lambda n: n.remove("conv1", "relu1", "pool", "flatten"), "conv1, relu1, pool and 1 more are gone"),
    ],
)
def test_changes_are_named(two, change, words):
    before, now = two
    change(now)
    assert changes_since(before, now) == words


def test_nothing_is_said_of_a_missing_input_once_there_is_one(document, inside, seen):
    """A project without input in between does not leave its sentence beside the maps."""
    project = document.project
    inside.set_active(True)
    seen()
    inside.image.show_image(np.zeros((1, 12, 12), np.uint8), "nothing.png")
    assert inside.image.note.text() == "nothing.png, 1×12×12 grey, values 0 to 255"
    document.replace(Project(Network("empty")))
    assert inside.image.note.text() == "The network has no image input yet."
    document.replace(project)
    seen()
    assert inside.image.note.text() == "nothing.png, 1×12×12 grey, values 0 to 255"


def test_an_image_of_other_data_goes_with_them(document, inside, seen, qtbot):
    inside.set_active(True)
    seen()
    qtbot.waitUntil(lambda: inside.look.target is not None, timeout=60_000)
    network = document.network.copy()
    network.set_layer("input", Input(channels=1, height=12, width=12))
    other = Project(network, document.project.data.model_copy(update={"split": _other_split(document)}))
    before = inside.look.pixels
    document.replace(other)
    assert inside.look.pixels is not before
    qtbot.waitUntil(lambda: inside.look.pixels is not None and inside.look.target is not None, timeout=60_000)


def test_an_image_of_the_same_data_stays_when_a_run_has_trained(document, inside, seen, qtbot, request):
    inside.set_active(True)
    seen()
    qtbot.waitUntil(lambda: inside.look.target is not None, timeout=60_000)
    inside.image.grid.chosen.emit(2)
    seen()
    chosen = inside.look.pixels
    assert inside.look.run is None
    run = request.getfixturevalue("trained")
    qtbot.waitUntil(lambda: inside.look.run is run)
    inside.look.reset.emit()  # as when it is chosen among several: it has a folder now, with the same images
    seen()
    assert inside.look.pixels is chosen


def test_a_value_of_maps_that_the_layer_does_not_give_marks_nothing(inside, seen):
    inside.set_active(True)
    inside.look.choose_node("pool")
    seen()
    maps, shape = inside.maps, inside.maps.view.values.shape
    assert maps._field(Place(0, 0, 0), shape) is not None
    larger = inside.look.analysis["conv1"].output
    assert larger != shape
    assert maps._field(Place(0, larger.height - 1, larger.width - 1), larger) is None


def _other_split(document):
    return document.project.data.split.model_copy(update={"seed": 5})
