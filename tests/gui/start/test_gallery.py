"""Cards: their figures come from the drawn network and follow the variant."""

from engine.network import analyse
from engine.words import si
from templates import build


def card_of(window, person, name):
    person.until(lambda: bool(window.start.cards))
    return next(card for card in window.start.cards if card.template.name == name)


def test_a_variant_from_the_menu_moves_chips_and_figures(window, person):
    card = card_of(window, person, "vgg")
    deep = next(
        action
        for menu in card.more.menu().findChildren(type(card.more.menu()))
        for action in menu.actions()
        if action.data() == ("configuration", "E")
    )
    deep.trigger()
    assert card.options["configuration"] == "E"
    assert [chip.text() for chip in card.chips if chip.isChecked()] == ["E"]
    expected = si(analyse(build("vgg", configuration="E")).parameters)
    person.until(lambda: card.figures[0][1].text() == expected)


def test_search_leaves_the_cards_that_match(window, person):
    card_of(window, person, "vgg")
    window.start.search.setText("googlenet")
    shown = {card.template.name for card in window.start.cards if not card.isHidden()}
    assert "googlenet" in shown
    assert "vgg" not in shown
    window.start.search.setText("zzz")
    assert window.start.nothing.isVisible()
    assert "zzz" in window.start.nothing.text()


def test_the_gallery_panel_opens_a_template_in_place_of_the_document(window, person):
    person.open_template("lenet5")
    view = window.workspaces()
    view.show_panel("templates")
    gallery = view.bench.gallery
    person.until(lambda: bool(gallery.cards))
    next(card for card in gallery.cards if card.template.name == "mlp").opened.emit("mlp", {})
    person.until(lambda: window.document.title == "mlp.loom")
