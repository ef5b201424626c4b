"""Help and My blocks, and every panel in both themes, empty and full."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.layers import LAYERS
from engine.network import Network
from engine.project import Project
from gui.document import Document
from gui.draw.code import CodePanel
from gui.draw.help import HelpPanel
from gui.draw.inspector import InspectorPanel
from gui.draw.my_blocks import MyBlocksPanel
from gui.draw.palette import PalettePanel
from gui.draw.problems import ProblemsPanel
from gui.draw.summary import SummaryPanel
from gui.style.appearance import ThemeChoice, appearance

PANELS = (
    PalettePanel,
    InspectorPanel,
    ProblemsPanel,
    SummaryPanel,
    CodePanel,
    HelpPanel,
    MyBlocksPanel,
)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.__name__)
def test_every_panel_follows_the_theme_and_is_never_blank(panel, document, show):
    made = panel(document)
    show(made, 420, 400)
    pictures = set()
    for project in (document.project, Project()):
        document.replace(project)
        for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT):
            appearance().choose(choice)
            show()
            picture = made.grab().toImage()
            pictures.add(picture.pixelColor(3, 3).name())
            colours = {picture.pixelColor(x, y).name() for x in range(0, 420, 3) for y in range(0, 200, 2)}
            assert len(colours) > 4
    appearance().choose(ThemeChoice.SYSTEM)
    assert len(pictures) > 1


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.__name__)
def test_help_explains_every_layer(layer, show):
    network = Network()
    network.add(layer(), "node")
    document = Document(Project(network=network))
    document.select(["node"])
    panel = HelpPanel(document)
    show(panel)
    assert panel.title.text() == layer.title
    assert len(panel.text.text()) > 20
    assert "``" not in panel.text.text()
    for formula in re.findall("[⌊⌈][^⌋⌉]+[⌋⌉]", panel.text.text() + panel.settings_text.text()):
        assert not re.search("[^\u2060]/| ", formula)  # where a line could end


def test_help_without_a_layer_says_how_to_begin(document, show):
    panel = HelpPanel(document)
    show(panel)
    assert panel.title.text() == "First steps"


class TestMyBlocks:
    @pytest.fixture
    def panel(self, document, show):
        panel = MyBlocksPanel(document)
        show(panel, 240, 500)
        return panel

    def keep(self, panel, document, show, *names):
        document.select(names)
        show()
        QTest.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
        show()

    def test_nothing_kept_says_how(self, panel):
        assert panel.empty.isVisible()
        assert not panel.keep.isEnabled()

    def test_a_selection_is_kept_and_inserted_elsewhere(self, panel, document, show):
        self.keep(panel, document, show, "conv1", "block")
        assert panel.list.names() == ["conv1"]
        document.replace(Project())
        show()
        panel.list.setCurrentRow(0)
        panel.list.itemActivated.emit(panel.list.item(0))
        assert set(document.network) == {"conv1", "block.relu"}
        assert len(document.network.edges()) == 1
        assert set(document.selection.names) == {"conv1", "block"}
        assert document.undo_stack.undoText() == "Insert conv1"

    def test_names_stay_apart_and_can_be_changed(self, panel, document, show):
        self.keep(panel, document, show, "conv1")
        self.keep(panel, document, show, "conv1")
        assert panel.list.names() == ["conv1", "conv1 2"]
        panel.list.item(0).setText("stem/../x")
        assert panel.list.names() == ["conv1 2", "stem x"]

    def test_a_removed_block_can_be_taken_back(self, panel, document, show):
        self.keep(panel, document, show, "conv1")
        panel.list.setCurrentRow(0)
        QTest.keyClick(panel.list, Qt.Key.Key_Delete)
        assert panel.list.names() == []
        panel.message.linkActivated.emit("#")
        assert panel.list.names() == ["conv1"]

    def test_a_damaged_file_is_refused_in_a_sentence(self, panel, document, show):
        panel.shelf.folder.mkdir(parents=True)
        (panel.shelf.folder / "bad.json").write_text("{", "utf-8")
        panel.invalidate()
        show()
        before = document.network.copy()
        panel.list.itemActivated.emit(panel.list.item(0))
        assert panel.message.property("role") == "error"
        assert panel.message.text()
        assert document.network == before
