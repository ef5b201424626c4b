"""The form in the whole window: beside runs that go on, and with what the range test suggests."""

from a_person import person, window
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from small_training import small_network

from engine.project import Project
from engine.recipe.presets import RECIPES
from engine.recipe.recipe import Recipe
from engine.words import power_text
from gui.train.range_test.range_test import range_test_of

__all__ = ["person", "window"]


def settings_in_front(window, person, recipe):
    person.open_template("lenet5")
    window.document.replace(Project(small_network(), training=recipe))
    view = window.workspaces()
    view.show_workspace("train")
    view.show_panel("training")
    person.until(lambda: not view.runs.loading)
    person.until(lambda: window.session.is_in_front("training"))
    return view, view.bench.panels["training"].widget


def test_a_run_that_goes_on_keeps_its_own_recipe(window, person):
    view, panel = settings_in_front(window, person, Recipe(epochs=10_000))
    view.train()
    person.until(lambda: view.runs.active is not None and view.runs.active.step > 0)
    run, begun = view.runs.active, window.document.project.training
    view.show_panel("training")
    person.until(lambda: panel.cards.isVisible())
    person.click(next(card for card in panel.cards.cards if card.preset.name == "modern"))
    assert window.document.project.training == RECIPES["modern"].preset().applied(begun)
    assert run.settings == begun
    view.runs.stop()
    person.until(lambda: view.runs.active is None)
    assert run.settings == begun


def test_what_the_range_test_suggests_is_offered_once(window, person):
    view, panel = settings_in_front(window, person, Recipe(learning_rate=5e-6, batch_size=8))
    test, page = range_test_of(view.runs), view.bench.train.before.parts["Range test"]

    def offers():
        buttons = (one for one in window.findChildren(QPushButton) if one.isVisible())
        return [one for one in buttons if power_text(test.suggested) in one.text()]

    test.start()
    person.until(lambda: test.result is not None)
    assert test.suggested is not None, test.result
    person.until(lambda: offers() == [page.action])
    person.click(page.action)
    assert window.document.project.training.learning_rate == test.suggested
    row = panel.form.row("learning_rate")
    row.editor.setFocus()
    row.editor.selectAll()
    QTest.keyClicks(row.editor, "20")
    person.until(lambda: panel.offers.warning != "")
    assert "where the range test diverged" in panel.offers.warning
