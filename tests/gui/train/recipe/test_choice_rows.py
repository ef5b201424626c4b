"""A form of a recipe: choices with the settings of what is chosen below them."""

from typing import ClassVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.layers import LAYERS
from engine.project import Project
from engine.recipe.initialisations import INITIALISATIONS
from engine.recipe.losses import LOSSES
from engine.recipe.metrics import METRICS
from engine.recipe.optimisers import OPTIMISERS, SGD, Adam, Optimiser
from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES
from engine.settings import setting
from gui.document import Document
from gui.train.recipe.line import LineField
from gui.train.recipe.panel import RecipePanel


@pytest.fixture
def panel(qtbot):
    panel = RecipePanel(Document())
    qtbot.addWidget(panel)
    panel.resize(304, 900)
    with qtbot.waitExposed(panel):
        panel.show()
    qtbot.waitUntil(lambda: panel.form.rows["optimiser"].isVisible())
    return panel


@pytest.fixture
def training(panel):
    return lambda: panel.document.project.training


def choose(panel, field, name):
    editor = panel.form.rows[field].editor
    editor.setFocus()
    key = Qt.Key.Key_Down if editor.findData(name) > editor.currentIndex() else Qt.Key.Key_Up
    while editor.currentData() != name:
        QTest.keyClick(editor, key)
    QApplication.processEvents()


def momentum_of(panel):
    return panel.form.row("optimiser.momentum")


def type_into(row, text):
    row.editor.setFocus()
    row.editor.selectAll()
    QTest.keyClicks(row.editor, text)
    QApplication.processEvents()


def test_the_settings_of_what_is_chosen_stand_below_it(panel, training):
    assert not panel.form.findChildren(LineField, "optimiser.momentum")
    choose(panel, "optimiser", "sgd")
    row = momentum_of(panel)
    assert training().optimiser == SGD()
    assert row.isVisible()
    lines = [panel.form.line(path) for path in ("optimiser", "learning_rate", "optimiser.momentum")]
    assert [line.y() for line in lines] == sorted(line.y() for line in lines)
    type_into(row, "0.5")
    assert training().optimiser == SGD(momentum=0.5)
    choose(panel, "optimiser", "adam")
    assert not row.isVisible()


def test_switching_and_back_keeps_the_settings_and_each_is_one_undo_step(panel, training):
    choose(panel, "optimiser", "sgd")
    type_into(momentum_of(panel), "0.5")
    steps = panel.document.undo_stack.count()
    choose(panel, "optimiser", "adam")
    assert training().optimiser == Adam()
    choose(panel, "optimiser", "sgd")
    assert training().optimiser == SGD(momentum=0.5)
    assert panel.document.undo_stack.count() == steps + 2
    panel.document.undo_stack.undo()
    assert training().optimiser == Adam()
    panel.document.undo_stack.undo()
    assert training().optimiser == SGD(momentum=0.5)


def test_another_project_starts_with_the_usual_settings(panel, training):
    choose(panel, "optimiser", "sgd")
    type_into(momentum_of(panel), "0.5")
    panel.document.replace(type(panel.document.project)())
    QApplication.processEvents()
    choose(panel, "optimiser", "sgd")
    assert training().optimiser == SGD()


def test_a_refused_setting_of_a_choice_leaves_the_one_before_in_force(panel, training):
    choose(panel, "optimiser", "sgd")
    row = momentum_of(panel)
    type_into(row, "0.5")
    row.editor.clearFocus()
    type_into(row, "7")
    assert training().optimiser == SGD(momentum=0.5)
    assert row.reason.text() == "Momentum is 7, less than 1 is needed. 0.5 stays in force."


def test_words_are_those_of_the_classes(panel):
    names = ("optimiser", "schedule", "loss", "initialisation", "watch", "device", "precision")
    words = {name: panel.form.rows[name].editor for name in names}
    shown = {name: [editor.itemText(i) for i in range(editor.count())] for name, editor in words.items()}
    assert shown == {
        "optimiser": [kind.title for kind in OPTIMISERS.values()],
        "schedule": [kind.title for kind in SCHEDULES.values()],
        "loss": [kind.title for kind in LOSSES.values()],
        "initialisation": [kind.title for kind in INITIALISATIONS.values()],
        "watch": ["Automatic", *(kind.title for kind in METRICS.values())],
        "device": ["Automatic", "CUDA", "MPS", "CPU"],
        "precision": ["Automatic", "float32", "Mixed", "Mixed, bfloat16", "Mixed, float16"],
    }
    assert panel.form.rows["loss"].isVisible()
    assert panel.form.rows["optimiser"].editor.accessibleName() == "Optimiser"
    assert set(panel.form.rows) == set(Recipe.model_fields)


def refused(panel):
    """Momentum 0.5, with 7 refused in its field."""
    choose(panel, "optimiser", "sgd")
    row = momentum_of(panel)
    type_into(row, "0.5")
    row.editor.clearFocus()
    type_into(row, "7")
    assert row.reason.text()
    return row


@pytest.mark.parametrize(
    "leave",
    [
        lambda panel: panel.document.replace(Project(training=Recipe(optimiser=SGD(momentum=0.5)))),
        lambda panel: (choose(panel, "optimiser", "adamw"), choose(panel, "optimiser", "sgd")),
        lambda panel: (panel.document.undo_stack.undo(), panel.document.undo_stack.redo()),
        lambda panel: panel.document.edit("Add", lambda network: network.add(LAYERS["ReLU"](), "relu")),
    ],
    ids=["project", "choice", "undo", "drawing"],
)
def test_a_refused_text_goes_with_what_it_was_typed_into(panel, training, leave, qtbot):
    row = refused(panel)
    leave(panel)
    qtbot.waitUntil(lambda: row.reason.text() == "")
    assert training().optimiser == SGD(momentum=0.5)
    assert row.editor.text() == "0.5"


class Paired(Optimiser):
    """With a setting of two numbers."""

    name: ClassVar = "paired"
    title: ClassVar = "Paired"
    usual_rate: ClassVar = 0.003
    betas: tuple[float, float] = setting((0.9, 0.99), "Betas")


def test_a_choice_may_have_a_setting_of_two_numbers(qtbot):
    OPTIMISERS.register(Paired)
    try:
        panel = RecipePanel(Document(Project(training=Recipe(optimiser=Paired(betas=(0.5, 0.75))))))
        qtbot.addWidget(panel)
        with qtbot.waitExposed(panel):
            panel.show()
        row = panel.form.row("optimiser.betas")
        qtbot.waitUntil(row.isVisible)
        assert [half.text() for half in row.editor.halves] == ["0.5", "0.75"]
    finally:
        OPTIMISERS.unregister("paired")


@pytest.mark.parametrize("text", ["7", "3x3"])
def test_what_is_typed_into_a_setting_of_the_choice_before_is_dropped(show, text):
    form = show(Recipe(schedule="one_cycle"))
    choice, old = form.editor("schedule"), form.editor("schedule.div_factor")
    place = choice.findData("constant")
    choice.setCurrentIndex(place)
    choice.activated.emit(place)  # and the form shows what it has in the next turn of the event loop
    old.selectAll()
    QTest.keyClicks(old, text)
    form.settle()
    assert form.recipe == Recipe(schedule="constant")
