"""The Layers panel under real keys and mouse."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest

from engine.layers import LAYERS, Family
from gui.draw.mime import layer_from_mime
from gui.draw.palette import PalettePanel
from gui.draw.palette.entries import entries, nearest, search
from gui.draw.palette.rows import COUNT, ENTRY, drag_picture


@pytest.fixture
def panel(document, show):
    panel = PalettePanel(document)
    show(panel, 240, 800)
    return panel


def chosen(panel):
    layers = []
    panel.layer_chosen.connect(layers.append)
    return layers


def rows(panel):
    model = panel.view.model()
    families = [model.index(row, 0) for row in range(model.rowCount())]
    return [model.index(r, 0, family).data(ENTRY).title for family in families for r in range(model.rowCount(family))]


def test_every_registered_layer_is_listed_once_under_its_family(panel):
    assert sorted(rows(panel)) == sorted(layer.title for layer in LAYERS.values())
    model = panel.view.model()
    counts = {model.index(row, 0).data(): model.index(row, 0).data(COUNT) for row in range(model.rowCount())}
    assert sum(counts.values()) == len(LAYERS)
    assert list(counts) == [family.value for family in Family if family.value in counts]


def test_titles_tell_layers_apart():
    titles = [entry.title for entry in entries()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(("text", "title"), [("fc", "Linear"), ("batchnorm", "Batch norm"), ("skip", "Add")])
def test_search_takes_the_words_people_use(text, title):
    assert search(text, entries())[0].title == title


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.__name__)
def test_class_name_and_title_find_a_layer_first(layer):
    assert type(search(layer.title, entries())[0].layer) is layer
    assert layer in [type(entry.layer) for entry in search(layer.__name__, entries())]


def test_typing_narrows_and_enter_chooses(panel):
    layers = chosen(panel)
    panel.focus_search()
    QTest.keyClicks(panel.search, "fully")
    assert rows(panel) == ["Linear"]
    QTest.keyClick(panel.search, Qt.Key.Key_Return)
    assert layers == [LAYERS["Linear"]()]
    QTest.keyClick(panel.search, Qt.Key.Key_Escape)
    assert len(rows(panel)) == len(LAYERS)


def test_what_is_not_there_gets_a_suggestion_that_can_be_clicked(panel):
    QTest.keyClicks(panel.search, "covn")
    assert panel.nothing.isVisible()
    assert panel.nothing.text().startswith("No layer is called 'covn'. Did you mean <a")
    panel.nothing.linkActivated.emit("#")
    assert not panel.nothing.isVisible()
    assert nearest("covn", entries()).title in rows(panel)


def test_nothing_near_gets_no_suggestion(panel):
    QTest.keyClicks(panel.search, "zzzzzzzz")
    assert panel.nothing.text() == "No layer is called 'zzzzzzzz'."


def test_the_list_is_walked_and_folded_by_keys(panel):
    layers = chosen(panel)
    panel.focus_search()
    QTest.keyClick(panel.search, Qt.Key.Key_Down)
    view = panel.view
    assert view.hasFocus()
    first = view.model().index(0, 0)
    assert view.currentIndex() == first
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert not view.isExpanded(first)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert [type(layer).__name__ for layer in layers] == ["Input"]
    QTest.keyClick(view, Qt.Key.Key_F)
    assert panel.search.text() == "f"
    assert panel.search.hasFocus()


def test_a_click_folds_a_family_and_a_double_click_chooses_a_layer(panel):
    layers = chosen(panel)
    view = panel.view
    family = view.model().index(0, 0)
    layer = view.model().index(1, 0, family)
    place = view.visualRect(layer).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [type(layer).__name__ for layer in layers] == ["Output"]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(family).center())
    assert not view.isExpanded(family)


def test_a_drag_carries_the_layer_and_a_picture_of_its_node(panel, monkeypatch):
    drags: list[tuple[QMimeData, int]] = []

    def drop_nowhere(drag, actions):
        mime = QMimeData()
        for kind in drag.mimeData().formats():
            mime.setData(kind, drag.mimeData().data(kind))
        drags.append((mime, drag.pixmap().width()))
        return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(QDrag, "exec", drop_nowhere)  # a real drag waits for a pointer that a test cannot move
    view = panel.view
    layer = view.model().index(0, 0, view.model().index(1, 0))
    place = view.visualRect(layer).center()
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    for step in range(1, 5):
        QTest.mouseMove(view.viewport(), place + QPoint(10 * step, 4 * step))
    assert layer_from_mime(drags[0][0]) == layer.data(ENTRY).layer
    assert drags[0][1] == 200


def test_the_picture_follows_the_screen(qapp):
    assert drag_picture(LAYERS["Conv2d"](), 2.0).width() == 400
