"""Presets as cards: chosen, saved, renamed and deleted, each with a way back."""

import pytest
from cut_text import _is_elided
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.recipe.own_presets import OwnPresets
from engine.recipe.presets import RECIPES
from engine.recipe.recipe import Recipe
from gui.widgets.elided_label import ElidedLabel

LONG = "A preset for the transfer of large pictures to small data sets"


def titles(form):
    return [card.preset.title for card in form.panel.cards.cards]


def chosen(form):
    return [card.preset.title for card in form.panel.cards.cards if card.tick.isVisible()]


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("key", [None, Qt.Key.Key_Space], ids=["click", "space"])
def test_a_card_sets_the_recipe_but_for_device_and_seed_as_one_step(show, name, key):
    recipe = Recipe(learning_rate=0.7, seed=5, device="cpu")
    form = show(recipe)
    preset = RECIPES[name].preset()
    form.press(form.card(preset.title), key)
    assert form.recipe == preset.applied(recipe)
    assert form.steps == 1
    assert chosen(form) == [preset.title]
    assert ", chosen, " in form.card(preset.title).accessibleName()
    form.document.undo_stack.undo()
    form.settle()
    assert form.recipe == recipe
    assert chosen(form) == ["Quick start"]


def test_saving_makes_a_card_and_can_be_taken_back(form):
    form.type("epochs", "77")
    said = []

    def fill(dialog):
        assert not dialog.take.isEnabled()
        for name in ("Modern", "!", "Mine"):
            dialog.field.clear()
            QTest.keyClicks(dialog.field, name)
            said.append((dialog.reason.text(), dialog.take.text(), dialog.take.isEnabled()))
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)

    form.in_dialog(fill)
    form.press(form.panel.footer.save)
    assert said == [
        ("The recipe 'Modern' comes with Layerloom and stays as it is: choose another name.", "Save", False),
        ("A recipe cannot be called '!': give it a name of letters and digits.", "Save", False),
        ("", "Save", True),
    ]
    assert titles(form)[-1] == "Mine"
    assert chosen(form) == ["Mine"]
    assert form.panel.footer.words.text() == "Saved as 'Mine'."
    form.press(form.panel.footer.undo)
    assert "Mine" not in titles(form)
    assert form.panel.footer.words.text() == "Quick start, 1 change"
    assert not form.panel.footer.undo.isVisible()


def test_a_dialog_that_is_left_keeps_nothing(form):
    form.in_dialog(lambda dialog: (QTest.keyClicks(dialog.field, "Mine"), QTest.keyClick(dialog, Qt.Key.Key_Escape)))
    form.press(form.panel.footer.save)
    assert OwnPresets().all() == ()


def test_replacing_one_is_announced_and_can_be_taken_back(show):
    before = OwnPresets().keep("Mine", Recipe(epochs=3))
    form = show(Recipe(epochs=9))
    said = []

    def fill(dialog):
        QTest.keyClicks(dialog.field, "mine")
        said.append((dialog.reason.text(), dialog.take.text()))
        dialog.field.setText("Mine")
        form.press(dialog.take)

    form.in_dialog(fill)
    form.press(form.panel.footer.save)
    assert said[0][1] in ("Save", "Replace")  # a file system may tell large letters from small ones
    assert OwnPresets().find("Mine").applied(Recipe()).epochs == 9
    form.press(form.panel.footer.undo)
    assert OwnPresets().find("Mine") == before


def test_a_damaged_one_is_replaced(form):
    folder = OwnPresets().folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Mine.json").write_text("{")
    form.in_dialog(lambda dialog: (dialog.field.setText("Mine"), form.press(dialog.take)))
    form.press(form.panel.footer.save)
    assert titles(form)[-1] == "Mine"
    assert form.panel.footer.words.text() == "Saved as 'Mine'."


def test_one_is_renamed_and_deleted_by_its_keys_and_both_can_be_taken_back(show):
    OwnPresets().keep("Mine", Recipe(epochs=3))
    OwnPresets().keep("Other", Recipe(epochs=4))
    form = show()

    def fill(dialog):
        assert dialog.field.text() == "Mine"
        assert not dialog.take.isEnabled()
        QTest.keyClicks(dialog.field, "Other")  # over what is selected
        assert dialog.reason.text() == "A recipe 'Other' exists already: choose another name."
        assert not dialog.take.isEnabled()
        dialog.field.setText("Ours")
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)

    form.in_dialog(fill)
    form.press(form.card("Mine"), Qt.Key.Key_F2)
    assert titles(form)[3:] == ["Other", "Ours"]
    assert form.panel.footer.words.text() == "'Mine' is called 'Ours' now."
    form.press(form.panel.footer.undo)
    assert titles(form)[3:] == ["Mine", "Other"]
    form.press(form.card("Mine"), Qt.Key.Key_Delete)
    assert titles(form)[3:] == ["Other"]
    assert form.panel.focusWidget() is form.card("Other")
    form.press(form.panel.footer.undo)
    assert titles(form)[3:] == ["Mine", "Other"]
    form.press(form.card("Quick start"), Qt.Key.Key_Delete)
    assert len(titles(form)) == 5


