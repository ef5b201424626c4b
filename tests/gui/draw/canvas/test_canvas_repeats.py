"""Repeating and keeping blocks on the canvas, with the mouse and with keys."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine.network import Edge
from engine.network.clipboard import fragment_to_json
from gui.draw.mime import fragment_to_mime
from templates import build


@pytest.fixture
def resnet(hands):
    network = build("resnet", depth=18)
    for prefix, collapsed in (("layer1", False), ("layer1.0", True), ("layer2", False)):
        network.set_block(prefix, collapsed=collapsed)
    h = hands(network)
    h.document.select(("layer1.0",))
    return h


def drop(h, data: QMimeData, point: QPoint) -> None:
    viewport = h.view.viewport()
    actions, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind in (QDragEnterEvent, QDragMoveEvent):
        QApplication.sendEvent(viewport, kind(point, actions, data, button, keys))
    QApplication.sendEvent(viewport, QDropEvent(QPointF(point), actions, data, button, keys))


def test_r_a_number_and_enter_repeat_the_block_in_one_step(resnet):
    h, before = resnet, resnet.network.copy()
    h.key(Qt.Key.Key_R)
    assert h.canvas.repeat_popup.isVisible()
    QTest.keyClicks(QApplication.focusWidget(), "3")
    h.key(Qt.Key.Key_Return)
    assert not h.canvas.repeat_popup.isVisible()
    assert h.document.selection.names == ("layer1.0", "layer1.1", "layer1.2")
    assert h.document.analysis.ok
    assert h.document.undo_stack.count() == 1
    assert h.document.undo_stack.undoText() == "Repeat block 0 3 times"
    assert h.view.hasFocus()
    h.document.undo_stack.undo()
    assert h.network == before


def test_what_cannot_be_repeated_is_said_in_the_popup(resnet):
    h = resnet
    h.document.select(("layer2.0",))
    h.key(Qt.Key.Key_R)
    popup = h.canvas.repeat_popup
    QTest.mouseClick(popup.button, Qt.MouseButton.LeftButton)
    assert popup.isVisible()
    assert popup.words.text() == "layer2.0 cannot follow itself: it takes 64×56×56 and gives 128×28×28."
    QTest.keyClicks(popup.field, "1")
    QTest.keyClicks(popup.field, "x")
    assert "arithmetic" in popup.words.text()
    h.key(Qt.Key.Key_Return)
    assert popup.isVisible()
    assert "arithmetic" in popup.words.text()
    h.key(Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert not h.document.undo_stack.count()


def test_loose_layers_become_a_block_that_is_repeated(hands):
    h = hands()
    for text in ("input 8x16x16", "conv 3x3 8", "relu", "output"):
        h.add(text)
    before = h.network.copy()
    h.document.select(("conv1", "relu1"))
    h.key(Qt.Key.Key_R)
    QTest.keyClicks(QApplication.focusWidget(), "4")
    h.key(Qt.Key.Key_Return)
    assert set(h.network.children("")) == {"input1", "output1", "block1", "block2", "block3", "block4"}
    assert h.document.analysis.ok
    h.document.undo_stack.undo()
    assert h.network == before


@pytest.mark.qt_log_ignore("does not support (propagateSizeHints|raise|grabbing)")
def test_the_menu_of_a_block_repeats_and_keeps_it(resnet):
    h = resnet
    kept = []
    h.canvas.keep_requested.connect(lambda: kept.append(h.document.selection.names))
    h.canvas.fit()
    point = h.centre("layer1.1")
    for words in ("Keep in My blocks", "Repeat…"):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, h.view.viewport().mapToGlobal(point))
        QApplication.sendEvent(h.view.viewport(), event)
        menu = next(menu for menu in h.canvas.findChildren(QMenu) if menu.isVisible())
        action = next(action for action in menu.actions() if action.text().startswith(words))
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    assert kept == [("layer1.1",)]
    assert h.canvas.repeat_popup.isVisible()


def test_a_kept_block_dropped_on_a_wire_goes_between(resnet):
    h = resnet
    before = h.network.copy()
    text = fragment_to_json(h.network, ["layer1.1"])
    link = h.canvas.scene.wiring.of_edge[Edge("layer1.0.relu2", "layer1.1.conv1")][0]
    spot = h.canvas.scene.wires[link].label_box.center()
    drop(h, fragment_to_mime(text), h.at(spot.x(), spot.y()))
    (added,) = h.document.selection.names
    assert [edge.source for edge in h.network.incoming(f"{added}.conv1")] == ["layer1.0.relu2"]
    assert h.document.analysis.ok
    h.document.undo_stack.undo()
    assert h.network == before


def test_a_kept_block_dropped_on_the_canvas_stands_there(hands):
    h = hands()
    drop(h, fragment_to_mime(fragment_to_json(build("resnet", depth=18), ["layer1.1"])), h.at(300, 300))
    (added,) = h.document.selection.names
    assert len(h.network.members(added)) == 7
    drop(h, fragment_to_mime("{}"), h.at(300, 300))
    assert h.document.undo_stack.count() == 1
