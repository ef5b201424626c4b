"""Images to look at are read off the window's thread, and what was chosen last is what is looked at."""

import json
import threading
from typing import ClassVar

import numpy as np
import pytest
from look_parts import PATIENCE
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data.images import read_image
from engine.data.published import Digits
from engine.data.settings import DataSettings
from engine.data.source import SOURCES
from engine.errors import LayerloomError
from engine.layers import Shape
from engine.layers.input_output import Input
from engine.project import Project
from engine.runs.run_folder import RunFolder
from gui.look.weights import NO_WEIGHTS, WeightsPanel
from gui.widgets.busy_bar import BusyBar

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton
WHY_NONE = {"the layer": "Select a layer to see its weights.", "the run": NO_WEIGHTS}


class Counted(Digits):
    """Digits under longer names."""

    name: ClassVar = "counted"
    classes: ClassVar = tuple(f"number {digit}" for digit in range(10))


@pytest.fixture
def counted():
    """A project's data with other names for the same classes."""
    yield DataSettings(source=SOURCES.register(Counted)())
    SOURCES.unregister(Counted.name)


@pytest.fixture
def panel(inside, qtbot):
    """The image panel, once the images of the data set are there."""
    inside.set_active(True)
    qtbot.waitUntil(lambda: inside.image.samples is not None, timeout=PATIENCE)
    return inside.image


@pytest.fixture
def file(tmp_path):
    Image.fromarray(np.arange(40 * 30, dtype=np.uint16).reshape(30, 40).astype(np.uint8)).save(tmp_path / "grey.png")
    return tmp_path / "grey.png"


@pytest.fixture
def opening(panel, file, hold):
    """A file that is being read, by a call that is held."""
    held = hold("engine.data.images.read_image")
    panel.open_file(file)
    held.wait()
    assert threading.main_thread() not in held.threads
    return held


def test_a_file_is_shown_as_it_is_read(panel, file, qtbot):
    panel.open_file(file)
    qtbot.waitUntil(lambda: panel.note.text() == "grey.png, 1×12×12 grey, values 0 to 255", timeout=PATIENCE)
    np.testing.assert_array_equal(panel.look.pixels, read_image(file, Shape(1, 12, 12)))
    assert not panel.busy


ANOTHER = {
    "an image of the data set": lambda panel, _: panel.grid.chosen.emit(1),
    "a pen stroke": lambda panel, _: QTest.mouseClick(panel.pad, LEFT, pos=panel.pad.rect().center()),
    "an empty pad": lambda panel, _: QTest.mouseClick(panel.clear, LEFT),
    "another file": lambda panel, file: panel.open_file(file.with_name("white.png")),
}


@pytest.mark.parametrize("choose", ANOTHER)
def test_a_file_that_is_read_late_does_not_take_the_place_of_what_was_chosen_since(panel, opening, file, choose, qtbot):
    Image.new("L", (12, 12), 255).save(file.with_name("white.png"))
    ANOTHER[choose](panel, file)
    qtbot.waitUntil(lambda: not panel.busy, timeout=PATIENCE)
    chosen, said = panel.look.pixels, panel.note.text()
    opening.let_go()
    qtbot.wait(100)
    assert panel.look.pixels is chosen
    assert panel.note.text() == said
    assert not said.startswith("grey.png")


def test_a_file_comes_at_the_shape_that_the_network_has_by_then(panel, opening, document, qtbot):
    document.edit("Widen", lambda network: network.set_layer("input", Input(channels=1, height=20, width=20)))
    assert panel.look.shape == Shape(1, 20, 20)
    opening.let_go()
    qtbot.waitUntil(lambda: panel.note.text().startswith("grey.png, "), timeout=PATIENCE)
    assert panel.look.pixels.shape == (1, 20, 20)


