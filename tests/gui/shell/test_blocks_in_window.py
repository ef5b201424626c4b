"""Blocks in the whole window: kept with a key, inserted from the list, repeated from the menu."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest


def test_a_block_is_kept_inserted_and_repeated_by_keys(window, person):
    person.open_template("resnet")
    document, view = window.document, window.workspaces()
    document.select(("layer4.2",))
    QTest.keyClick(view.canvas.view, Qt.Key.Key_K)
    assert view.bench.my_blocks.isVisible()
    assert view.bench.my_blocks.list.names() == ["Bottleneck"]
    before = document.network.copy()
    window.actions_["insert_block"].trigger()
    QTest.keyClick(view.bench.my_blocks.list, Qt.Key.Key_Return)
    assert document.selection.names == ("layer4.3",)
    assert document.analysis.ok
    window.actions_["undo"].trigger()
    assert document.network == before
    document.select(("layer4.2",))
    window.actions_["repeat"].trigger()
    assert view.canvas.repeat_popup.isVisible()
    QTest.keyClick(view.canvas.repeat_popup.field, Qt.Key.Key_Return)
    assert document.selection.names == ("layer4.2", "layer4.3")
    document.select(("layer4.3",))
    person.until(view.bench.inspector.block.keep.isVisible)
    person.click(view.bench.inspector.block.keep)
    assert view.bench.my_blocks.list.names() == ["Bottleneck", "Bottleneck 2"]