def test_an_edit_ends_what_could_be_taken_back(show):
    OwnPresets().keep("Mine", Recipe(epochs=3))
    form = show()
    form.press(form.card("Mine"), Qt.Key.Key_Delete)
    assert form.panel.footer.undo.isVisible()
    form.type("epochs", "8")
    assert not form.panel.footer.undo.isVisible()
    assert form.panel.footer.words.text() == "Quick start, 1 change"


def test_the_menu_of_a_card_has_both(show, qtbot):
    OwnPresets().keep("Mine", Recipe(epochs=3))
    form = show()
    assert not form.card("Modern").menu_button.isVisible()
    form.press(form.card("Mine").menu_button)
    (menu,) = [child for child in form.card("Mine").children() if type(child).__name__ == "QMenu"]
    qtbot.waitUntil(menu.isVisible)
    assert [action.text().partition("\t")[0] for action in menu.actions() if action.text()] == ["Rename…", "Delete"]
    menu.actions()[-1].trigger()
    menu.close()
    form.settle()
    assert OwnPresets().all() == ()


def test_what_cannot_be_kept_is_said_in_a_sentence(form, tmp_path, monkeypatch):
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    monkeypatch.setattr(form.panel.keeping._own, "folder", blocked)
    form.in_dialog(lambda dialog: (QTest.keyClicks(dialog.field, "Mine"), form.press(dialog.take)))
    form.press(form.panel.footer.save)
    assert form.panel.footer.words.text().startswith("The recipe 'Mine' could not be kept: ")
    assert not form.panel.footer.undo.isVisible()
    form.type("epochs", "8")
    assert form.panel.footer.words.text() == "Quick start, 1 change"


@pytest.mark.parametrize(("width", "columns"), [(632, 4), (528, 3), (320, 2)])
def test_twelve_of_ones_own_with_long_names_are_folded_but_for_the_chosen_one(show, width, columns):
    for number in range(12):
        OwnPresets().keep(f"{number} {LONG}", Recipe(epochs=number + 1, batch_size=2048))
    form = show(Recipe(epochs=9, batch_size=2048), width=width)
    cards = form.panel.cards

    def seen():
        return [place for place, card in enumerate(cards.cards) if card.isVisible()]

    order = titles(form)
    first, chosen_one = list(range(2 * columns)), order.index(f"8 {LONG}")
    assert seen() == sorted({*first, chosen_one})
    assert len({card.x() for card in cards.cards if card.isVisible()}) == columns
    assert cards.more.text() == f"{15 - len(seen())} more presets"
    form.press(cards.more, Qt.Key.Key_Space)
    assert seen() == list(range(15))
    assert cards.more.text() == "Fewer presets"
    last = cards.cards[-1]
    cards.cards[-2].menu_button.setFocus()
    QTest.keyClick(cards.cards[-2].menu_button, Qt.Key.Key_Tab)
    assert last.hasFocus()
    assert cards.width() <= form.panel._area.viewport().width()
    assert LONG in last.toolTip()
    form.press(cards.more)
    assert len(seen()) < 15


def test_a_card_says_that_batches_are_added_up(show):
    OwnPresets().keep("Mine", Recipe(batch_size=64, accumulate=4))
    card = show(width=320).card("Mine")
    line = next(label for label in card.findChildren(ElidedLabel) if "×" in label.text())
    assert line.text() == "AdamW 3e-3, 64 × 4"
    assert not _is_elided(line)