def test_samples_of_an_input_that_is_gone_are_not_shown(inside, document, qtbot, hold):
    held = hold("engine.data.loading.load")
    inside.set_active(True)
    held.wait()
    document.edit("Widen", lambda network: network.set_layer("input", Input(channels=2, height=12, width=12)))
    held.let_go()
    qtbot.wait(100)
    assert inside.image.samples is None
    assert inside.image.note.text() == "The network has no image input yet."
    assert not inside.image.busy


def test_an_image_of_other_data_and_its_class_are_gone_until_theirs_are_there(
    panel, document, counted, seen, hold, qtbot
):
    seen()
    assert panel.truth.text().startswith("True class ")
    held = hold("engine.data.loading.load")
    document.replace(Project(document.network.copy(), counted))
    held.wait()
    assert panel.look.pixels is None
    assert panel.truth.text() == ""
    held.let_go()
    qtbot.waitUntil(lambda: panel.truth.text().startswith("True class number "), timeout=PATIENCE)


def test_weights_of_a_layer_left_behind_are_not_shown(document, runs, trained, qtbot, hold):
    held = hold("gui.look.weights.read_weights")
    panel = WeightsPanel(document, runs)
    qtbot.addWidget(panel)
    panel.show()
    document.select(["conv1"])
    held.wait()
    document.select(["fc"])
    qtbot.waitUntil(lambda: panel.name.text() == "fc", timeout=PATIENCE)
    held.let_go()
    qtbot.wait(100)
    assert panel.name.text() == "fc"
    document.select([])
    assert panel.line.text() == "Select a layer to see its weights."
    document.select(["fc"])
    qtbot.waitUntil(panel.area.isVisible, timeout=PATIENCE)


@pytest.mark.parametrize("leave", ["the layer", "the run"])
def test_weights_that_come_when_nothing_is_selected_any_more_are_not_shown(document, runs, trained, leave, qtbot, hold):
    held = hold("gui.look.weights.read_weights")
    panel = WeightsPanel(document, runs)
    qtbot.addWidget(panel)
    panel.show()
    document.select(["conv1"])
    held.wait()
    if leave == "the layer":
        document.select([])
    else:
        runs.view(None)
    held.let_go()
    qtbot.wait(100)
    assert panel.name.text() == ""  # not for a moment
    assert panel.line.text() == WHY_NONE[leave]
    assert not panel.area.isVisible()


def test_the_images_of_a_run_are_those_of_its_parts(inside, trained, qtbot):
    run = RunFolder(trained.folder)
    parts = json.loads(run.parts_file.read_bytes())
    parts["test"].reverse()
    run.parts_file.write_text(json.dumps(parts), "utf-8")
    inside.set_active(True)
    qtbot.waitUntil(lambda: inside.image.samples is not None, timeout=PATIENCE)
    shown = inside.image.samples
    assert shown.targets.tolist() == Digits().raw().labels[parts["test"][: len(shown.targets)]].tolist()
    assert shown.classes == run.record.classes


def test_there_is_no_verdict_before_the_answer(panel, trained, seen):
    seen()
    panel._look_at_sample(1)
    assert panel.truth.text() == ""
    seen()
    assert panel.truth.text().startswith("True class")


def test_an_earlier_epoch_stays_and_the_last_one_follows_what_comes(inside, trained, seen):
    inside.set_active(True)
    seen()
    look = inside.look
    first, *_, last = look.epochs
    look.choose_epoch(first)
    assert (look.epoch, look.following) == (first, False)
    look.choose_epoch(last)
    assert (look.epoch, look.following) == (last, True)


def test_what_trains_on_asks_nothing_while_an_earlier_epoch_is_in_use(inside, runs, trained, seen, qtbot):
    inside.set_active(True)
    seen()
    look, asked = inside.look, []
    look.choose_epoch(1)
    seen()
    look.asked.connect(lambda: asked.append(look.epoch))
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(trained, epochs=4)
    assert (look.epochs, look.epoch, asked) == ((1, 2, 3, 4), 1, [])
    look.choose_epoch(4)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(trained, epochs=5)
    assert (look.epoch, asked[-1]) == (5, 5)


