"""What differs from the preset is marked, said and restored; learning rates are offered; warnings stand below."""

import pytest
from PySide6.QtCore import Qt

from engine.data.settings import DataSettings, SplitSettings
from engine.layers.activation import Softmax
from engine.network.edits import insert_on_edge
from engine.recipe.losses import CrossEntropy
from engine.recipe.optimisers import SGD
from engine.recipe.own_presets import OwnPresets
from engine.recipe.presets import RECIPES
from engine.recipe.recipe import Device, Recipe
from gui.document import Document
from gui.style.appearance import appearance
from gui.train.recipe.offers import RateOffer
from gui.train.recipe.panel import RecipePanel
from templates import build

MODERN = RECIPES["modern"].preset().applied(Recipe())


def marked(form):
    return {line.label.text() for line in form.form.lines if line.label.changes and not line.isHidden()}


def test_what_differs_is_marked_twice_and_told_at_the_foot(show):
    form = show(MODERN)
    assert marked(form) == set()
    assert form.panel.footer.words.text() == "Modern, unchanged"
    assert not form.panel.footer.restore.isEnabled()
    form.type("weight_decay", "0.1")
    form.type("loss.label_smoothing", "0.2")
    assert marked(form) == {"Weight decay", "Label smoothing"}
    assert form.panel.footer.words.text() == "Modern, 2 changes"
    assert "Weight decay 0.1 (was 0.05)" in form.panel.footer.restore.toolTip()
    line = form.form.line("weight_decay")
    assert line.label.property("role") == "link"
    assert "Modern has 0.05" in line.label.toolTip()
    assert line.label.accessibleName().startswith("Weight decay, changed.")
    image = line.grab().toImage()
    dot = [image.pixelColor(x, y) for x in range(8) for y in range(image.height())]
    assert appearance().colour("link") in dot  # the second sign stands left of the label
    form.document.undo_stack.undo()
    form.settle()
    assert marked(form) == {"Weight decay"}


@pytest.mark.parametrize("key", [None, Qt.Key.Key_Space, Qt.Key.Key_Return], ids=["click", "space", "enter"])
def test_a_label_restores_its_line_alone_as_one_step(show, key):
    form = show(MODERN)
    form.type("l1", "0.1")
    form.type("l2", "0.2")
    form.type("epochs", "31")
    steps, changed = form.steps, form.recipe
    form.press(form.form.line("l1").label, key)
    assert form.recipe == changed.model_copy(update={"l1": 0.0, "l2": 0.0})
    assert form.steps == steps + 1
    assert marked(form) == {"Epochs, warm-up"}
    form.press(form.form.line("l1").label)  # nothing is left to restore
    assert form.steps == steps + 1


def test_another_choice_is_restored_with_its_settings(show):
    form = show(MODERN)
    form.choose("loss", "mae")
    assert marked(form) == {"Function"}
    form.press(form.form.line("loss").label)
    assert form.recipe.loss == CrossEntropy(label_smoothing=0.1)


def test_what_cannot_be_restored_alone_is_said(show):
    OwnPresets().keep("Plain", Recipe(optimiser=SGD(momentum=0), epochs=77, l1=0.1))
    form = show(Recipe(optimiser=SGD(momentum=0.9, nesterov=True), epochs=77, l1=0.1))
    assert form.panel.footer.words.text() == "Plain, 2 changes"
    before = form.recipe
    form.press(form.form.line("optimiser.momentum").label)
    assert form.recipe == before
    assert form.panel.footer.words.text() == "Nesterov needs a momentum above 0 and no dampening."
    form.press(form.form.line("optimiser.nesterov").label)
    form.press(form.form.line("optimiser.momentum").label)
    assert form.panel.footer.words.text() == "Plain, unchanged"


def test_the_foot_restores_all(show):
    form = show(MODERN)
    form.type("weight_decay", "0.1")
    form.type("seed", "7")
    form.press(form.panel.footer.restore)
    assert form.recipe == MODERN.model_copy(update={"seed": 7})


def test_what_is_set_elsewhere_is_followed_also_unseen(show):
    form = show(MODERN)
    form.panel.hide()
    form.document.change_settings("Device", MODERN.model_copy(update={"device": Device.CPU, "l1": 0.5}))
    form.panel.show()
    form.settle()
    assert form.editor("device").currentData() == Device.CPU
    assert form.editor("l1").text() == "0.5"
    assert form.panel.footer.words.text() == "Modern, 1 change"


def test_settings_may_change_before_the_form_is_shown(qtbot):
    panel = RecipePanel(Document())
    qtbot.addWidget(panel)
    panel.document.change_settings("Epochs", Recipe(epochs=9))
    panel.show()
    qtbot.waitUntil(lambda: panel.footer.words.text() == "Quick start, 1 change")


def test_changed_settings_that_are_folded_are_told(show):
    form = show(MODERN)
    more = form.form.sections["Precision and devices"].more.button
    assert more.text() == "More settings"
    form.document.change_settings("Compile", MODERN.model_copy(update={"compile": True}))
    form.settle()
    assert more.text() == "More settings, 1 changed"


