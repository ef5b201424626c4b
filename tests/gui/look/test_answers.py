"""Look inside shows the answer to its last question, says why there is none, and goes on."""

import threading

import numpy as np
import pytest
from look_parts import PATIENCE
from views_from_outside import Failing, registered

from engine.inspection import FeatureMaps
from engine.inspection.results import Kernels, Maps, Steps
from engine.inspection.sight import Asked
from engine.layers import LAYERS
from engine.project import Project
from gui.look.look import Look
from gui.look.renderers import Renderers

TWO_INPUTS = "Looking inside needs one input that takes the image; there are 2: input, second."


@pytest.fixture
def held(monkeypatch):
    """Feature maps that wait: the first event tells that they have begun, the second lets them go on."""
    begun, go_on, show = threading.Event(), threading.Event(), FeatureMaps.show

    def waiting(view, lens, image, node):
        begun.set()
        assert go_on.wait(60)
        return show(view, lens, image, node)

    monkeypatch.setattr(FeatureMaps, "show", waiting)
    yield begun, go_on
    go_on.set()


@pytest.fixture
def sights(inside):
    """Every sight that was shown."""
    shown = []
    inside.look.seen.connect(lambda: shown.append(inside.look.sight))
    return shown


def kernels_in(sight):
    return [result.node for result in sight.results.values() if isinstance(result, Kernels)]


@pytest.mark.parametrize("change", ["layer", "image", "pin"])
def test_an_answer_to_an_older_question_is_never_shown(inside, sights, seen, held, change, qtbot):
    begun, go_on = held
    inside.set_active(True)
    qtbot.waitUntil(begun.is_set, timeout=PATIENCE)
    other = np.zeros_like(inside.look.pixels)
    match change:
        case "layer":
            inside.look.choose_node("fc")
        case "image":
            inside.look.choose_image(other)
        case "pin":
            inside.look.pin((1, 2, 3))
    go_on.set()
    sight = seen()
    assert sights == [sight]
    assert kernels_in(sight) == ([] if change == "layer" else ["conv1"])
    assert (sight.pixels is other) == (change == "image")
    assert any(isinstance(result, Steps) for result in sight.results.values()) == (change == "pin")


def test_an_answer_about_a_drawing_that_has_changed_is_never_shown(inside, document, sights, held, qtbot):
    begun, go_on = held
    inside.set_active(True)
    qtbot.waitUntil(begun.is_set, timeout=PATIENCE)
    document.edit("Remove", lambda network: network.remove("flatten"))
    go_on.set()
    qtbot.waitUntil(lambda: not inside.look.busy, timeout=PATIENCE)
    assert sights == []
    assert "Maps need a network that is finished. fc has no input." in inside.maps.view.message.text()


class Gone(BaseException):
    """What a view is not refused for: its question gets no answer at all."""


def test_nothing_of_a_network_left_behind_is_shown_while_the_answer_about_another_is_to_come(inside, document, seen):
    inside.set_active(True)
    seen()
    inside.look.pin((1, 2, 3))
    seen()
    document.replace(Project(document.network.copy()))
    assert inside.look.busy
    assert (inside.look.sight, inside.look.value) == (None, None)
    assert inside.maps.view.values is None
    assert inside.maps.about.text() == "untrained"
    assert inside.image.bars.rows == []
    assert "conv1" in seen().maps


def test_a_failure_of_an_older_question_hides_nothing(inside, sights, seen, held, monkeypatch, qtbot):
    begun, go_on = held
    told = []
    inside.look.failed.connect(told.append)
    monkeypatch.setattr(Failing, "error", Gone())
    with registered(Failing):
        wanted = Look.wanted
        with monkeypatch.context() as patch:
            patch.setattr(Look, "wanted", property(lambda look: (*wanted.fget(look), Asked(Failing()))))
            inside.set_active(True)
            qtbot.waitUntil(begun.is_set, timeout=PATIENCE)
        inside.look.choose_node("pool")
        go_on.set()
        sight = seen()
    assert (told, sights) == ([], [sight])
    assert inside.maps.view.pages.currentWidget() is inside.maps.view.mosaic


def test_what_was_seen_before_is_not_kept_as_the_answer_to_a_question_that_failed(inside, seen, monkeypatch, qtbot):
    inside.set_active(True)
    seen()

    def fail(*_):
        raise RuntimeError("out of order")

    monkeypatch.setattr("engine.inspection.lens.Lens.look", fail)
    with qtbot.waitSignal(inside.look.failed, timeout=PATIENCE) as told:
        inside.look.choose_node("pool")
    assert told.args == ["The forward pass failed: out of order"]
    assert inside.look.sight is None


def test_a_value_is_pinned_in_the_layer_where_it_was_chosen_alone(inside, seen):
    inside.set_active(True)
    seen()
    inside.look.pin((1, 2, 3))
    assert any(isinstance(result, Steps) for result in seen().results.values())
    inside.look.choose_node("fc")
    inside.look.choose_node("conv1")
    assert inside.look.value is None
    assert not any(isinstance(result, Steps) for result in seen().results.values())


def test_a_drawing_with_two_inputs_says_so_and_shows_maps_again_with_one(inside, document, seen, qtbot):
    inside.set_active(True)
    seen()
    document.edit("Add", _add_second_input)
    qtbot.waitUntil(lambda: inside.maps.view.message.text() == TWO_INPUTS, timeout=PATIENCE)
    assert inside.maps.view.pages.currentWidget() is inside.maps.view.message
    assert not inside.look.busy
    document.undo_stack.undo()
    assert "conv1" in seen().maps
    assert inside.maps.view.pages.currentWidget() is inside.maps.view.mosaic
    assert list(inside.image.bars.rows)


def _add_second_input(network):
    network.add(LAYERS["Input"](channels=4, height=10, width=10), "second")
    network.disconnect(network.incoming("relu1")[0])
    network.add(LAYERS["Add"](), "add", inputs=["conv1", "second"])
    network.connect("add", "relu1")


def test_a_value_that_cannot_be_stepped_through_says_why_and_leaves_the_maps(inside, document, seen):
    table = LAYERS["PartiallyConnectedConv2d"](table=((0, 1), (1, 2), (2, 3)))
    document.edit("Replace", lambda network: _insert(network, table))
    inside.set_active(True)
    seen()
    inside.look.choose_node("partial")
    seen()
    inside.look.pin((0, 1, 1))
    assert "partial" in seen().maps
    assert inside.maps.view.pages.currentWidget() is inside.maps.view.mosaic
    assert inside.step.empty.text().startswith("The view Step through is for convolutions, but 'partial' is ")
    inside.look.choose_node("conv1")
    assert inside.step.empty.text().startswith("Click a value in a map")


def _insert(network, layer):
    network.disconnect(network.incoming("relu1")[0])
    network.add(layer, "partial", inputs="conv1")
    network.connect("partial", "relu1")


def test_one_renderer_shows_each_type_of_result():
    shown = []
    renderers = Renderers()
    renderers.register(Maps, lambda maps: shown.append(("maps", maps)))
    renderers.register(Kernels, lambda kernels: shown.append(("kernels", kernels)))
    maps = Maps(np.zeros((1, 2, 2), np.float32))
    renderers.show([maps])
    assert shown == [("maps", maps), ("kernels", None)]
