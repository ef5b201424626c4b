"""The options of a template as a form: live figures, refusals, and opening with them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.errors import LayerloomError
from engine.layers.linear import Linear
from engine.network import analyse
from engine.words import thousands
from gui.start.template_options import TemplateOptions
from templates import build

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def form(window, person):
    """Opens the form of a template from its card, with the keyboard."""

    def open_form(name: str) -> TemplateOptions:
        person.until(lambda: any(card.template.name == name for card in window.start.cards))
        card = next(card for card in window.start.cards if card.template.name == name)
        card.setFocus()
        QTest.keyClick(card, Qt.Key.Key_Space)
        return window.findChild(TemplateOptions)

    return open_form


def figure(dialog, title):
    return dialog.figures[title].line.result


def type_into(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_figures_follow_each_option(form, person):
    dialog = form("resnet")
    assert "He" in dialog.template.authors
    person.until(lambda: figure(dialog, "Parameters") == thousands(analyse(build("resnet")).parameters))
    type_into(dialog.rows["classes"].editor, "1234")
    field = dialog.rows["depth"].editor
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Down)
    depth = field.currentData()
    assert depth != dialog.template.options["depth"].default
    expected = thousands(analyse(build("resnet", depth=depth, classes=1234)).parameters)
    person.until(lambda: figure(dialog, "Parameters") == expected)
    assert figure(dialog, "Output") == "1234"


def test_enter_opens_with_the_options(window, form, person):
    dialog = form("lenet5")
    type_into(dialog.rows["classes"].editor, "26")
    QTest.keyClick(dialog.rows["classes"].editor, Qt.Key.Key_Return)
    person.until(lambda: window.has_document)
    network = window.document.network
    assert [network.layer(name).out_features for name in network if isinstance(network.layer(name), Linear)][-1] == 26


def test_what_cannot_be_is_said_below_the_field(window, form, person):
    dialog = form("resnet")
    row = dialog.rows["classes"]
    type_into(row.editor, "0")
    assert row.reason.text() == "classes cannot be 0: it is a whole number from 1 to 100000."
    assert not dialog.open_button.isEnabled()
    QTest.keyClick(row.editor, Qt.Key.Key_Return)
    assert dialog.isVisible()
    type_into(row.editor, "10")
    assert not row.reason.isVisible()
    assert dialog.open_button.isEnabled()
    QTest.mouseClick(dialog.cancel_button, LEFT)
    assert not window.has_document


def test_a_refused_option_stands_in_the_way_until_it_is_mended(window, form, person):
    dialog = form("resnet")
    classes = dialog.rows["classes"]
    type_into(classes.editor, "1000000")
    assert dialog.choice == ()
    size = dialog.rows["input_size"].editor
    type_into(size, "128")
    assert classes.reason.isVisible()
    assert not dialog.open_button.isEnabled()
    QTest.keyClick(size, Qt.Key.Key_Return)
    assert dialog.isVisible()
    classes.editor.setFocus()
    QTest.keyClick(classes.editor, Qt.Key.Key_Escape)
    assert classes.editor.text() == "1000"
    assert not classes.reason.isVisible()
    assert dialog.choice == (("input_size", 128),)
    assert dialog.open_button.isEnabled()


def test_options_that_do_not_go_together_say_why(form, person):
    dialog = form("resnet")
    for name, key in (("depth", Qt.Key.Key_Home), ("stride_in", Qt.Key.Key_Down)):
        field = dialog.rows[name].editor
        field.setFocus()
        QTest.keyClick(field, key)
    row = dialog.rows["stride_in"]
    person.until(row.reason.isVisible)
    with pytest.raises(LayerloomError) as error:
        build("resnet", **dict(dialog.choice))
    assert row.reason.text() == str(error.value)
    assert figure(dialog, "Parameters") == "–"
    assert not dialog.open_button.isEnabled()


def test_a_variant_shows_its_own_defaults(form, person):
    dialog = form("alexnet")
    variant = dialog.template.options["variant"]
    for value, defaults in dialog.template.defaults.items():
        dialog.rows["variant"].editor.edited.emit(next(c for c in variant.choices if str(c) == value))
        assert dialog.choice == (("variant", value),)
        for name, expected in defaults.items():
            assert dialog.rows[name].editor.value == expected


def test_the_button_on_a_card_of_the_tab_opens_the_form(window, person):
    person.open_template("mlp")
    view = window.workspaces()
    view.show_panel("templates")
    gallery = view.bench.gallery
    person.until(lambda: bool(gallery.cards))
    card = next(card for card in gallery.cards if card.template.name == "lenet5")
    card.setFocus()
    QTest.mouseClick(card.options_button, LEFT)
    dialog = window.findChild(TemplateOptions)
    person.until(lambda: figure(dialog, "Layers") not in ("…", "–"))
    QTest.mouseClick(dialog.open_button, LEFT)
    person.until(lambda: window.document.title == "lenet5.loom")
