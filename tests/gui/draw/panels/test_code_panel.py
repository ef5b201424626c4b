"""The Code panel: always the drawing, marked where it is selected."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from engine.compiling.source import python_source
from engine.errors import LayerloomError
from gui.document import Document
from gui.draw.code import CodePanel
from gui.style.appearance import ThemeChoice, appearance


@pytest.fixture
def panel(document, show):
    panel = CodePanel(document)
    show(panel, 800, 500)
    return panel


def marked(panel):
    return sorted({extra.cursor.blockNumber() + 1 for extra in panel.view.extraSelections()})


def test_it_follows_the_drawing(panel, document, show):
    assert panel.view.toPlainText() == python_source(document.network).text
    document.edit("Widen", lambda n: n.set_layer("conv1", n.layer("conv1").with_settings(out_channels=77)))
    show()
    assert "77" in panel.view.toPlainText()


def test_hidden_it_writes_nothing(panel, document, show):
    panel.hide()
    before = panel.view.toPlainText()
    document.edit("Remove", lambda n: n.remove("fc"))
    show()
    assert panel.view.toPlainText() == before
    panel.show()
    show()
    assert panel.view.toPlainText() == python_source(document.network).text


def test_the_lines_of_the_selection_are_marked(panel, document, show):
    document.select(["conv1", "fc"])
    show()
    lines = panel.source.lines
    expected = [line for name in ("conv1", "fc") for first, last in lines[name] for line in range(first, last + 1)]
    assert marked(panel) == sorted(set(expected))


def test_a_click_on_a_line_selects_its_layer(panel, document, show):
    line = panel.source.lines["fc"][0][0]
    block = panel.view.document().findBlockByNumber(line - 1)
    place = panel.view.blockBoundingGeometry(block).translated(panel.view.contentOffset()).center().toPoint()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert document.selection.names == ("fc",)


def test_copy_and_save(panel, tmp_path):
    QTest.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == panel.source.text
    assert panel.about.text() == "Copied."
    panel.save_as(tmp_path / "net.py")
    assert (tmp_path / "net.py").read_text("utf-8") == panel.source.text
    with pytest.raises(LayerloomError, match=r"net\.py could not be written: no such file or directory\.$"):
        panel.save_as(tmp_path / "missing" / "net.py")


def test_words_take_their_colours_from_the_theme(panel, show):
    def colours():
        layout = panel.view.document().findBlockByNumber(0).layout()
        return {span.format.foreground().color().name().upper() for span in layout.formats()}

    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        appearance().choose(choice)
        show()
        assert colours() == {appearance().theme.runs[3].upper()}
    appearance().choose(ThemeChoice.SYSTEM)


def test_an_empty_network_has_a_module_too(qapp, show):
    panel = CodePanel(Document())
    show(panel)
    assert "import torch" in panel.view.toPlainText()
