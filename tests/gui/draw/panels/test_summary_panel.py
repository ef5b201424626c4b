"""The Summary: cells, editing, selection and copies."""

import csv
import io

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from engine.errors import LayerloomError
from engine.layers import LAYERS
from engine.project import Project
from gui.document import Document
from gui.draw.summary import SummaryPanel
from gui.draw.summary.rows import Column, Figures, figure_text, settings_text
from gui.draw.summary.typed_settings import typed_layer
from templates import build


@pytest.fixture
def panel(document, show):
    panel = SummaryPanel(document)
    show(panel, 1056, 300)
    return panel


def texts(panel, name):
    return [panel.model.index_of(name, column).data() for column in Column]


def edit(panel, name, column, text):
    index = panel.model.index_of(name, column)
    panel.view.setCurrentIndex(index)
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    editor = panel.view.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()  # Qt takes the text of a cell once its field is through with the key


def test_a_row_says_all_of_a_layer(panel):
    assert texts(panel, "conv1") == ["conv1", "Conv2d", "3×3, 4 maps, pad 0", "4×6×6", "40", "1.30 k", "18.4 kB"]


def test_blocks_hold_their_layers_and_their_sums(panel):
    assert panel.model.index_of("block.relu").parent() == panel.model.index_of("block")
    assert texts(panel, "block")[2] == "1 layer"
    assert panel.totals.texts()[Column.PARAMETERS] == "410"


def test_the_model_keeps_qt_contract_through_edits(panel, document, show):
    tester = QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    document.edit("Add", lambda n: n.add(LAYERS["ReLU"](), "block.second"))
    show()
    document.edit("Remove", lambda n: n.remove("conv1"))
    show()
    document.undo_stack.undo()
    show()
    document.replace(Project(network=build("resnet", depth=18)))
    show()
    assert panel.model.index_of("layer1.0.conv1").isValid()
    tester.deleteLater()


def test_a_name_is_edited_in_place(panel, document, show):
    edit(panel, "conv1", Column.NAME, "stem")
    show()
    assert "stem" in document.network
    assert document.selection.names == ("stem",)


def test_settings_are_edited_in_place(panel, document, show):
    edit(panel, "conv1", Column.SETTINGS, "out_channels=2*4, kernel_size=5x3")
    show()
    assert document.network.layer("conv1") == LAYERS["Conv2d"](out_channels=8, kernel_size=(5, 3))
    assert document.undo_stack.undoText() == "Change settings of conv1"


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        (Column.NAME, "fc", "'fc' is taken."),
        (Column.SETTINGS, "out_chanels=4", "Conv2d has no setting 'out_chanels'. Did you mean out_channels?"),
        (Column.SETTINGS, "out_channels=0", "Output channels is 0, at least 1 is needed."),
        (Column.SETTINGS, "four", "Type settings as name=value, with commas between them."),
    ],
)
def test_a_refused_edit_says_why(panel, document, column, text, reason):
    before = document.network.copy()
    edit(panel, "conv1", column, text)
    assert panel.reason.isVisible()
    assert panel.reason.text() == reason
    assert document.network == before


def test_selection_goes_both_ways(panel, document, show):
    document.select(["conv1", "fc"])
    show()
    rows = [panel.model.name_at(index) for index in panel.view.selectionModel().selectedRows()]
    assert sorted(rows) == ["conv1", "fc"]
    place = panel.view.visualRect(panel.model.index_of("pool")).center()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert document.selection.names == ("pool",)
    QTest.keyClick(panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert document.selection.names == ("pool", "flatten")


def test_a_right_click_asks_for_the_layer_s_menu(panel):
    asked = []
    panel.context_menu_requested.connect(lambda name, place: asked.append((name, place)))
    place = panel.view.visualRect(panel.model.index_of("pool")).center()
    panel.view.customContextMenuRequested.emit(place)
    assert asked == [("pool", panel.view.viewport().mapToGlobal(place))]


def test_folds_outlive_a_rebuilt_table(panel, document, show):
    panel.view.collapse(panel.model.index_of("block"))
    document.edit("Add", lambda n: n.add(LAYERS["ReLU"](), "late"))
    show()
    assert not panel.view.isExpanded(panel.model.index_of("block"))


def test_blocks_fold_as_in_the_drawing(qapp, show):
    document = Document(Project(network=build("resnet", depth=18)))
    document.network.set_block("layer1", collapsed=False)
    panel = SummaryPanel(document)
    show(panel)
    assert panel.view.isExpanded(panel.model.index_of("layer1"))
    assert not panel.view.isExpanded(panel.model.index_of("layer2"))


def test_copies_hold_every_row(panel, document):
    panel.copy_csv()
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows[0][0] == "Name"
    assert [row[0] for row in rows[1:]] == panel.model.names()
    panel.copy_text()
    assert "\tConv2d\t" in QGuiApplication.clipboard().text()


def test_an_empty_network_has_one_line(qapp, show):
    panel = SummaryPanel(Document())
    show(panel)
    assert panel.empty.isVisible()
    assert not panel.view.isVisible()


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.__name__)
def test_the_settings_line_of_every_layer_reads_back(layer):
    assert typed_layer(layer(), settings_text(layer())) == layer()


@pytest.mark.parametrize(
    ("costs_known", "shapes_known", "texts"),
    [
        (True, True, ["5", "7", "36 B"]),
        (False, True, ["5 + ?", "7 + ?", "36 B"]),
        (False, False, ["5 + ?", "7 + ?", "36 B + ?"]),
    ],
)
def test_a_sum_says_what_of_it_is_not_known(costs_known, shapes_known, texts):
    figures = Figures(5, 7, 3, costs_known, shapes_known)
    assert [figure_text(figures, column, 3) for column in (Column.PARAMETERS, Column.MACS, Column.MEMORY)] == texts


def test_settings_left_out_are_at_their_defaults():
    assert typed_layer(LAYERS["Conv2d"](stride=(2, 2)), "out_channels=8") == LAYERS["Conv2d"](out_channels=8)
    with pytest.raises(LayerloomError, match="whole number"):
        typed_layer(LAYERS["Conv2d"](), "out_channels=1.5")


def test_a_copy_made_at_once_after_an_edit_has_the_network_as_it_is_now(panel):
    panel.document.edit("Remove fc", lambda network: network.remove("fc"))
    panel.copy_text()
    assert "\nfc\t" not in QGuiApplication.clipboard().text()
    assert "\nflatten\t" in QGuiApplication.clipboard().text()
