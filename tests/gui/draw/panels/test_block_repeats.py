"""Blocks in the panels: repeated in the Inspector, edited for all repeats, inserted from My blocks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.network.layout import tidy
from engine.project import Project
from gui.document import Document
from gui.draw.inspector import InspectorPanel
from gui.draw.mime import fragment_from_mime
from gui.draw.my_blocks import MyBlocksPanel
from templates import build

BLOCKS = ("layer3.1", "layer3.2", "layer3.3", "layer3.4", "layer3.5")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def document(qapp):
    network = build("resnet", depth=50)
    tidy(network)
    return Document(Project(network=network))


@pytest.fixture
def panel(document, show):
    panel = InspectorPanel(document)
    show(panel, 304, 900)
    return panel


def select(document, show, *names):
    document.select(names)
    show()


def test_a_block_is_repeated_from_its_page(panel, document, show):
    before = document.network.copy()
    select(document, show, BLOCKS[0])
    assert panel.block.rows["Repeats"].line.result == "5 equal blocks"
    row = panel.block.repeat
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, "3")
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    assert document.selection.names == ("layer3.1", "layer3.2", "layer3.3")
    assert document.analysis.ok
    document.undo_stack.undo()
    assert document.network == before
    select(document, show, "layer3.0")
    QTest.mouseClick(row.button, LEFT)
    assert row.reason.text() == "layer3.0 cannot follow itself: it takes 512×28×28 and gives 1024×14×14."
    select(document, show, "layer3")
    assert not row.reason.isVisible()


@pytest.mark.parametrize("text", ["3a", "3-", "2.5"])
def test_a_refused_number_repeats_nothing(panel, document, show, text):
    select(document, show, BLOCKS[0])
    row = panel.block.repeat
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, text)
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    QTest.mouseClick(row.button, LEFT)
    assert document.undo_stack.count() == 0
    assert row.reason.isVisible()
    row.field.setFocus()
    QTest.keyClick(row.field, Qt.Key.Key_Escape)
    assert not row.reason.isVisible()
    QTest.mouseClick(row.button, LEFT)
    assert document.selection.names == BLOCKS[:2]


def test_a_setting_goes_to_all_repeats_in_one_step(panel, document, show):
    select(document, show, "layer3.2.conv2")
    switch, before = panel.nodes.repeats.switch, document.network.copy()
    assert switch.text() == "Apply to all 5 repeats"
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    field = panel.nodes.settings.form.rows["out_channels"].editor
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "512")
    assert {document.network.layer(f"{block}.conv2").out_channels for block in BLOCKS} == {512}
    assert document.network.layer("layer3.0.conv2").out_channels == 256
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change output channels of 5 layers"
    document.undo_stack.undo()
    assert document.network == before


def test_without_the_switch_an_edit_stays_in_one_block(panel, document, show):
    select(document, show, "layer3.2.conv2")
    field = panel.nodes.settings.form.rows["out_channels"].editor
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "64")
    show()
    assert [document.network.layer(f"{block}.conv2").out_channels for block in BLOCKS] == [256, 64, 256, 256, 256]
    assert not panel.nodes.repeats.isVisible()
    select(document, show, "layer3.1.conv2")
    assert panel.nodes.repeats.switch.text() == "Apply to all 4 repeats"


def test_freezing_and_bypassing_reach_the_repeats_too(panel, document, show):
    select(document, show, "layer3.1.bn1")
    QTest.mouseClick(panel.nodes.repeats.switch, LEFT, pos=panel.nodes.repeats.switch.rect().center())
    QTest.mouseClick(panel.nodes.training.freeze, LEFT)
    assert all(document.network[f"{block}.bn1"].frozen for block in BLOCKS)
    panel.nodes.header.menu.actions()[0].trigger()
    assert all(document.network[f"{block}.bn1"].bypassed for block in BLOCKS)
    assert document.undo_stack.count() == 2


def test_layers_outside_repeats_have_no_switch(panel, document, show):
    for names in (("conv1",), ("layer3.0.conv1",), ("layer3.1.conv1", "layer3.2.conv1")):
        select(document, show, *names)
        assert panel.nodes.isVisible()
        assert not panel.nodes.repeats.isVisible()


def test_a_kept_block_goes_in_behind_the_selection(document, show):
    panel = MyBlocksPanel(document)
    show(panel, 240, 500)
    select(document, show, "layer3.5")
    QTest.mouseClick(panel.keep, LEFT)
    show()
    before = document.network.copy()
    panel.focus_list()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    (added,) = document.selection.names
    assert added == "layer3.6"
    assert [edge.source for edge in document.network.incoming("layer4.0.conv1")] == ["layer3.6.relu3"]
    assert document.analysis.ok
    document.undo_stack.undo()
    assert document.network == before
    text = fragment_from_mime(panel.list.mimeData([panel.list.item(0)]))
    assert text == panel.shelf.read("Bottleneck")
