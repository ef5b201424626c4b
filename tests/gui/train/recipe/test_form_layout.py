"""The form by the width it is given: columns, nothing cut, Tab down one column and then the other."""

import pytest
from cut_text import broken_numbers, cut_texts
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine.recipe.losses import LOSSES
from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.presets import RECIPES
from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES
from engine.recipe.sections import Section
from gui.widgets.elided_label import ElidedLabel

WIDTHS = (632, 528, 320)


def left_edges(form):
    sections = form.form.sections.values()
    return sorted({section.mapTo(form.form, QPoint(0, 0)).x() for section in sections})


@pytest.mark.parametrize(("width", "columns"), [(632, 2), (528, 2), (320, 1)])
def test_columns_are_halves_of_the_width(show, width, columns):
    form = show(width=width)
    edges = left_edges(form)
    assert len(edges) == columns
    assert form.form.width() <= width
    if columns == 2:
        assert edges[1] == pytest.approx(form.form.width() / 2, abs=2)


@pytest.mark.parametrize("name", RECIPES)
def test_no_preset_scrolls_in_a_large_window(show, name):
    form = show(RECIPES[name].preset().applied(Recipe()))
    assert form.panel._area.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_is_cut_whatever_is_chosen(show, width, qtbot):
    form = show(width=width, height=3000)
    for section in form.form.sections.values():
        section.more.button.setChecked(True)
    kinds = [list(registry) for registry in (OPTIMISERS, SCHEDULES, LOSSES)]
    for place in range(max(map(len, kinds))):
        optimiser, schedule, loss = (names[place % len(names)] for names in kinds)
        values = {"optimiser": optimiser, "schedule": schedule, "loss": loss, "clip_norm": 1.5, "average": 0.999}
        notes = {"accumulate": 1000, "l2": 0.1, "weight_decay": 0.05}
        form.document.change_settings("x", Recipe.model_validate(values | notes | {"patience": 5}))
        form.settle()
        qtbot.waitUntil(lambda: cut_texts(form.panel) == [])  # boxes of notes take some rounds to find their height
        assert broken_numbers(form.panel) == []
        assert form.form.width() <= width


def test_tab_goes_down_the_left_column_then_the_right(form):
    form.editor("loss").setFocus()
    seen = []
    for _ in range(60):
        widget = QApplication.focusWidget()
        if not form.form.isAncestorOf(widget):
            break
        section = next(title for title, section in form.form.sections.items() if section.isAncestorOf(widget))
        seen.append((list(Section).index(section), widget.accessibleName()))
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert [place for place, _ in seen] == sorted(place for place, _ in seen)
    assert {place for place, _ in seen} == set(range(len(Section)))
    assert all(name for _, name in seen)


def test_what_comes_up_later_has_its_place_in_the_order_of_tab(form):
    form.choose("optimiser", "sgd")
    form.editor("learning_rate").setFocus()
    names = []
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        names.append(QApplication.focusWidget().accessibleName())
    assert names == ["Use learning rate 1e-1", "Momentum", "Nesterov"]


def test_everything_that_has_the_keyboard_has_a_name(form):
    for widget in form.panel.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
            text = getattr(widget, "text", str)()
            assert widget.accessibleName() or text, widget


@pytest.mark.parametrize("width", WIDTHS)
def test_the_cards_of_the_program_have_all_their_words(show, width):
    form = show(width=width)
    lines = [label for card in form.panel.cards.cards for label in card.findChildren(ElidedLabel)]
    assert [label.text() for label in lines if label.toolTip()] == []  # a tooltip has what is elided