def offered(form):
    return form.panel._usual.text() if form.panel._usual.isVisible() else ""


def test_naming_an_optimiser_keeps_the_rate_and_offers_its_usual_one(form):
    assert offered(form) == ""
    form.choose("optimiser", "sgd")
    assert form.recipe.learning_rate == 0.003
    assert offered(form) == "1e-1"
    button = form.panel._usual
    assert button.toolTip() == "SGD usually learns well at 0.1."
    steps = form.steps
    form.press(button, Qt.Key.Key_Space)
    assert (form.recipe.learning_rate, form.recipe.optimiser.name) == (0.1, "sgd")
    assert form.steps == steps + 1
    assert offered(form) == ""


def test_what_a_range_test_found_takes_the_place_of_what_is_usual(form):
    form.choose("optimiser", "sgd")
    form.panel.offers.suggest(RateOffer(0.02, "The loss falls fastest there."))
    form.settle()
    assert offered(form) == ""  # it stands beside its chart
    form.panel.offers.suggest(None)
    form.settle()
    assert offered(form) == "1e-1"


def test_a_warning_stands_below_its_setting_with_what_mends_it(show):
    form = show(Recipe(weight_decay=0.05))
    assert form.notes("l2") == []
    form.type("l2", "0.01")
    assert form.notes("l2") == ["L2 and decoupled decay both shrink the weights."]
    (box,) = form.boxes("l2")
    assert (box.button.text(), box.button.isVisible()) == ("L2 0", True)
    steps = form.steps
    form.press(box.button)
    assert form.recipe.l2 == 0
    assert form.steps == steps + 1
    assert form.notes("l2") == []
    assert form.editor("l2").text() == "0"


def test_batch_norm_and_accumulation(show):
    form = show(network=build("resnet", depth=18, input_size=32))
    form.type("batch_size", "64")
    form.type("accumulate", "2")
    assert form.notes("accumulate") == [
        "Batch norm sees 64 images, not 128. Only a larger batch shows it more; group norm does not mind."
    ]


def test_scores_that_can_never_be_sure_are_mended_beside_the_loss(show):
    network = build("lenet5")
    for _ in range(2):
        insert_on_edge(network, Softmax(), network.incoming("output")[0])
    form = show(network=network)
    (box,) = form.boxes("loss")
    assert box.text.text().endswith("values of Softmax lie between two limits: no class can become sure.")
    form.press(box.button)
    assert form.document.undo_stack.undoText() == "Bypass softmax1"
    assert form.boxes("loss") == []


def test_a_plateau_without_validation_images(show):
    form = show()
    form.choose("schedule", "plateau")
    assert form.notes("schedule") == []
    assert form.panel.course.words.text() == "The course depends on the run: nobody knows it before."
    assert not form.panel.course.curve.isVisible()
    form.document.change_settings("No validation", DataSettings(split=SplitSettings(validation=0)))
    form.settle()
    (note,) = form.notes("schedule")
    assert note.startswith("No images validate")
    form.press(form.boxes("schedule")[0].button)
    assert form.recipe.schedule == Recipe().schedule
    assert form.panel.course.curve.isVisible()


def test_a_loss_that_fades_behind_the_softmax_is_mended_in_the_drawing(show):
    form = show(network=build("alexnet"))
    network = form.document.network
    softmax = next((name for name in network if network.layer(name).gives_probabilities), "")
    form.choose("loss", "mse")
    if not softmax:
        assert form.notes("loss") == []
        return
    assert "learns slowly where the network is surely wrong" in form.notes("loss")[0]
    form.press(form.boxes("loss")[0].button)
    assert network[softmax].bypassed


def test_facts_are_those_of_this_network_and_these_data(show):
    form = show(MODERN)
    assert form.editor("learning_rate").kind.unit == "peak"
    assert form.editor("weight_decay").kind.unit == "decoupled"
    assert form.editor("loss.label_smoothing").kind.unit == "true class 0.91"
    assert form.form.line("decay_leaves_out").fact.text() == "236 of 61.7 k left out"
    form.choose("optimiser", "sgd")
    form.choose("schedule", "exponential")
    form.choose("decay_leaves_out", form.editor("decay_leaves_out").itemData(1))
    assert form.editor("learning_rate").kind.unit == ""
    assert form.editor("weight_decay").kind.unit == ""
    assert not form.form.line("decay_leaves_out").fact.isVisible()
    assert form.editor("clip_norm").kind.unit == "norm"


def test_a_rate_that_the_range_test_warns_of_is_mended_by_what_it_suggests(show):
    form = show(Recipe(learning_rate=0.1))
    warning = "1e-1 is above 7e-2, where the range test diverged."
    form.panel.offers.suggest(RateOffer(0.004, "The loss falls fastest there."), warning=warning)
    form.settle()
    assert form.notes("learning_rate") == [warning]
    (box,) = form.boxes("learning_rate")
    assert box.button.text() == "Use 4e-3"
    form.press(box.button)
    assert form.recipe.learning_rate == 0.004
    form.panel.offers.suggest(None, warning=warning)
    form.settle()
    assert not form.boxes("learning_rate")[0].button.isVisible()
