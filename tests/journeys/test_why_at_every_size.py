"""Why in windows of every size, dark and light: from the prediction to what speaks for it; nothing is cut."""

import pytest
from cut_text import broken_numbers, cut_texts
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.style.appearance import ThemeChoice, appearance

SIZES = ((1280, 800), (1100, 700), (2560, 1440), (1600, 1000))


@pytest.fixture
def inside(window, person):
    """Why of LeNet-5 before it was trained, opened by a click on the second row of the prediction."""
    person.open_template("lenet5")
    window.actions_["look_inside"].trigger()
    inside = window.workspaces().bench.look_inside
    person.until(lambda: inside.look.sight is not None and not inside.look.busy)
    QTest.mouseClick(inside.image.bars, Qt.MouseButton.LeftButton, pos=QPoint(40, 39))
    assert inside.maps.explaining
    return inside


def test_it_fits_every_window(window, person, inside, qtbot):
    docks, page, why = window.workspaces().bench.docks, inside.maps.why, inside.why
    assert why.number == why.order[1]
    assert docks["right"].front == "method"
    for width, height in SIZES:
        window.resize(width, height)
        person.until(lambda size=(width, height): (window.width(), window.height()) == size)
        person.until(lambda: not why.explainer.busy and why.evidence(why.cards()[3]) is not None)
        QApplication.processEvents()
        assert docks["left"].front == ("image" if width >= 1440 else ""), width
        assert docks["right"].front == ("method" if width >= 1200 else ""), width
        assert why.comparing == (height >= 900), height
        assert why.sanity == (height >= 760), height
        assert page.area.horizontalScrollBar().maximum() == 0
        cards = page.cards.cards
        assert len({card.y() for card in cards}) == 1
        assert cards[-1].geometry().right() < page.cards.width()
        for theme in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            appearance().choose(theme)
            assert cut_texts(window) == [], (width, theme)
    assert broken_numbers(window) == []
    inside.maps.tabs.show_tab(0)
    assert docks["right"].front == "step"


def test_an_edit_of_the_network_and_a_closed_window_end_what_is_worked_out(window, person, inside):
    why = inside.why
    person.until(lambda: why.evidence(why.cards()[3]) is not None)
    before = why.base
    window.document.edit("Remove", lambda network: network.remove("conv2"))
    assert why.base is not before
    person.until(lambda: inside.maps.why.sentence.isVisible() or why.maps.keys() == {"conv1"})
    window.document.undo_stack.undo()
    person.until(lambda: len(why.maps) == 2)
    window.close_at_once()
    assert not why.explainer.busy
