"""Drawing: a template edited and brought back, a wrong wire mended with a click, an empty page filled by keyboard."""

import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from engine.errors import LayerloomError
from engine.layers import LAYERS
from engine.network import Point, Severity
from engine.network.edits import bypass, freeze, move, remove_and_close_gap
from engine.recipe.optimisers import SGD
from gui.style.appearance import appearance
from gui.widgets.number_field import NumberField


def test_an_edit_in_the_inspector_is_undone_to_an_equal_project(window, person):
    person.open_template("lenet5")
    before = window.document.network.copy()
    window.document.select(["conv1"])
    inspector = window.workspaces().bench.inspector

    def channels():
        fields = inspector.findChildren(NumberField)
        return next((f for f in fields if f.isVisible() and f.accessibleName() == "Output channels"), None)

    person.until(lambda: channels() is not None)
    field = channels()
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "12")
    assert window.document.analysis["conv1"].output.channels == 12
    assert window.document.analysis["conv2"].parameters == 12 * 25 * 16 + 16
    window.actions_["undo"].trigger()
    assert window.document.network == before
    window.actions_["redo"].trigger()
    assert window.document.network.layer("conv1").out_channels == 12


def test_a_missing_flatten_is_put_back_by_one_click(window, person):
    person.open_template("lenet5")
    view = window.workspaces()
    window.document.edit("Remove flatten", lambda network: remove_and_close_gap(network, ["flatten"]))
    person.until(lambda: bool(view.problems.rows) and view.problems.rows[0].isVisible())
    assert view.status.counts[Severity.ERROR].text() == "1 error"
    assert not view.toolbar.train.isEnabled()
    fix = next(b for b in view.problems.rows[0].findChildren(QPushButton) if b.text().startswith("Insert Flatten"))
    person.click(fix)
    assert window.document.analysis.ok
    person.until(view.toolbar.train.isEnabled)
    window.actions_["undo"].trigger()
    assert not window.document.analysis.ok


def test_a_network_is_drawn_from_an_empty_page_by_keyboard(window, person):
    window.actions_["new"].trigger()
    person.until(lambda: window.has_document)
    view = window.workspaces()
    canvas = view.canvas
    canvas.setFocus()
    for words in ("input", "conv", "relu", "max pool", "flatten", "linear", "output"):
        QTest.keyClick(canvas.view, Qt.Key.Key_Tab)
        field = next(f for f in canvas.findChildren(QLineEdit) if f.isVisible())
        QTest.keyClicks(field, words)
        QTest.keyClick(field, Qt.Key.Key_Return)
    families = [type(window.document.network.layer(name)).__name__ for name in window.document.network.topological()]
    assert families == ["Input", "Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear", "Output"]
    assert window.document.analysis.ok


def test_switching_the_theme_keeps_everything_where_it_is(window, person):
    person.open_template("lenet5")
    before = window.document.network.copy()
    dark = window.grab().toImage()
    window.actions_["theme_light"].trigger()
    light = window.grab().toImage()
    assert dark.pixelColor(700, 500) != light.pixelColor(700, 500)
    assert light.pixelColor(3, 3) == appearance().colour("window")
    assert window.document.network == before
    assert not window.document.modified


def _random_edit(window, random_: random.Random) -> None:
    network, document = window.document.network, window.document
    names = list(network)
    name = random_.choice(names) if names else ""
    layer = random_.choice(list(LAYERS.values()))
    edges = network.edges()
    edits = {
        "Add": lambda n: n.add(layer(), n.free_name(layer.stem), position=Point(random_.randrange(900), 40)),
        "Remove": lambda n: remove_and_close_gap(n, [name]),
        "Move": lambda n: move(n, [name], 16, 24),
        "Freeze": lambda n: freeze(n, [name]),
        "Bypass": lambda n: bypass(n, [name]),
        "Connect": lambda n: n.connect(name, random_.choice(names)),
        "Disconnect": lambda n: n.disconnect(random_.choice(edges)),
    }
    label = random_.choice(list(edits))
    try:
        document.edit(label, edits[label])
    except (LayerloomError, IndexError):
        return  # refused: nothing has changed


@pytest.mark.parametrize("seed", range(2))
def test_random_editing_with_undo_returns_to_an_equal_project(window, person, seed):
    person.open_template("lenet5")
    before, training = window.document.network.copy(), window.document.project.training
    random_ = random.Random(seed)
    for step in range(120):
        _random_edit(window, random_)
        if step % 10 == 0:
            window.document.select(random_.sample(list(window.document.network), 1))
            changed = training.model_copy(update={"epochs": step + 1, "optimiser": SGD()})
            window.document.change_settings("Epochs", changed)
        if step % 7 == 0:
            window.document.undo_stack.undo()
    after, place = window.document.network.copy(), window.document.undo_stack.index()
    window.document.undo_stack.setIndex(0)
    assert window.document.network == before
    assert window.document.project.training == training
    assert not window.document.modified
    window.document.undo_stack.setIndex(place)
    assert window.document.network == after