def test_what_was_learned_while_nobody_looked_is_seen_on_coming_back(inside, runs, trained, seen, qtbot):
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(trained, epochs=4)
        inside.set_active(True)
        inside.set_active(False)  # before the first news of it
    inside.set_active(True)
    seen()
    assert inside.look.epochs == (1, 2, 3, 4)
    assert inside.look.epoch == 4


def test_another_run_is_looked_at_as_it_learned_last(inside, runs, trained, seen):
    inside.set_active(True)
    seen()
    inside.look.choose_epoch(1)
    runs.view(None)
    runs.view(trained)
    seen()
    assert (inside.look.epoch, inside.look.following) == (3, True)


def test_images_that_come_late_leave_what_was_drawn_meanwhile(inside, hold, qtbot):
    held = hold("engine.data.loading.load")
    inside.set_active(True)
    held.wait()
    QTest.mouseClick(inside.image.pad, LEFT, pos=inside.image.pad.rect().center())
    drawn = inside.look.pixels
    assert drawn.any()
    held.let_go()
    qtbot.waitUntil(lambda: inside.image.samples is not None, timeout=PATIENCE)
    assert inside.look.pixels is drawn


@pytest.fixture
def failing(monkeypatch):
    """Call a function by its path, which fails when the event that this returns is set."""

    def failing(path):
        go_on = threading.Event()

        def fail(*_, **__):
            assert go_on.wait(PATIENCE / 1000)
            raise LayerloomError("It cannot be read.")

        monkeypatch.setattr(path, fail)
        return go_on

    return failing


def test_no_bar_stays_over_a_file_that_could_not_be_read(panel, file, failing, qtbot):
    (bar,) = panel.findChildren(BusyBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    go_on = failing("engine.data.images.read_image")
    panel.open_file(file)
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    go_on.set()
    qtbot.waitUntil(lambda: panel.note.text() == "It cannot be read.", timeout=PATIENCE)
    assert not bar.isVisible()


def test_no_bar_stays_over_weights_that_could_not_be_read(document, runs, trained, failing, qtbot):
    go_on = failing("gui.look.weights.read_weights")
    panel = WeightsPanel(document, runs)
    qtbot.addWidget(panel)
    panel.show()
    (bar,) = panel.findChildren(BusyBar)
    document.select(["conv1"])
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    go_on.set()
    qtbot.waitUntil(lambda: panel.line.text() == "It cannot be read.", timeout=PATIENCE)
    assert not bar.isVisible()


def test_images_that_could_not_be_read_are_tried_again(inside, monkeypatch, qtbot):
    def fail(*_, **__):
        raise LayerloomError("The disk is away.")

    with monkeypatch.context() as patch:
        patch.setattr("engine.data.loading.load", fail)
        inside.set_active(True)
        qtbot.waitUntil(lambda: inside.image.note.text() == "The disk is away.", timeout=PATIENCE)
    assert not inside.image.busy
    inside.look.reset.emit()
    qtbot.waitUntil(lambda: inside.image.samples is not None, timeout=PATIENCE)


def test_weights_are_read_again_where_more_was_learned_while_they_were_read(document, runs, trained, qtbot, hold):
    held = hold("gui.look.weights.read_weights")
    panel = WeightsPanel(document, runs)
    qtbot.addWidget(panel)
    panel.show()
    document.select(["conv1"])
    held.wait()
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(trained, epochs=4)
    qtbot.waitUntil(lambda: not runs.active, timeout=PATIENCE)
    assert len(held.threads) == 1
    held.let_go()
    qtbot.waitUntil(lambda: len(held.threads) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not panel._reading.running, timeout=PATIENCE)


def test_the_kernels_of_a_layer_are_those_of_the_convolution_whose_maps_it_changes_in_place(inside, seen):
    inside.set_active(True)
    seen()
    found = {}
    for node in inside.look.network:
        inside.look.choose_node(node)
        found[node] = inside.look.convolution
    assert {node for node, convolution in found.items() if convolution} == {"conv1", "relu1"}
    assert found["relu1"] == "conv1"
